import { expect, it } from 'vitest';
import { catalog } from '../../../../responders/contain/catalogue.ts';

const targetOf: Readonly<Record<string, string>> = {
  'contain.quarantine-function': 'orders-role/orders',
  'contain.quarantine-session': "web-role/i-0'x",
};

it.each(catalog.map(({ id, byHand }) => [id, byHand] as const))(
  '%s has a command that does it by hand, with every name quoted',
  (id, byHand) => {
    for (const target of [targetOf[id] ?? 'orders', `us-east-1/orders`]) {
      if (target.startsWith('us-east-1/') && targetOf[id] !== undefined) continue;
      const command = byHand?.(target) ?? '';
      expect(command).toMatch(/aws (iam|lambda) [a-z-]+/);
      expect(command).not.toMatch(/undefined|\[object/);
    }
  },
);
