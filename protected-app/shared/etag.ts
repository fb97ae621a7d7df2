import { ifMatch as ifMatchHeader } from '../schemas/headers.ts';
import { HttpProblem } from './problem.ts';

export const etagOf = (version: number): string => `"${version}"`;

const missingIfMatch = (detail: string) => new HttpProblem(428, detail);

const malformedDetail =
  'If-Match holds no ETag. ' +
  'Send the ETag of the product as it was answered, with its double quotes.';
const changedDetail =
  'The product was changed since you read it. ' +
  'Read it again, and repeat your change on that version.';

/**
 * Throws unless the client has read the version that it is about to replace. A weak tag never
 * matches (RFC 9110, 13.1.1). `*` would match any version, and so permit the lost update that this
 * prevents.
 */
export const requireIfMatch = (header: string | undefined, version: number): void => {
  const presented = header?.trim();
  if (!presented)
    throw missingIfMatch(
      'If-Match is missing. Read the product, and send its ETag in the header If-Match.',
    );
  if (presented === '*')
    throw missingIfMatch(
      'If-Match: * names no version. Read the product, and send its ETag in the header If-Match.',
    );
  if (!ifMatchHeader.safeParse(presented).success) throw new HttpProblem(400, malformedDetail);
  const tags = presented.split(/\s*,\s*/);
  if (!tags.includes(etagOf(version))) throw new HttpProblem(412, changedDetail);
};
