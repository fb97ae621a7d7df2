import { isIPv4, isIPv6 } from 'node:net';
import { expect, it } from 'vitest';
import {
  keyOfSecret,
  obfuscate,
  turnBack,
} from '../../../../../protected-app/audit/ingest/obfuscate.ts';
import { auditEvent } from '../../../../../protected-app/audit/schemas/event.ts';
import fc from '../../../../support/property.ts';
import { sampleEvent } from '../../../../support/protected-app/audit-events.ts';

const key = keyOfSecret('a secret of the tests');

const person = (id: string, address?: string) =>
  sampleEvent({ actor: { kind: 'person', id, ...(address && { address }) } });

it('hides who it was, in a text of the same form', () => {
  const id = '3f2b8c1e-0d7a-4b6c-9e51-7a2d94c0e6f8';

  const { actor } = obfuscate(key, person(id, '203.0.113.9'));

  expect(actor.id).not.toBe(id);
  expect(actor.id).toMatch(/^\w{8}-\w{4}-\w{4}-\w{4}-\w{12}$/);
  expect(isIPv4(actor.address ?? '')).toBe(true);
  expect(actor.address).not.toBe('203.0.113.9');
});

it('leaves functions and services as they are, and no address of theirs', () => {
  const event = sampleEvent({ actor: { kind: 'function', id: 'AIWorker', address: '10.0.0.7' } });

  const hidden = obfuscate(key, event);

  expect(hidden.actor.id).toBe('AIWorker');
  expect(hidden.actor.address).not.toBe('10.0.0.7');
});

it('gives one person one name, and another key another', () => {
  const [first, second] = [person('user@example.com'), person('user@example.com', '2001:db8::1')];

  expect(obfuscate(key, first).actor.id).toBe(obfuscate(key, second).actor.id);
  expect(obfuscate(keyOfSecret('another'), first).actor.id).not.toBe(
    obfuscate(key, first).actor.id,
  );
});

it('turns every person and address back, and both stay events', () => {
  const ids = fc
    .stringMatching(/^[\x21-\x7e]{4,60}$/)
    .filter((id) => (id.match(/[0-9A-Za-z]/g)?.length ?? 0) >= 4);
  fc.assert(
    fc.property(ids, fc.oneof(fc.ipV4(), fc.ipV6()), (id, address) => {
      const event = person(id, address);
      const hidden = obfuscate(key, event);
      expect(auditEvent.safeParse(hidden).success).toBe(true);
      expect(isIPv4(hidden.actor.address ?? '')).toBe(isIPv4(address));
      const back = turnBack(key, hidden).actor;
      expect(back.id).toBe(id);
      if (isIPv6(address)) expect(turnBack(key, obfuscate(key, event)).actor).toEqual(back);
      else expect(back.address).toBe(address);
    }),
  );
});

it.each([
  ['::', '0:0:0:0:0:0:0:0'],
  ['2001:db8::1', '2001:db8:0:0:0:0:0:1'],
  ['::ffff:192.0.2.1', '0:0:0:0:0:ffff:c000:201'],
  ['fe80::', 'fe80:0:0:0:0:0:0:0'],
])('turns %s back to the same address', (address, written) => {
  const back = turnBack(key, obfuscate(key, person('user@example.com', address)));

  expect(back.actor.address).toBe(written);
});
