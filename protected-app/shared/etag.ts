import { HttpProblem } from './problem.ts';

export const etagOf = (version: number): string => `"${version}"`;

const list = /^(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*$/;
const missing = (detail: string) => new HttpProblem(428, detail);

/**
 * Whether the client has read the version that it is about to replace. A weak tag never matches
 * (RFC 9110, 13.1.1). `*` would mean „whatever is there“, which is the lost update that this is
 * here to prevent.
 */
export const ifMatch = (header: string | undefined, version: number): void => {
  const given = header?.trim();
  if (!given) throw missing('Send If-Match with the ETag of the version that you have read.');
  if (given === '*')
    throw missing('If-Match: * names no version. Send the ETag of the version that you have read.');
  if (!list.test(given))
    throw new HttpProblem(
      400,
      'If-Match is an ETag in double quotes, or several with commas between them.',
    );
  const tags = given.split(/\s*,\s*/);
  if (!tags.includes(etagOf(version)))
    throw new HttpProblem(412, 'The product was changed since you have read it. Read it again.');
};
