import { catalog } from '../contain/catalogue.ts';
import { bucketFor } from '../evidence/buckets.ts';
import type { Case } from '../incident/case.ts';
import { update } from '../incident/case-table.ts';
import { isQuietHeartbeat } from '../incident/heartbeat.ts';
import { isHoldToTell, toldBy } from '../incident/hold-news.ts';
import { heldStates } from '../incident/incident.ts';
import { oneOf, textOf } from '../incident/input.ts';
import { openQuestions, wantedQuestions } from '../incident/open-questions.ts';
import { readCase } from '../incident/read-case.ts';
import { saveQuestion, saveStage } from '../incident/records.ts';
import { parseScore, type Score } from '../incident/score.ts';
import { countedYeses } from '../incident/yeses.ts';
import type { QueuedNotice } from '../report/digest.ts';
import { drillLetter, lostLetter } from '../report/drill-mail.ts';
import { letter, type MailKind, mailKinds } from '../report/mail.ts';
import { send, sendUntilSent, sweep } from '../report/outbox.ts';
import { EdgeError, WaitingError } from '../shared/errors.ts';
import { at } from '../shared/json.ts';
import { type AskAgainDeps, askAgain } from './ask-again.ts';
import {
  buckets,
  isOnAws,
  jsonVariable,
  log,
  masking,
  serve,
  settings,
  table,
} from './environment.ts';
import { heartbeatNotice } from './heartbeat-notice.ts';
import { mailsTo, posting } from './post.ts';
import { refusalNotice } from './refusal.ts';
import { recordFailures, stagedCase } from './stage.ts';

const make = () => {
  const mask = masking();
  const { zone, region, consoleOrigin, approvalMinutes, onTimeout } = settings();
  const cases = table();
  return {
    table: cases,
    post: posting(cases),
    buckets: buckets(),
    place: { zone, region, catalog, mask, aws: isOnAws(), console: consoleOrigin },
    limit: { approvalMinutes, onTimeout },
    questions: jsonVariable('CORDON_QUESTIONS', wantedQuestions),
  };
};
type NotifyDeps = ReturnType<typeof make>;

/** Kinds of mail that a round may need more than once. */
const isRepeated = (kind: string): boolean => kind === 'release' || kind === 'hold';

/**
 * Whether a provisional report would be a mail too many: after a question and a flash only the
 * final report follows.
 */
const isOneTooMany = (sentKinds: readonly string[], kind: MailKind): boolean =>
  kind === 'report1' && sentKinds.filter((sentKind) => !isRepeated(sentKind)).length >= 2;

/** A second person is asked by a mail that says who has approved first. */
const isForSecond = ({ mails, head }: Case, kind: MailKind): boolean => {
  const asked = mails.find((mail) => mail.kind === 'ask' && mail.round === head.round);
  return kind === 'ask' && countedYeses(head).some(({ at }) => at > (asked?.at ?? 0));
};

/** Two looks may find the same out; one mail tells it. After a release nothing is held any more. */
const isToldHold = (incident: Case, kind: MailKind): boolean =>
  kind === 'hold' &&
  heldStates.includes(incident.head.state) &&
  !isHoldToTell(incident, Date.now());

const isNeedless = (incident: Case, kind: MailKind): boolean => {
  const { round } = incident.head;
  const sentKinds = incident.mails.filter((mail) => mail.round === round).map((mail) => mail.kind);
  return (
    isToldHold(incident, kind) ||
    (sentKinds.includes(kind) && !isRepeated(kind) && !isForSecond(incident, kind)) ||
    isOneTooMany(sentKinds, kind)
  );
};

/**
 * Whether no later mail of the incident could send this notice along. The flash is the last mail of
 * an incident that is only reported.
 */
const isLast = ({ head }: Case, kind: MailKind): boolean =>
  ['ask', 'report2', 'release', 'hold'].includes(kind) ||
  (kind === 'flash' && ['notify-only', 'suppressed', 'forged'].includes(head.state));

/** How long to try to send, in milliseconds. The function may run for 30 s. */
const sendMs = 20_000;

/**
 * Queues a notice and sends it if this run gets the lease. Otherwise the holder of the lease sends
 * it; for the last notice of an incident the state machine then retries until it was sent.
 */
const dispatch = async (
  deps: NotifyDeps,
  notice: QueuedNotice,
  last: boolean,
): Promise<'sent' | 'waiting'> => {
  const how = await send(deps.post, notice, notice.at + sendMs);
  log('told', { incidentId: notice.incident, kind: notice.kind, subject: notice.subject, how });
  if (how === 'waiting' && last)
    throw new WaitingError('other notices are sent first: ask again in a moment');
  return how;
};

/** Sends one mail of each kind for a round of an incident. */
const sendMail = async (input: unknown, kind: MailKind, deps: NotifyDeps) => {
  // A failure after the last report, such as of sealing, is reported by this mail only.
  const recorded = await recordFailures(deps.table, await stagedCase(deps.table, input), input);
  const incident = kind === 'ask' ? await openQuestion(recorded, input, deps) : recorded;
  // A heartbeat that works tells nobody; its state machine tells what does not work.
  const isSent = !isQuietHeartbeat(incident.head) && (await sendOnce(incident, kind, deps));
  if (kind === 'report2') await close(incident, deps);
  return { sent: isSent };
};

/** Saves token and time limit before the mail is sent, so that the question can be answered. */
const openQuestion = async (
  incident: Case,
  input: unknown,
  { table, limit }: NotifyDeps,
): Promise<Case> => {
  const { head } = incident;
  const askedAt = Date.now();
  const endsAt = askedAt + limit.approvalMinutes * 60_000;
  // Asked again in the same round, it ends when it always did.
  const timeLimit = head.timeLimit ?? { askedAt, endsAt, onTimeout: limit.onTimeout };
  await saveQuestion(table, head.id, textOf(input, 'token', 4_000));
  await update(table, head.id, { timeLimit });
  return { ...incident, head: { ...head, timeLimit } };
};

/** Saves the last stage: an incident is closed when its last report has been sent. */
const close = ({ head: { id, round } }: Case, { table }: NotifyDeps) =>
  saveStage(table, id, {
    kind: 'closing',
    name: 'close',
    round,
    status: 'ok',
    ms: 0,
    at: Date.now(),
  });

const noticeOf = (incident: Case, kind: MailKind, deps: NotifyDeps): QueuedNotice => {
  const { id, round } = incident.head;
  const place = { ...deps.place, bucket: bucketFor(incident.head, deps.buckets) };
  const written = { ...letter(incident, kind, place), ...toldBy(incident) };
  return { ...written, incident: id, kind, round, at: Date.now() };
};

const askAgainDeps = (deps: NotifyDeps): AskAgainDeps => ({
  rhythm: deps.questions,
  now: Date.now(),
  noticeOf: (incident) => noticeOf(incident, 'ask', deps),
  forgetYeses: (id, at) => update(deps.table, id, { yesesSince: at }),
  askOthers: (topic, others) => mailsTo(topic)(others),
  ask: (notices) => sendUntilSent(deps.post, notices, Date.now() + sendMs),
});

/** Sends a mail unless it is needless. Returns whether it was sent now. */
const sendOnce = async (incident: Case, kind: MailKind, deps: NotifyDeps): Promise<boolean> => {
  if (isNeedless(incident, kind)) {
    // A retry after a sender crashed: its own mail may be sent, and other notices still queued.
    await sweep(deps.post, Date.now() + sendMs);
    return false;
  }
  const notice = noticeOf(incident, kind, deps);
  return (await dispatch(deps, notice, isLast(incident, kind))) === 'sent';
};

/** The incident of a drill; refuses a real one, about which a drill must not send mail. */
const drillIncident = async (id: string, { table }: NotifyDeps): Promise<Case> => {
  const incident = await readCase(table, id);
  if (!incident.head.drill)
    throw new EdgeError(`${id} is not a drill, so there is no result of one`);
  return incident;
};

const drillNotice = async (score: Score, deps: NotifyDeps): Promise<QueuedNotice | undefined> => {
  const now = Date.now();
  if (score.incidentId === null)
    return {
      ...lostLetter(score),
      incident: `no-incident-${score.scenario}`,
      kind: 'drill',
      round: 0,
      at: now,
    };
  const incident = await drillIncident(score.incidentId, deps);
  const { id, round } = incident.head;
  if (incident.mails.some((mail) => mail.kind === 'drill' && mail.round === round))
    return undefined;
  await update(deps.table, id, { score });
  const drillMail = drillLetter(incident, score, deps.place);
  return { ...drillMail, incident: id, kind: 'drill', round, at: now };
};

/**
 * Sends the result of a drill, from an event on the drill bus. The event supplies only the score;
 * the sentences are Cordon's, and each result is sent once.
 */
const sendDrillResult = async (input: unknown, deps: NotifyDeps) => {
  const notice = await drillNotice(parseScore(at(input, 'event.detail')), deps);
  return { sent: notice !== undefined && (await dispatch(deps, notice, true)) === 'sent' };
};

/**
 * `NotifyLambda`: sends mail, and records it after it was sent. Its input names the kind of mail.
 */
export const handler = serve(make, async (input, deps) => {
  const kind = oneOf(input, 'kind', [
    ...mailKinds,
    'drill',
    'refused',
    'remind',
    'questions',
    'heartbeat',
  ] as const);
  if (kind === 'questions')
    return askAgain(await openQuestions(deps.table), 'due', askAgainDeps(deps));
  if (kind === 'remind')
    return askAgain([await stagedCase(deps.table, input)], 'now', askAgainDeps(deps));
  if (kind === 'refused' || kind === 'heartbeat') {
    const notice = await (kind === 'refused' ? refusalNotice : heartbeatNotice)(input, deps);
    return { sent: notice !== undefined && (await dispatch(deps, notice, true)) === 'sent' };
  }
  return kind === 'drill' ? sendDrillResult(input, deps) : sendMail(input, kind, deps);
});
