import type { Case, Head } from '../../responders/incident/case.ts';
import { type GivenAnswer, timeLimitName } from '../../responders/incident/question.ts';
import { textAt } from '../../responders/shared/json.ts';
import { undeniable } from '../../responders/timeline/phases.ts';
import type { TimelineLane } from './lanes.ts';

type StoredEvent = Readonly<Record<string, unknown>>;
type LanedRow = StoredEvent & { readonly lane: TimelineLane };

/**
 * Whose act a call is. Calls from inside the function are a bystander’s only where the session was
 * seen elsewhere as well: otherwise the attacker may be the function. What is not known to be
 * somebody else’s is shown as the attacker’s.
 */
const laneOf = ({ whose, origin }: StoredEvent, wasCarriedAway: boolean): TimelineLane => {
  if (whose === 'cordon') return 'cordon';
  if (whose === 'platform') return 'bystanders';
  return origin === 'function' && wasCarriedAway ? 'bystanders' : 'attacker';
};

const answersTo = `${undeniable.service}:${undeniable.name}`;

/** The counterpart of `last allowed`: from when on the session could do something. */
const isFirstAllowed = ({ lane, whose, outcome, action }: LanedRow): boolean =>
  lane === 'attacker' && whose === 'suspect' && outcome === 'allowed' && action !== answersTo;

const calls = (stored: readonly StoredEvent[]): readonly LanedRow[] => {
  const wasCarriedAway = stored.some(({ origin }) => origin === 'attacker');
  const laned = stored.map((event) => ({ ...event, lane: laneOf(event, wasCarriedAway) }));
  const first = laned.findIndex(isFirstAllowed);
  return laned.map((event, index) =>
    index === first && textAt(event, 'mark') === null ? { ...event, mark: 'first allowed' } : event,
  );
};

interface Act {
  readonly at: number;
  readonly by: string;
  readonly reason: string;
}

const personDid = (action: string, { at, by, reason }: Act): LanedRow => ({
  at: new Date(at).toISOString(),
  id: `person-${at}-${action.toLowerCase().replaceAll(' ', '-')}`,
  ...{ whose: 'person', lane: 'people', actor: by, action, outcome: 'done', says: reason },
});

/** The time limit answers in Cordon’s name. */
const answered = (answer: GivenAnswer): LanedRow => {
  const row = personDid(answer.contain ? 'Approve containment' : 'Leave alone', answer);
  return answer.by === timeLimitName
    ? { ...row, actor: 'the time limit', whose: 'cordon', lane: 'cordon' }
    : row;
};

/** A yes that was the answer is told once. */
const firstYeses = ({ yeses = [], answers = [] }: Head): readonly Act[] =>
  yeses.filter(
    (yes) => !answers.some(({ by, contain, at }) => contain && by === yes.by && at >= yes.at),
  );

/** What people decided about the incident; CloudTrail has it as calls of Cordon’s functions. */
const decisions = ({ head }: Case): readonly LanedRow[] => [
  ...(head.byHand
    ? [personDid('Ask for containment', { ...head.byHand, at: Date.parse(head.openedAt) })]
    : []),
  ...firstYeses(head).map((yes) => personDid('Approve as the first of two', yes)),
  ...(head.answers ?? []).map(answered),
  ...(head.release ? [personDid('Release', head.release)] : []),
];

const timeOf = (row: LanedRow): number => Date.parse(textAt(row, 'at') ?? '');

export interface TimelineRows {
  readonly rows: readonly LanedRow[];
  /** How many of them are decisions of people, or of the time limit. */
  readonly decisions: number;
}

/** The calls of a stored timeline and what people decided, in the order of time. */
export const timelineRows = (stored: readonly StoredEvent[], known: Case): TimelineRows => {
  const decided = decisions(known);
  const rows = [...calls(stored), ...decided].sort((left, right) => timeOf(left) - timeOf(right));
  return { rows, decisions: decided.length };
};
