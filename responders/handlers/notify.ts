import { setTimeout as sleep } from 'node:timers/promises';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { catalog } from '../contain/catalogue.ts';
import { bucketFor } from '../evidence/store.ts';
import type { Case } from '../incident/case.ts';
import { update } from '../incident/case-table.ts';
import { isIncidentId } from '../incident/incident-id.ts';
import { incidentIdOf, oneOf, textOf } from '../incident/input.ts';
import { readCase } from '../incident/read-case.ts';
import { saveMail, saveQuestion, saveStage } from '../incident/records.ts';
import { parseScore, type Score } from '../incident/score.ts';
import type { QueuedNotice } from '../report/digest.ts';
import { drillLetter, lostLetter } from '../report/drill-mail.ts';
import { letter, type MailKind, mailKinds } from '../report/mail.ts';
import { type Post, send, sweep } from '../report/outbox.ts';
import { EdgeError, WaitingError } from '../shared/errors.ts';
import { at } from '../shared/json.ts';
import { buckets, log, masking, serve, settings, table, variable } from './environment.ts';
import { recordFailures } from './stage.ts';

const make = () => {
  const mask = masking();
  const { zone, region } = settings();
  return {
    table: table(),
    sns: new SNSClient({}),
    topic: variable('CORDON_TOPIC'),
    buckets: buckets(),
    place: { zone, region, catalog, mask },
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
 * A person was asked and then told: the provisional report would be the fourth mail, so it waits
 * for the final one.
 */
const enough = (kinds: readonly string[], kind: MailKind): boolean =>
  kind === 'report1' && kinds.filter((one) => one !== 'release').length >= 2;

const needless = ({ mails, head: { round } }: Case, kind: MailKind): boolean => {
  const kinds = mails.filter((mail) => mail.round === round).map((mail) => mail.kind);
  return (kinds.includes(kind) && kind !== 'release') || enough(kinds, kind);
};

/**
 * Nothing comes soon that could take these along. A flash is the last of an incident that is only
 * told.
 */
const isLast = ({ head }: Case, kind: MailKind): boolean =>
  ['ask', 'report2', 'release'].includes(kind) ||
  (kind === 'flash' && ['notify-only', 'suppressed'].includes(head.state));

/** The function may run for 30 s. */
const patience = 20_000;

/**
 * Sends a notice, or leaves it to whoever is sending; of the last one of an incident it is asked
 * until it is out.
 */
const dispatch = async (
  deps: NotifyDeps,
  notice: QueuedNotice,
  last: boolean,
): Promise<'sent' | 'waiting'> => {
  const how = await send(postOf(deps), notice, notice.at + patience);
  log('told', { incidentId: notice.incident, kind: notice.kind, subject: notice.subject, how });
  if (how === 'waiting' && last)
    throw new WaitingError('the notice waits for others to be sent: ask again');
  return how;
};

/** One mail of each kind for a round of an incident. */
const tell = async (input: unknown, kind: MailKind, deps: NotifyDeps) => {
  const id = incidentIdOf(input);
  // Of what failed after the last report, such as sealing, this mail is the only one to tell.
  const found = await recordFailures(deps.table, await readCase(deps.table, id), input);
  // The token goes first: a question that is mailed must be answerable.
  if (kind === 'ask') await saveQuestion(deps.table, id, textOf(input, 'token', 4_000));
  const sent = await tellOnce(found, kind, deps);
  if (kind === 'report2') await close(found, deps);
  return { sent };
};

/** The last stage: the incident is closed once its last report has gone out. */
const close = ({ head: { id, round } }: Case, { table }: NotifyDeps) =>
  saveStage(table, id, {
    kind: 'closing',
    name: 'close',
    round,
    status: 'ok',
    ms: 0,
    at: Date.now(),
  });

/** Whether it went out now; what is needless is not sent again. */
const tellOnce = async (found: Case, kind: MailKind, deps: NotifyDeps): Promise<boolean> => {
  const { id, round } = found.head;
  if (needless(found, kind)) {
    // The state machine calls again after a sender died, whose own notice may have gone out.
    await sweep(postOf(deps), Date.now() + patience);
    return false;
  }
  const place = { ...deps.place, bucket: bucketFor(found.head, deps.buckets) };
  const notice = { ...letter(found, kind, place), incident: id, kind, round, at: Date.now() };
  return (await dispatch(deps, notice, isLast(found, kind))) === 'sent';
};

/** The incident that a drill says it is about. A real one is none of its business. */
const rehearsed = async (id: string, { table }: NotifyDeps): Promise<Case> => {
  const found = await readCase(table, id);
  if (!found.head.drill) throw new EdgeError(`${id} is not a drill, so there is no result of one`);
  return found;
};

const resultOf = async (score: Score, deps: NotifyDeps): Promise<QueuedNotice | undefined> => {
  const now = Date.now();
  if (score.incidentId === null)
    return {
      ...lostLetter(score),
      incident: `no-incident-${score.scenario}`,
      kind: 'drill',
      round: 0,
      at: now,
    };
  const found = await rehearsed(score.incidentId, deps);
  const { id: incident, round } = found.head;
  if (found.mails.some((mail) => mail.kind === 'drill' && mail.round === round)) return undefined;
  return { ...drillLetter(found, score, deps.place), incident, kind: 'drill', round, at: now };
};

/**
 * What the drill bus says about a drill: who may put events on it may say how a drill went, in our
 * words, once.
 */
const tellResult = async (input: unknown, deps: NotifyDeps) => {
  const notice = await resultOf(parseScore(at(input, 'event.detail')), deps);
  return { sent: notice !== undefined && (await dispatch(deps, notice, true)) === 'sent' };
};

/**
 * `NotifyLambda`: remembered after it was sent. What it was called for is said by the state machine
 * or the rule that calls it.
 */
export const handler = serve(make, async (input, deps) => {
  const kind = oneOf(input, 'kind', [...mailKinds, 'drill'] as const);
  return kind === 'drill' ? tellResult(input, deps) : tell(input, kind, deps);
});
