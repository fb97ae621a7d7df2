import { loadCognito } from '@kit/session/load-cognito.ts';
import { useSession } from '@kit/session/session.ts';

/** Cognito wants something else first, such as a new password. */
export class OtherStepError extends Error {
  constructor() {
    super('Cognito asks for something else than a code');
    this.name = 'OtherStepError';
  }
}

/** A decision needs a sign-in of just now, with password and code, and uses it up. */
export const signInAfresh = async (
  name: string,
  { password, code }: { readonly password: string; readonly code: string },
): Promise<void> => {
  const cognito = await loadCognito();
  const asked = await cognito.begin(name, password);
  if (asked.kind !== 'code') throw new OtherStepError();
  const done = await cognito.answer(name, code.replace(/\s/g, ''));
  if (done.kind !== 'done') throw new OtherStepError();
  await useSession().entered();
};
