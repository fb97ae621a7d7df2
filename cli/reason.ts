import { CordonError } from '../operator/errors.ts';

/** As long as the response keeps it; a longer one would be cut without a word. */
const longestReason = 500;

/** A reason that is kept whole. */
export const wantedReason = (reason: string): string => {
  if (reason.trim() === '')
    throw new CordonError('--reason is empty: say why, it is kept with the incident', { code: 2 });
  if (reason.length <= longestReason) return reason;
  throw new CordonError(
    `--reason has ${reason.length} characters, and ${longestReason} are kept: say it shorter`,
    { code: 2 },
  );
};
