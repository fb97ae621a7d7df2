import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { jsonIn, textAt } from '../responders/shared/json.ts';
import { CordonError } from './errors.ts';
import { executionArnOf, isStartedAlready } from './executions.ts';
import { output, type Place } from './place.ts';

/** An event that a rule could not deliver. */
export interface DeadLetter {
  readonly id: string;
  readonly eventId: string;
  readonly detailType: string;
  readonly target: string;
  readonly error: string;
  /** A finding that can be handed to the incident machine again; null for other events. */
  readonly finding: { readonly drill: boolean; readonly event: unknown } | null;
  readonly receipt: string;
}

/** SQS hides what was received for so long: enough to read all of a queue, page by page. */
const hiddenSeconds = 30;
const mostLetters = 500;

const letterOf = (message: Message, machine: string): DeadLetter => {
  const { MessageId = '', ReceiptHandle = '', Body = '', MessageAttributes = {} } = message;
  const attribute = (name: string): string => MessageAttributes[name]?.StringValue ?? '';
  const event = jsonIn(Body);
  const target = attribute('TARGET_ARN');
  const drill = attribute('RULE_ARN').includes(':rule/cordon-drills/');
  return {
    id: MessageId,
    eventId: textAt(event, 'id') ?? '',
    detailType: textAt(event, 'detail-type') ?? '',
    target,
    error: [attribute('ERROR_CODE'), attribute('ERROR_MESSAGE')].filter(Boolean).join(': '),
    finding: event !== undefined && target === machine ? { drill, event } : null,
    receipt: ReceiptHandle,
  };
};

const clientsOf = async (place: Place) => {
  const config = await place.config('operator');
  return {
    sqs: new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
    states: new SFNClient(config),
    QueueUrl: output(place, 'CordonResponse', 'RuleDeadLetterUrl'),
    machine: output(place, 'CordonResponse', 'IncidentMachineArn'),
  };
};

/** What is in the queue of events that no rule could deliver; each stays in it. */
export const deadLetters = async (place: Place): Promise<readonly DeadLetter[]> => {
  const { sqs, QueueUrl, machine } = await clientsOf(place);
  const letters = new Map<string, DeadLetter>();
  while (letters.size < mostLetters) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: hiddenSeconds,
        MessageAttributeNames: ['All'],
      }),
    );
    const fresh = Messages.map((message) => letterOf(message, machine)).filter(
      ({ id }) => !letters.has(id),
    );
    if (fresh.length === 0) break;
    for (const letter of fresh) letters.set(letter.id, letter);
  }
  return [...letters.values()];
};

/**
 * Hands a finding to the incident machine again, in the form in which its rule does, and then takes
 * it out of the queue. The execution is named after the message: a second attempt starts no second
 * one. The first state verifies the finding, so a forged message contains nothing.
 */
export const redrive = async (place: Place, letter: DeadLetter): Promise<string> => {
  const { sqs, states, QueueUrl, machine } = await clientsOf(place);
  if (letter.finding === null)
    throw new CordonError(`the event ${letter.eventId} is no finding for the incident machine`);
  const name = `redrive-${letter.id}`;
  try {
    await states.send(
      new StartExecutionCommand({
        stateMachineArn: machine,
        name,
        input: JSON.stringify(letter.finding),
      }),
    );
  } catch (error) {
    if (!isStartedAlready(error)) throw error;
  }
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: letter.receipt }));
  return executionArnOf(machine, name);
};
