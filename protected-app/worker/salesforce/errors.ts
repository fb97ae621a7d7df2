import * as z from 'zod';

/**
 * Salesforce refused or failed. The text is the application's own and the code is of a closed
 * alphabet: Salesforce's messages may quote customers and are not repeated.
 */
export class SalesforceError extends Error {
  override readonly name = 'SalesforceError';
  readonly code: string;

  constructor(code: string, detail: string, options?: ErrorOptions) {
    super(`${detail} (${code})`, options);
    this.code = code;
  }
}

/** A code of Salesforce, made safe to show. */
export const shownCode = (code: string): string =>
  /^[A-Za-z_]{1,80}$/.test(code) ? code : 'UNKNOWN';

const errors = z.array(z.object({ errorCode: z.string() })).min(1);

/** The codes of a refused request; none if the answer has another form. */
export const codesOf = (body: unknown): readonly string[] => {
  const parsed = errors.safeParse(body);
  return parsed.success ? parsed.data.map(({ errorCode }) => shownCode(errorCode)) : [];
};
