import { setTimeout as sleep } from 'node:timers/promises';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { catalog } from '../contain/catalogue.ts';
import { bucketFor } from '../evidence/buckets.ts';
import type { Case } from '../incident/case.ts';
import { update } from '../incident/case-table.ts';
import { isIncidentId } from '../incident/incident-id.ts';
import { oneOf, textOf } from '../incident/input.ts';
import { readCase } from '../incident/read-case.ts';
import { saveMail, saveQuestion, saveStage } from '../incident/records.ts';
import { parseScore, type Score } from '../incident/score.ts';
import type { QueuedNotice } from '../report/digest.ts';
import { drillLetter, lostLetter } from '../report/drill-mail.ts';
import { letter, type MailKind, mailKinds } from '../report/mail.ts';
import { type Post, send, sweep } from '../report/outbox.ts';
import { EdgeError, WaitingError } from '../shared/errors.ts';
import { at } from '../shared/json.ts';
import { buckets, isOnAws, log, masking, serve, settings, table, variable } from './environment.ts';
import { recordFailures, stagedCase } from './stage.ts';

const make = () => {
  const mask = masking();
  const { zone, region, approvalMinutes, onTimeout } = settings();
  return {
    table: table(),
    sns: new SNSClient({}),
    topic: variable('CORDON_TOPIC'),
    buckets: buckets(),
    place: { zone, region, catalog, mask, aws: isOnAws() },
    limit: { approvalMinutes, onTimeout },
  };
};
type NotifyDeps = ReturnType<typeof make>;

const postOf = ({ table, sns, topic }: NotifyDeps): Post => ({
  table,
  now: Date.now,
  sleep,
  publish: async ({ subject, body }) => {
    await sns.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message: body }));
  },
  sent: async ({ incident, kind, round }, { subject }, now) => {
    if (isIncidentId(incident)) await saveMail(table, incident, { kind, subject, at: now, round });
    if (kind === 'flash') await update(table, incident, {}, { flash: now });
  },
});

/**
 * Whether a provisional report would be a mail too many: after a question and a flash only the
 * final report follows.
 */
const isOneTooMany = (sentKinds: readonly string[], kind: MailKind): boolean =>
  kind === 'report1' && sentKinds.filter((sentKind) => sentKind !== 'release').length >= 2;

const isNeedless = ({ mails, head: { round } }: Case, kind: MailKind): boolean => {
  const sentKinds = mails.filter((mail) => mail.round === round).map((mail) => mail.kind);
  return (sentKinds.includes(kind) && kind !== 'release') || isOneTooMany(sentKinds, kind);
};

/**
 * Whether no later mail of the incident could send this notice along. The flash is the last mail of
 * an incident that is only reported.
 */
const isLast = ({ head }: Case, kind: MailKind): boolean =>
  ['ask', 'report2', 'release'].includes(kind) ||
  (kind === 'flash' && ['notify-only', 'suppressed'].includes(head.state));

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
  const how = await send(postOf(deps), notice, notice.at + sendMs);
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
  const isSent = await sendOnce(incident, kind, deps);
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
  const timeLimit = { askedAt, endsAt, onTimeout: limit.onTimeout };
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

/** Sends a mail unless it is needless. Returns whether it was sent now. */
const sendOnce = async (incident: Case, kind: MailKind, deps: NotifyDeps): Promise<boolean> => {
  const { id, round } = incident.head;
  if (isNeedless(incident, kind)) {
    // A retry after a sender crashed: its own mail may be sent, and other notices still queued.
    await sweep(postOf(deps), Date.now() + sendMs);
    return false;
  }
  const place = { ...deps.place, bucket: bucketFor(incident.head, deps.buckets) };
  const notice = { ...letter(incident, kind, place), incident: id, kind, round, at: Date.now() };
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
  const kind = oneOf(input, 'kind', [...mailKinds, 'drill'] as const);
  return kind === 'drill' ? sendDrillResult(input, deps) : sendMail(input, kind, deps);
});
