import type { AnsweredIncident, PersonAnswer } from '../operator/answer.ts';
import { answerIncident as answerFor } from '../operator/answer.ts';
import type { Place } from '../operator/place.ts';
import { verdicts } from '../responders/report/words.ts';
import { printable } from '../responders/shared/printable.ts';
import type { Output } from './output.ts';

/** How long a person at a terminal waits for what an answer leads to. */
const patienceMs = 60_000;

/** What an answer led to, for people. */
export const answeredText = (answered: AnsweredIncident): string => {
  const { incidentId, by, state, decision, secondNeeded } = answered;
  return secondNeeded
    ? `FIRST YES of two: ${incidentId} is not contained yet\n` +
        `  approved by ${by}; another person must approve it too`
    : `${verdicts[state]}\n  incident ${incidentId}, decided by ${by}\n` +
        `  ${printable(decision, 400)}`;
};

/** Answers for one incident, and tells meanwhile what happens. */
export const answerIncident = (
  out: Output,
  place: Place,
  given: string,
  answer: PersonAnswer,
): Promise<AnsweredIncident> =>
  answerFor(place, given, answer, { note: (line) => out.note(line), within: patienceMs });
