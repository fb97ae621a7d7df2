import type { Point } from '../../report-templates/view.ts';
import type { Responder } from '../contain/responder.ts';
import type { Action } from '../incident/incident.ts';
import type { FunctionSuspect, Suspect } from '../incident/suspect.ts';
import { leftCopies } from './copy-words.ts';

/** A session names no region, so a function that was not found may be in any other one. */
const unfound = ({ functionName, gone }: FunctionSuspect): Point[] =>
  gone
    ? [
        {
          what:
            `The function ${functionName}, unless it was deleted: in a region that ` +
            'furtherRegions does not name it still starts, and its role may do nothing',
          why: 'no region of this deployment has it',
        },
      ]
    : [];

/** What the changes that hold do not stop, one beside the other. */
export const leftOpen = (
  catalog: readonly Responder[],
  actions: readonly Pick<Action, 'responder' | 'outcome'>[],
  suspects: readonly Suspect[],
): Point[] => {
  const holding = new Set(
    actions.filter(({ outcome }) => outcome === 'contained').map(({ responder }) => responder),
  );
  const notStopped = catalog
    .filter(({ id }) => holding.has(id))
    .map(({ title, leavesOpen, leavesOpenWith }) => ({
      what: (leavesOpenWith?.responders.some((id) => holding.has(id))
        ? leavesOpenWith.leavesOpen
        : leavesOpen
      ).replace(/\.$/, ''),
      why: `not stopped by “${title}”`,
    }))
    .filter(({ what }) => what !== '');
  const functions = suspects.filter((suspect) => suspect.kind === 'function');
  const elsewhere = [...functions.flatMap(unfound), ...functions.flatMap(leftCopies)];
  return holding.size > 0 ? [...elsewhere, ...notStopped] : [];
};
