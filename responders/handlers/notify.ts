import { setTimeout as sleep } from 'node:timers/promises';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { catalog } from '../catalog.ts';
import { type Case, readCase } from '../core/case.ts';
import { saveMail, saveQuestion, update } from '../core/case-table.ts';
import { at } from '../core/door.ts';
import { BusyError } from '../core/errors.ts';
import { incidentIdOf, oneOf, textOf } from '../core/input.ts';
import { letter, type MailKind, mailKinds } from '../report/mail.ts';
import { type Post, send } from '../report/outbox.ts';
import { serve, settings, table, variable } from './environment.ts';
import { maskedLog, masking } from './masked.ts';

const make = () => {
  const mask = masking();
  const { zone, region } = settings();
  return {
    table: table(),
    sns: new SNSClient({}),
    topic: variable('CORDON_TOPIC'),
    place: { zone, region, bucket: variable('CORDON_BUCKET'), catalog, mask },
    log: maskedLog(mask),
  };
};
type Deps = ReturnType<typeof make>;

const postOf = ({ table, sns, topic }: Deps): Post => ({
  table,
  now: Date.now,
  sleep,
  publish: async ({ subject, body }) => {
    await sns.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message: body }));
  },
  sent: async ({ incident, kind, round }, { subject }, now) => {
    await saveMail(table, incident, { kind, subject, at: now, round });
    if (kind === 'flash') await update(table, incident, {}, { flash: now });
  },
});

/** A person was asked and then told: the provisional report would be the fourth mail, so it waits for the final one. */
const enough = (kinds: readonly string[], kind: MailKind): boolean =>
  kind === 'report1' && kinds.filter((one) => one !== 'release').length >= 2;

const needless = ({ mails, head: { round } }: Case, kind: MailKind): boolean => {
  const kinds = mails.filter((mail) => mail.round === round).map((mail) => mail.kind);
  return (kinds.includes(kind) && kind !== 'release') || enough(kinds, kind);
};

/** Nothing comes later that could take these along. A flash is the last of an incident that is only told. */
const isLast = ({ head }: Case, kind: MailKind): boolean =>
  kind === 'report2' || kind === 'release' || (kind === 'flash' && ['notify-only', 'suppressed'].includes(head.state));

/** The function may run for 30 s. */
const patience = 20_000;

/** `NotifyLambda`: one mail of each kind for a round of an incident; remembered after it was sent. */
export const handler = serve(make, async (input, deps) => {
  const id = incidentIdOf(input);
  const kind = oneOf(input, 'kind', mailKinds);
  const found = await readCase(deps.table, id);
  const { round } = found.head;
  // The token goes first: a question that is mailed must be answerable.
  if (kind === 'ask') await saveQuestion(deps.table, id, textOf(input, 'token', 4_000));
  if (needless(found, kind)) return { sent: false };
  const now = Date.now();
  const notice = { ...letter(found, kind, deps.place), incident: id, kind, round, at: now };
  const last = isLast(found, kind);
  const how = await send(postOf(deps), notice, { last, deadline: now + patience });
  deps.log('told', { incidentId: id, kind, subject: notice.subject, how, failed: at(input, 'failed') });
  if (how === 'waiting' && last) throw new BusyError('the notice waits for others to be sent: try again');
  return { sent: how === 'sent' };
});
