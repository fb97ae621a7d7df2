import type { Point } from '../../report-templates/view.ts';
import type { Responder } from '../contain/responder.ts';
import type { Action } from '../incident/incident.ts';

/** What the changes that hold do not stop, one beside the other. */
export const leftOpen = (
  catalog: readonly Responder[],
  actions: readonly Pick<Action, 'responder' | 'outcome'>[],
): Point[] => {
  const holding = new Set(
    actions.filter(({ outcome }) => outcome === 'contained').map(({ responder }) => responder),
  );
  return catalog
    .filter(({ id }) => holding.has(id))
    .map(({ title, leavesOpen, leavesOpenWith }) => ({
      what: (leavesOpenWith?.responders.some((id) => holding.has(id))
        ? leavesOpenWith.leavesOpen
        : leavesOpen
      ).replace(/\.$/, ''),
      why: `not stopped by “${title}”`,
    }))
    .filter(({ what }) => what !== '');
};
