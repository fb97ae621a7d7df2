import type { Case } from './case.ts';
import { isClosed } from './stage.ts';

/** With all its retries an execution needs less, once CloudTrail has delivered. */
const mostMs = 2 * 3_600_000;

/** When the execution of this round has begun, at the latest. An answer may come days later. */
const begunAt = ({ clocks, answers = [], openedAt }: Case['head']): number =>
  Math.max(
    Date.parse(openedAt),
    clocks.received ?? 0,
    clocks.accepted ?? 0,
    clocks.effective ?? 0,
    answers.at(-1)?.at ?? 0,
  );

/**
 * Whether the last report of an incident is overdue and nobody has been told. The case table alone
 * decides: whoever stops an execution leaves no other trace that Cordon may read.
 */
export const isOverdue = (
  { head, stages }: Case,
  { now, lagSeconds }: { readonly now: number; readonly lagSeconds: number },
): boolean =>
  head.overdue !== head.round &&
  !isClosed(stages) &&
  now - begunAt(head) > mostMs + lagSeconds * 1000;

/** Whether a look has found the last report overdue, and it has not been sent since. */
export const isReportMissing = ({ head, stages }: Case): boolean =>
  head.overdue === head.round && !isClosed(stages);
