import type { Case } from '../incident/case.ts';
import { isDue, isLate, type QuestionRhythm } from '../incident/open-questions.ts';
import { isOpenQuestion } from '../incident/question.ts';
import { countedYeses } from '../incident/yeses.ts';
import { digest, type QueuedNotice } from '../report/digest.ts';
import type { Letter } from '../report/mail.ts';

export interface AskAgainDeps {
  readonly rhythm: QuestionRhythm;
  readonly now: number;
  readonly noticeOf: (incident: Case) => QueuedNotice;
  /** Yeses from before this moment do not count any more. */
  readonly forgetYeses: (id: string, at: number) => Promise<unknown>;
  readonly askOthers: (topic: string, letter: Letter) => Promise<void>;
  readonly ask: (notices: readonly QueuedNotice[]) => Promise<unknown>;
}

/**
 * Where two persons must approve, a first yes counts until the question is asked again: whoever
 * gave it may have learnt more since.
 */
const askedAnew = async (
  incident: Case,
  { now, forgetYeses }: Pick<AskAgainDeps, 'now' | 'forgetYeses'>,
): Promise<Case> => {
  const { head } = incident;
  if (countedYeses(head).length === 0) return incident;
  await forgetYeses(head.id, now);
  return { ...incident, head: { ...head, yesesSince: now } };
};

/**
 * Asks again what nobody has answered: what is due, or at once where there is news. What has waited
 * for long goes to others too, before the mails that make it wait for the next time.
 */
export const askAgain = async (
  cases: readonly Case[],
  when: 'due' | 'now',
  { rhythm, now, noticeOf, forgetYeses, askOthers, ask }: AskAgainDeps,
): Promise<{ readonly asked: number; readonly escalated: number }> => {
  const { topic, remindMinutes, escalateMinutes } = rhythm;
  const open = cases.filter(
    (incident) =>
      isOpenQuestion(incident.head) && (when === 'now' || isDue(incident, now, remindMinutes)),
  );
  const asked =
    when === 'now'
      ? open
      : await Promise.all(open.map((incident) => askedAnew(incident, { now, forgetYeses })));
  const late = asked.filter(({ head }) => isLate(head, now, escalateMinutes)).map(noticeOf);
  if (topic !== null && late.length > 0) await askOthers(topic, digest(late, late.length, now));
  await ask(asked.map(noticeOf));
  return { asked: asked.length, escalated: topic === null ? 0 : late.length };
};
