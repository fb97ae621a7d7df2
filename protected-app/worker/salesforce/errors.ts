import * as z from 'zod';

/**
 * Salesforce did not do what it was asked. The message is ours and the code one of a closed
 * alphabet: what Salesforce writes beside it may quote customers and is not repeated.
 */
export class SalesforceError extends Error {
  override readonly name = 'SalesforceError';
  readonly code: string;

  constructor(code: string, detail: string, options?: ErrorOptions) {
    super(`${detail} (${code})`, options);
    this.code = code;
  }
}

/** A code of Salesforce as it may be shown. */
export const shownCode = (code: string): string =>
  /^[A-Za-z_]{1,80}$/.test(code) ? code : 'UNKNOWN';

const errors = z.array(z.object({ errorCode: z.string() })).min(1);

/** The codes of a refused request; none where the answer has another shape. */
export const codesOf = (body: unknown): readonly string[] => {
  const read = errors.safeParse(body);
  return read.success ? read.data.map(({ errorCode }) => shownCode(errorCode)) : [];
};
