import type { Case } from '../responders/incident/case.ts';
import { isDrillOver, leaveOf } from '../responders/incident/question.ts';
import { byHand, leftAloneText } from '../responders/report/question-words.ts';
import { type CommandScope, releaseCommand, showCommand } from '../responders/report/words.ts';
import { printable } from '../responders/shared/printable.ts';
import { CordonError } from './errors.ts';

/** Why nothing can be decided about an incident, and what a person can still do. */
const whyNot = (incident: Case, contain: boolean, scope: CommandScope): string => {
  const { head } = incident;
  const { id, state, decision, release } = head;
  const leave = leaveOf(head);
  if (isDrillOver(incident)) return 'it was a drill, and the drill is over';
  if (leave) return `it was ${leftAloneText(leave, printable)}`;
  switch (state) {
    case 'open':
      return `it is being contained right now: ${showCommand(id, scope)}`;
    case 'released':
      return (
        `it was released by ${printable(release?.by ?? 'somebody')}. Cordon contains it again ` +
        `when GuardDuty sees new activity; before that, contain by hand: ${byHand}`
      );
    case 'suppressed':
    case 'unanswered':
    case 'forged':
    case 'notify-only':
      return (
        `Cordon did not ask about it (${printable(decision.reason, 400)})` +
        (contain ? `. Contain by hand: ${byHand}` : '')
      );
    default:
      return contain
        ? `containment was decided before: ${showCommand(id, scope)}`
        : `to take the containment back: ${releaseCommand(id, scope)}`;
  }
};

export const refusal = (incident: Case, contain: boolean, scope: CommandScope): CordonError => {
  const { id, state } = incident.head;
  return new CordonError(
    `${id} is ${state} and does not wait for a decision; ${whyNot(incident, contain, scope)}`,
  );
};
