import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { isIncidentId } from '../responders/incident/incident-id.ts';
import { jsonIn, listAt, textAt } from '../responders/shared/json.ts';
import { output, type Place } from './place.ts';

/** A notice that the webhook did not take. */
export interface WebhookLetter {
  readonly id: string;
  /** What it says first, such as `contained`; empty where it cannot be read. */
  readonly class: string;
  readonly incident: string | null;
  readonly body: string;
  readonly receipt: string;
}

/** SQS hides what was received for so long: enough to read all of a queue, page by page. */
const hiddenSeconds = 30;
const mostLetters = 500;

const letterOf = (id: string, body: string, receipt: string): WebhookLetter => {
  const notice = jsonIn(body);
  const first = listAt(notice, 'headlines')[0];
  const incident = textAt(first, 'incident');
  const kind = textAt(first, 'class') ?? (textAt(notice, 'detail.alarmName') ? 'alarm' : '');
  return {
    id,
    class: /^[a-z-]{1,40}$/.test(kind) ? kind : '',
    incident: incident !== null && isIncidentId(incident) ? incident : null,
    body,
    receipt,
  };
};

/** The queue can be read with the release role only. */
const clientOf = async (place: Place): Promise<SQSClient> =>
  new SQSClient({ ...(await place.config('release')), useQueueUrlAsEndpoint: false });

const hasWebhook = ({ outputs }: Place): boolean =>
  outputs.CordonResponse?.WebhookDeadLetterUrl !== undefined;

/** What the webhook did not take; each stays where it is. None without a webhook. */
export const webhookLetters = async (place: Place): Promise<readonly WebhookLetter[]> => {
  if (!hasWebhook(place)) return [];
  const [sqs, QueueUrl] = [
    await clientOf(place),
    output(place, 'CordonResponse', 'WebhookDeadLetterUrl'),
  ];
  const letters = new Map<string, WebhookLetter>();
  while (letters.size < mostLetters) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: hiddenSeconds,
      }),
    );
    const fresh = Messages.map(({ MessageId = '', Body = '', ReceiptHandle = '' }) =>
      letterOf(MessageId, Body, ReceiptHandle),
    ).filter(({ id }) => !letters.has(id));
    if (fresh.length === 0) break;
    for (const letter of fresh) letters.set(letter.id, letter);
  }
  return [...letters.values()];
};

/**
 * Hands a notice to the webhook again, and then takes it out of the dead letters. A crash between
 * the two sends it twice, with the same id.
 */
export const redriveNotice = async (
  place: Place,
  { body, receipt }: WebhookLetter,
): Promise<void> => {
  const sqs = await clientOf(place);
  const url = (name: string) => output(place, 'CordonResponse', name);
  await sqs.send(new SendMessageCommand({ QueueUrl: url('WebhookQueueUrl'), MessageBody: body }));
  await sqs.send(
    new DeleteMessageCommand({ QueueUrl: url('WebhookDeadLetterUrl'), ReceiptHandle: receipt }),
  );
};
