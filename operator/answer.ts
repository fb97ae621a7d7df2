import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Head } from '../responders/incident/case.ts';
import type { IncidentState } from '../responders/incident/incident.ts';
import { answerFields, questionDigest } from '../responders/incident/proven-fields.ts';
import { isDrillOver, leaveOf } from '../responders/incident/question.ts';
import { questionToken } from '../responders/incident/records.ts';
import type { Table } from '../responders/incident/table.ts';
import { countedYeses } from '../responders/incident/yeses.ts';
import { leftAloneText } from '../responders/report/question-words.ts';
import { printable } from '../responders/shared/printable.ts';
import { caseOf, caseTable, wholeIdOf } from './cases.ts';
import { ChangedQuestionError, CordonError, PendingError } from './errors.ts';
import { answerLate, isRecorded } from './late-answer.ts';
import type { DecidingPlace } from './place.ts';
import { callerArn, proven } from './prove.ts';
import { refusal } from './refusal.ts';
import { seenWithin, until } from './wait.ts';

/** What a person decides about an incident that waits. */
export interface PersonAnswer {
  readonly contain: boolean;
  readonly reason: string;
  /** The digest of the question that the person saw: no other one is answered. */
  readonly shown?: string;
}

/** How an answer is followed. */
export interface Following {
  /** Is told what happens meanwhile. */
  readonly note: (line: string) => void;
  /** How long to wait for what the answer leads to, in ms. */
  readonly within: number;
}

/** What became of the answer. */
export interface AnsweredIncident {
  readonly incidentId: string;
  readonly by: string;
  readonly state: IncidentState;
  /** The decision that followed, in words. */
  readonly decision: string;
  /** The question was over: contained after all. */
  readonly late: boolean;
  /** It is a first yes, and another person must approve too. */
  readonly secondNeeded: boolean;
}

/** Errors of Step Functions when the question is no longer open. */
const closedErrors = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/** `false` if the token ends no wait any more. */
const isTaken = async (sfn: SFNClient, taskToken: string, answer: object): Promise<boolean> => {
  try {
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer) }));
    return true;
  } catch (error) {
    if (error instanceof Error && closedErrors.has(error.name)) return false;
    throw error;
  }
};

/** How often a question may get a new token while it is answered. */
const mostTokens = 20;

/**
 * Sends an answer. A refused answer gives the question a new token, so a token that ends no wait
 * does not mean that the question is over: it is read again. Returns the token that it has ended.
 */
export const sendAnswer = async (
  sfn: SFNClient,
  readToken: (last: string | undefined) => Promise<string | undefined>,
  answerTo: () => Promise<object>,
): Promise<string> => {
  let last: string | undefined;
  for (let tries = 0; tries < mostTokens; tries += 1) {
    const token = await readToken(last);
    if (token === undefined) break;
    if (await isTaken(sfn, token, await answerTo())) return token;
    last = token;
  }
  throw new CordonError(
    'the question is no longer open: it was answered, or it has timed out. ' +
      'To contain the workload all the same, run "cordon decide" with --contain',
  );
};

/** A second yes must come from another person; the functions compare what STS says of both. */
const refuseSame = async (place: DecidingPlace, head: Head): Promise<void> => {
  const yeses = countedYeses(head);
  if (yeses.length === 0) return;
  const by = await callerArn(place);
  const own = yeses.find((yes) => yes.by === by);
  if (own)
    throw new CordonError(
      `you have approved ${head.id} already, at ${new Date(own.at).toISOString()}: ` +
        'another person must approve it too',
    );
};

/** Nobody signs an answer to a question that they have not seen. */
const requireShown = (head: Head, { shown }: PersonAnswer): void => {
  if (shown !== undefined && shown !== questionDigest(head))
    throw new ChangedQuestionError(head.id);
};

/** A sender that is tried again brings the same token back to life. */
const sameTokenMs = 3_000;

/**
 * Reads the token of a question. The state is stored before it, so it may come a moment later.
 * While the question is asked again, the old one is there and ends no wait. A question that is over
 * has none.
 */
const tokenReader =
  (table: Table, id: string) =>
  async (last: string | undefined): Promise<string | undefined> => {
    const since = Date.now();
    const isNew = (token: string) => token !== last || Date.now() > since + sameTokenMs;
    const readNew = async (): Promise<{ readonly token: string | undefined } | undefined> => {
      const token = await questionToken(table, id);
      if (token !== undefined && isNew(token)) return { token };
      const { head } = await caseOf(table, id);
      return head.state === 'awaiting-approval' ? undefined : { token: undefined };
    };
    const { token } = await until(readNew, {
      within: 10_000,
      timeoutMessage: `${id} waits, but its question has not been sent yet: try again in a moment`,
    });
    return token;
  };

/** Answers a question that waits, and waits until the answer took effect. */
const answerQuestion = async (
  place: DecidingPlace,
  { table, id }: { readonly table: Table; readonly id: string },
  answer: PersonAnswer,
  { note, within }: Following,
): Promise<AnsweredIncident> => {
  const { contain, reason } = answer;
  const readToken = tokenReader(table, id);
  let sent = { by: '', proof: '' };
  const answerTo = async (): Promise<object> => {
    // Read after the token, so that it holds the question that was sent.
    const { head } = await caseOf(table, id);
    requireShown(head, answer);
    const fields = (who: string) => answerFields(head, { contain, by: who, reason });
    const word = await proven(place, 'answer', fields);
    sent = word;
    return { approved: contain, reason, ...word };
  };
  const sfn = new SFNClient(await place.config('approve'));
  const answered = await sendAnswer(sfn, readToken, answerTo);
  const waiting = contain
    ? 'approved; waiting for containment'
    : 'left alone; waiting for its record';
  note(`${id}: ${waiting}`);
  const decided = async () => {
    // Read before the case: a new token asks again what the answer has not decided.
    const token = await questionToken(table, id);
    const { head } = await caseOf(table, id);
    if (isRecorded(head, sent.proof)) return head;
    if (head.state === 'awaiting-approval' && token !== answered)
      throw new CordonError(
        `the answer about ${id} was refused, and the question stays open: a mail says why`,
      );
    return ['awaiting-approval', 'open'].includes(head.state) ? undefined : head;
  };
  const after = await seenWithin(decided, within);
  if (after === undefined)
    throw new PendingError(
      `the answer was taken, but ${id} has not moved on after ${within / 1_000} s: ` +
        `look at "cordon show ${id}"`,
    );
  const { state, decision } = after;
  return {
    ...{ incidentId: id, by: sent.by, state, decision: decision.reason, late: false },
    secondNeeded: isRecorded(after, sent.proof),
  };
};

/** Answers for one incident: its question, or contains after all what was left alone. */
export const answerIncident = async (
  place: DecidingPlace,
  given: string,
  answer: PersonAnswer,
  following: Following,
): Promise<AnsweredIncident> => {
  const table = await caseTable(place, 'approve');
  const id = await wholeIdOf(table, given);
  const incident = await caseOf(table, id);
  const { head } = incident;
  if (answer.contain) await refuseSame(place, head);
  if (head.state === 'awaiting-approval')
    return answerQuestion(place, { table, id }, answer, following);
  const leave = leaveOf(head);
  const isLate = leave !== undefined && (answer.contain || head.state === 'unanswered');
  if (!isLate || isDrillOver(incident))
    throw refusal(incident, answer.contain, { aws: place.local === null });
  const what = answer.contain ? 'containing it after all' : 'leaving it alone';
  following.note(`${id} was ${leftAloneText(leave, printable)}; ${what}`);
  requireShown(head, answer);
  const late = await answerLate(place, table, head, answer, following.within);
  const { by, after, isFirst } = late;
  const { state, decision } = after;
  return {
    ...{ incidentId: id, by, state, decision: decision.reason, late: true },
    secondNeeded: isFirst,
  };
};
