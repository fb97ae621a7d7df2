import * as z from 'zod';
import { type AuditEvent, auditEvent, auditSchema, mostEventBytes } from '../schemas/event.ts';

/** Which system publishes to a topic, by the ARN of the topic; and the functions that it has. */
export interface Publishers {
  readonly systems: Readonly<Record<string, AuditEvent['producer']['system']>>;
  readonly functions: Readonly<Record<AuditEvent['producer']['system'], readonly string[]>>;
}

/** Why a message is no event that may be kept. Another delivery would change nothing. */
export class RefusedMessage extends Error {
  override readonly name = 'RefusedMessage';
}

/** What SNS makes of a message; the queue takes what its topics and AuditResend send. */
const notification = z.object({ TopicArn: z.string(), Message: z.string() });

const versioned = z.looseObject({ schema: z.string() });

/** Readers of the versions that producers may still write, each to the newest. */
const readers: Readonly<Record<string, z.ZodType<AuditEvent>>> = { [auditSchema]: auditEvent };

const hour = 3_600_000;
/** Clocks differ; and a message waits 14 days in the queue, and 14 among what was given up. */
const [aheadMs, behindMs] = [hour / 12, 29 * 24 * hour];

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new RefusedMessage('it is not JSON');
  }
};

/** A part of a hostile message that a log and an attribute of a message may hold. */
const quoted = (text: string): string => JSON.stringify(text.slice(0, 60).toWellFormed());

const eventIn = (text: string): AuditEvent => {
  const bytes = Buffer.byteLength(text);
  if (bytes > 2 * mostEventBytes)
    throw new RefusedMessage(`it has ${bytes} bytes, and an event has at most ${mostEventBytes}`);
  const document = jsonOf(text);
  const version = versioned.safeParse(document);
  if (!version.success) throw new RefusedMessage('it names no schema');
  const reader = readers[version.data.schema];
  if (reader === undefined || !Object.hasOwn(readers, version.data.schema)) {
    const known = Object.keys(readers).join(', ');
    throw new RefusedMessage(
      `its schema is ${quoted(version.data.schema)}, and only ${known} is known`,
    );
  }
  const { success, data, error } = reader.safeParse(document);
  if (success) return data;
  const [issue] = error.issues;
  throw new RefusedMessage(
    `it does not fit ${auditSchema}: ${quoted(issue?.path.join('.') || 'the event')}: ` +
      (issue?.message ?? 'unknown'),
  );
};

const requireProducer = (
  { producer }: AuditEvent,
  topic: string,
  { systems, functions }: Publishers,
): void => {
  const publisher = systems[topic];
  if (publisher === undefined)
    throw new RefusedMessage(`${quoted(topic)} is no topic of the audit`);
  if (producer.system !== publisher)
    throw new RefusedMessage(`it came from ${publisher} and says that it is of ${producer.system}`);
  if (!functions[producer.system].includes(producer.function))
    throw new RefusedMessage(
      `${producer.system} has no function ${quoted(producer.function)} that writes audit events`,
    );
};

const requireTime = ({ time }: AuditEvent, now: number): void => {
  const at = Date.parse(time);
  if (at > now + aheadMs) throw new RefusedMessage(`its time ${time} has not come yet`);
  if (at < now - behindMs) throw new RefusedMessage(`its time ${time} is more than 29 days ago`);
};

/** The event in a message of the queue, if it is one that may be kept. */
export const readMessage = (body: string, publishers: Publishers, now: number): AuditEvent => {
  const envelope = notification.safeParse(jsonOf(body));
  if (!envelope.success) throw new RefusedMessage('it did not come through a topic');
  const { TopicArn, Message } = envelope.data;
  const event = eventIn(Message);
  requireProducer(event, TopicArn, publishers);
  requireTime(event, now);
  return event;
};
