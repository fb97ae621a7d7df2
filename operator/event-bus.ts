import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { at } from '../responders/shared/json.ts';
import { output, type Place } from './place.ts';

export type Bus = 'default' | 'drills';

/** The fields that the sender sets; the bus adds the others. */
export interface Envelope {
  readonly detailType: string;
  /** Any JSON, also what is no finding: the pipeline must handle it. */
  readonly detail: unknown;
  readonly resources?: readonly string[];
}

/** Taken by the bus, or refused with its reason. */
export type EventReceipt =
  | { readonly eventId: string; readonly at: number }
  | { readonly refused: string };

const sources = { default: 'aws.guardduty', drills: 'cordon.drill' } as const;

/** Puts one event on a bus: in the drill role on the drill bus, as the operator on the default. */
export const putEvent = async (
  place: Place,
  bus: Bus,
  { detailType, detail, resources }: Envelope,
): Promise<EventReceipt> => {
  const events = new EventBridgeClient(await place.config(bus === 'drills' ? 'drill' : 'operator'));
  const entry = {
    Source: sources[bus],
    DetailType: detailType,
    Detail: JSON.stringify(detail) ?? '',
    ...(resources && { Resources: [...resources] }),
    ...(bus === 'drills' && { EventBusName: output(place, 'CordonResponse', 'DrillBusName') }),
  };
  const sent = Date.now();
  try {
    const { FailedEntryCount = 0, Entries: [answer] = [] } = await events.send(
      new PutEventsCommand({ Entries: [entry] }),
    );
    if (FailedEntryCount > 0 || !answer?.EventId)
      return {
        refused:
          `EventBridge refused the event: ${answer?.ErrorCode ?? 'no code'}: ` +
          (answer?.ErrorMessage ?? 'no reason given'),
      };
    return { eventId: answer.EventId, at: sent };
  } catch (error) {
    // A refusal of the whole request is an answer; a bus that cannot be reached is not.
    if (
      error instanceof Error &&
      '$metadata' in error &&
      at(error.$metadata, 'httpStatusCode') !== undefined
    )
      return { refused: `EventBridge refused the event: ${error.name}: ${error.message}` };
    throw error;
  }
};

/**
 * Why the rule could not hand over this event, if it is in the dead-letter queue. The message stays
 * in the queue for its operators.
 */
export const deadLetterOf = async (place: Place, eventId: string): Promise<string | undefined> => {
  const sqs = new SQSClient(await place.config('operator'));
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: output(place, 'CordonResponse', 'RuleDeadLetterUrl'),
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageAttributeNames: ['All'],
    }),
  );
  const deadLetter = Messages.find(({ Body = '' }) => Body.includes(eventId));
  if (!deadLetter) return undefined;
  const { ERROR_CODE: code, ERROR_MESSAGE: message } = deadLetter.MessageAttributes ?? {};
  return (
    `the rule could not hand it over (dead-letter queue): ${code?.StringValue ?? 'no code'}: ` +
    (message?.StringValue ?? 'no reason')
  );
};
