import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { at } from '../responders/shared/json.ts';
import { provenDetail } from './drill-detail.ts';
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

export const findingType = 'GuardDuty Finding';

/** A drill carries a proof; what is no finding needs none. */
const detailFor = async (place: Place, bus: Bus, envelope: Envelope): Promise<unknown> => {
  const { detailType, detail } = envelope;
  if (bus !== 'drills' || detailType !== findingType) return detail;
  const kms = new KMSClient(await place.config('drill'));
  return provenDetail(kms, output(place, 'CordonResponse', 'DrillKeyArn'), detail);
};

/** Puts one event on a bus: in the drill role on the drill bus, as the operator on the default. */
export const putEvent = async (
  place: Place,
  bus: Bus,
  envelope: Envelope,
): Promise<EventReceipt> => {
  const { detailType, resources } = envelope;
  const detail = await detailFor(place, bus, envelope);
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
