import { setTimeout as sleep } from 'node:timers/promises';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { update } from '../incident/case-table.ts';
import { isIncidentId } from '../incident/incident-id.ts';
import { saveMail } from '../incident/records.ts';
import type { Table } from '../incident/table.ts';
import { webhookNotice } from '../report/headline.ts';
import type { Post } from '../report/outbox.ts';
import { variable, variableIfSet } from './environment.ts';

/** Mails to the addresses of a topic. */
export const mailsTo = (TopicArn: string): Post['publish'] => {
  const sns = new SNSClient({});
  return async ({ subject: Subject, body: Message }) => {
    await sns.send(new PublishCommand({ TopicArn, Subject, Message }));
  };
};

/** Hands the notices of a mail to the queue of the webhook, where the deployment has one. */
const beside = (QueueUrl: string | undefined): Pick<Post, 'tellBeside'> => {
  if (QueueUrl === undefined) return {};
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  return {
    tellBeside: async (notices) => {
      const MessageBody = JSON.stringify(webhookNotice(notices, Date.now()));
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
  };
};

/**
 * The outbox of this deployment. Whoever sends also sends what others left, so each sender records
 * the mails of incidents.
 */
export const posting = (table: Table): Post => ({
  table,
  now: Date.now,
  sleep,
  publish: mailsTo(variable('CORDON_TOPIC')),
  ...beside(variableIfSet('CORDON_WEBHOOK_QUEUE')),
  sent: async ({ incident, kind, round, told }, { subject, body }, now) => {
    const mail = { kind, subject, body, at: now, round, ...(told !== undefined && { told }) };
    if (isIncidentId(incident)) await saveMail(table, incident, mail);
    if (kind === 'flash') await update(table, incident, {}, { flash: now });
  },
});
