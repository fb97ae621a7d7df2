// What signs people in, for the tests of both sites.
import { totpCode } from '../../local/app/totp.ts';

/** Waits for another code than the last one: an authenticator app has each of them for 30 s. */
export const nextCode = async (
  { authenticatorKey }: { readonly authenticatorKey: string },
  last: string,
): Promise<string> => {
  for (;;) {
    const code = totpCode(authenticatorKey, Date.now());
    if (code !== last) return code;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
};
