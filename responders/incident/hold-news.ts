import type { Case, Drift } from './case.ts';
import { uncontainedStates } from './incident.ts';

/** An unchanged state is told again after this time. */
const tellAgainMs = 6 * 3_600_000;
/** Removals of one incident are told at most once in this time. */
export const removalsMs = 3_600_000;

/**
 * Until when mails have told what Cordon found out. An older Cordon has kept only when it wrote.
 * The result of a drill tells nothing of this.
 */
const toldUntil = ({ mails }: Case): number =>
  Math.max(0, ...mails.map(({ kind, at, told }) => told ?? (kind === 'drill' ? 0 : at)));

/** The changes that another principal took back and that no mail has told yet. */
export const untoldDrifts = (incident: Case): readonly Drift[] => {
  const until = toldUntil(incident);
  return incident.drifts.filter(({ at }) => at > until);
};

/** Until when a mail that is written now tells what Cordon has found out. */
export const toldBy = ({ head, drifts }: Case): { readonly told: number } => ({
  told: Math.max(0, head.news ?? 0, ...drifts.map(({ at }) => at)),
});

/**
 * Whether a person must be told of a hold now: a new state at once, removals and what goes on from
 * time to time. It depends on what was saved alone, so that the next look tells what a look found
 * out that ended before its mail.
 */
export const isHoldToTell = (incident: Case, now: number): boolean => {
  const { head, mails } = incident;
  if ((head.news ?? 0) > toldUntil(incident)) return true;
  const since = now - (mails.findLast(({ kind }) => kind === 'hold')?.at ?? 0);
  return (
    (untoldDrifts(incident).length > 0 && since > removalsMs) ||
    (uncontainedStates.includes(head.state) && since > tellAgainMs)
  );
};
