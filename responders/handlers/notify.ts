import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { catalog } from '../catalog.ts';
import { readCase } from '../core/case.ts';
import { saveMail, saveQuestion, update } from '../core/case-table.ts';
import { at } from '../core/door.ts';
import { incidentIdOf, oneOf, textOf } from '../core/input.ts';
import { letter, mailKinds } from '../report/mail.ts';
import { log, serve, settings, table, variable } from './environment.ts';

const make = () => ({
  table: table(),
  sns: new SNSClient({}),
  topic: variable('CORDON_TOPIC'),
  place: { zone: settings().zone, bucket: variable('CORDON_BUCKET'), catalog },
});

/** `NotifyLambda`: one mail of each kind for a round of an incident; remembered after it was sent. */
export const handler = serve(make, async (input, { table, sns, topic, place }) => {
  const id = incidentIdOf(input);
  const kind = oneOf(input, 'kind', mailKinds);
  const found = await readCase(table, id);
  const { round } = found.head;
  // The token goes first: a question that is mailed must be answerable.
  if (kind === 'ask') await saveQuestion(table, id, textOf(input, 'token', 4_000));
  if (found.mails.some((mail) => mail.kind === kind && mail.round === round && kind !== 'release')) return { sent: false };
  const { subject, body } = letter(found, kind, place);
  await sns.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message: body }));
  const now = Date.now();
  await saveMail(table, id, { kind, subject, at: now, round });
  if (kind === 'flash') await update(table, id, {}, { flash: now });
  log('told', { incidentId: id, kind, subject, failed: at(input, 'failed') });
  return { sent: true };
});
