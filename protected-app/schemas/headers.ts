import * as z from 'zod';

/** A UUID fits, and so does the quoted form of the draft RFC. */
export const idempotencyKey = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9_.:-]{8,64}|"[A-Za-z0-9_.:-]{8,64}")$/,
    '8 to 64 letters, digits or the characters . : _ - (for example a UUID)',
  )
  .describe('The same key and body within 24 hours give the same answer and create nothing twice.');

/** One ETag or a list of them. `*` is no ETag: it would replace whatever version is there. */
export const ifMatch = z
  .string()
  .max(1_000)
  .regex(
    /^(?:W[/])?"[!#-~]*"(?:[ \t]*,[ \t]*(?:W[/])?"[!#-~]*")*$/,
    'an ETag in double quotes, or several with commas between them',
  )
  .describe('The ETag of the version that you have read.');
