import type { Case } from '../incident/case.ts';
import type { Action } from '../incident/incident.ts';
import type { Suspect } from '../incident/suspect.ts';
import type { Responder } from './responder.ts';
import type { Aim } from './run.ts';

/** Earlier attempts to contain a target, whether they succeeded or not. */
const startedActions = ({ actions }: Case): Action[] =>
  actions.filter(({ outcome }) => ['contained', 'applied', 'not-contained'].includes(outcome));

/**
 * The targets of these suspects, and those of earlier actions. Once the sharing of the role is
 * known, a suspect can have other targets than at the first containment. The earlier ones may still
 * carry a change of Cordon, so their outcomes must be checked too.
 */
export const aimsAt = (
  suspects: readonly Suspect[],
  incident: Case,
  catalog: readonly Responder[],
): Aim[] =>
  catalog.flatMap((responder) => {
    const earlier = startedActions(incident).filter((action) => action.responder === responder.id);
    const targets = new Set([
      ...suspects.flatMap((suspect) => responder.targets(suspect)),
      ...earlier.map(({ target }) => target),
    ]);
    return [...targets].map((target) => ({ responder, target }));
  });
