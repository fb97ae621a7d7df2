import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { at } from '../responders/shared/json.ts';
import { output, type Place } from './place.ts';

export type Bus = 'default' | 'drills';

/** What an event says about itself; everything else the bus adds. */
export interface Envelope {
  readonly detailType: string;
  /** Anything: the pipeline has to bear it. */
  readonly detail: unknown;
  readonly resources?: readonly string[];
}

/** Taken by the bus, or refused with its reason. */
export type Put = { readonly eventId: string; readonly at: number } | { readonly refused: string };

const sources = { default: 'aws.guardduty', drills: 'cordon.drill' } as const;

/**
 * Puts one event on a bus: on the drill bus in the drill role, on the default bus as who AWS itself
 * would be.
 */
export const put = async (
  place: Place,
  bus: Bus,
  { detailType, detail, resources }: Envelope,
): Promise<Put> => {
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
        refused: `EventBridge refused the event: ${answer?.ErrorCode ?? 'no code'}: ${answer?.ErrorMessage ?? 'no reason given'}`,
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
 * there for who cares for the queue.
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
  const found = Messages.find(({ Body = '' }) => Body.includes(eventId));
  if (!found) return undefined;
  const { ERROR_CODE: code, ERROR_MESSAGE: message } = found.MessageAttributes ?? {};
  return `the rule could not hand it over (dead-letter queue): ${code?.StringValue ?? 'no code'}: ${message?.StringValue ?? 'no reason'}`;
};
