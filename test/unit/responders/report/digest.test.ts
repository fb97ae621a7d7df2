import { expect, it } from 'vitest';
import { digest } from '../../../../responders/report/digest.ts';

it('a release in a digest says whether earlier sessions stay denied', () => {
  const notice = {
    ...{ incident: 'inc-20261121-7f3k2m8q', kind: 'release', round: 1, at: 0 },
    subject: 'Cordon HIGH released: orders',
    body: 'What:  orders\nState: released\nSessions:  denied until 12:00\n',
  };

  const { body } = digest([notice, { ...notice, body: 'State: released\n' }], 2, 0);

  expect(body).toContain('* Cordon HIGH released: orders\n    released\n    Sessions');
  expect(body.match(/denied until 12:00/g)).toHaveLength(1);
});

it('what no incident records is named with its execution and its reason', () => {
  const notice = { incident: 'heartbeat', kind: 'heartbeat', round: 0, at: 0 };
  const subject = 'Cordon: the heartbeat FAILED: the canary was not released';
  const body = 'Where: arn:of:execution\nState: look\n\nWhy:   Error: it is gone\n';

  expect(digest([{ ...notice, subject, body }], 1, 0).body).toContain(
    `* ${subject}\n    look\n    Where: arn:of:execution\n    Why: Error: it is gone\n`,
  );
});
