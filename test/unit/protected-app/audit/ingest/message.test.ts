import { describe, expect, it } from 'vitest';
import {
  type Publishers,
  RefusedMessage,
  readMessage,
} from '../../../../../protected-app/audit/ingest/message.ts';
import { producers } from '../../../../../protected-app/audit/producers.ts';
import fc from '../../../../support/property.ts';
import { sampleEvent } from '../../../../support/protected-app/audit-events.ts';

const topic = 'arn:aws:sns:us-east-1:123456789012:app-audit';
const ofCordon = 'arn:aws:sns:us-east-1:123456789012:cordon-audit';
const publishers: Publishers = {
  systems: { [topic]: 'protected-app', [ofCordon]: 'cordon' },
  functions: producers,
};
const now = Date.parse('2026-11-30T12:00:00.000Z');
const event = sampleEvent({ time: '2026-11-30T11:59:00.000Z' });

const delivered = (Message: string, TopicArn = topic): string =>
  JSON.stringify({ Type: 'Notification', MessageId: 'm-1', TopicArn, Message });

const refusalOf = (body: string): string => {
  try {
    return `was taken: ${JSON.stringify(readMessage(body, publishers, now))}`;
  } catch (error) {
    if (error instanceof RefusedMessage) return error.message;
    throw error;
  }
};

it('reads the event that a topic has delivered', () => {
  expect(readMessage(delivered(JSON.stringify(event)), publishers, now)).toEqual(event);
});

it('reads an event that has waited in both queues as long as they keep it', () => {
  const late = { ...event, time: '2026-11-01T12:00:00.000Z' };
  expect(readMessage(delivered(JSON.stringify(late)), publishers, now)).toEqual(late);
});

describe('refuses, with the reason,', () => {
  const changed = (fields: Readonly<Record<string, unknown>>) =>
    delivered(JSON.stringify({ ...event, ...fields }));

  it.each<readonly [string, string, string]>([
    ['what is not JSON', 'hello', 'it is not JSON'],
    ['what no topic has delivered', JSON.stringify(event), 'it did not come through a topic'],
    ['a message that is not JSON', delivered('{"schema"'), 'it is not JSON'],
    ['a message of a list', delivered('[]'), 'it names no schema'],
    ['a later version', changed({ schema: 'cordon-audit/2' }), 'only cordon-audit/1 is known'],
    ['a version named like a method', changed({ schema: 'toString' }), 'only cordon-audit/1'],
    ['256 KiB', delivered('x'.repeat(262_144)), 'it has 262144 bytes'],
    ['a field of another kind', changed({ outcome: 'fine' }), 'does not fit cordon-audit/1'],
    ['tomorrow', changed({ time: '2026-12-01T12:00:00.000Z' }), 'has not come yet'],
    ['1970', changed({ time: '1970-01-01T00:00:00.000Z' }), 'is more than 29 days ago'],
    ['29 days', changed({ time: '2026-11-01T11:59:59.999Z' }), 'is more than 29 days ago'],
    [
      'a system that writes as another',
      changed({ producer: { system: 'cordon', function: 'ContainmentLambda' } }),
      'it came from protected-app and says that it is of cordon',
    ],
    [
      'the same the other way round',
      delivered(JSON.stringify(event), ofCordon),
      'it came from cordon and says that it is of protected-app',
    ],
    [
      'a function that is none',
      changed({ producer: { system: 'protected-app', function: 'EvilService' } }),
      'protected-app has no function "EvilService"',
    ],
    ['a foreign topic', delivered(JSON.stringify(event), 'arn:evil'), 'is no topic of the audit'],
  ])('%s', (_words, body, reason) => {
    expect(refusalOf(body)).toContain(reason);
  });

  it('anything else, and never fails in another way', () => {
    const bodies = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.string({ unit: 'binary' }).map((text) => delivered(text)),
      fc.json().map((text) => delivered(text)),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        expect(refusalOf(body)).not.toContain('was taken');
      }),
    );
  });
});
