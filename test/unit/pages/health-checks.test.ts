// What the page of health calls well, and what not.
import { describe, expect, it } from 'vitest';

import './packages.ts';

import type { Health } from '../../../console/pages/src/api/calls.ts';
import { type HealthCheck, healthChecks } from '../../../console/pages/src/health/health-checks.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const hour = 3_600_000;

const subscriptions: NonNullable<Health['subscriptions']> = [
  { endpoint: 'team@example.com', protocol: 'email', state: 'safe' },
];
const breaker = { limit: 10, limitOfType: 5, minutes: 60, contained: 1, heldBack: [] };
const heartbeat: NonNullable<Health['heartbeat']> = {
  ...{ everyHours: 24, late: false, latest: null },
  lastSuccess: { at: now - hour, incidentId: 'inc-20261121-aaaaaaaa' },
};

const health = (over: Partial<Health> = {}): Health => ({
  ...{ at: now, deadLetters: 0, expired: [], tampering: [], failed: [] },
  ...{ subscriptions, breaker, heartbeat },
  selfCheck: { at: now - hour, late: false, differences: [] },
  ...over,
});

const checked = (over: Partial<Health>, id: string): HealthCheck | undefined =>
  healthChecks(health(over), now).find((check) => check.id === id);

it('where everything is well, every check says so, and no command is offered', () => {
  const checks = healthChecks(health(), now);
  expect(checks.map(({ id }) => id).sort()).toEqual([
    ...['breaker', 'dead-letters', 'expired', 'heartbeat', 'self-check', 'subscriptions'],
    'tampering',
  ]);
  for (const { id, tone, command } of checks)
    expect([id, tone, command]).toEqual([id, 'success', null]);
});

const attempt: NonNullable<Health['tampering']>[number] = {
  ...{ at: new Date(now - hour).toISOString(), eventId: 'e', call: 'iam:DetachRolePolicy' },
  ...{ resource: 'r', caller: 'c', from: '198.51.100.7', result: 'AccessDenied', times: 1 },
};

describe('what is not well', () => {
  it.each<[string, Partial<Health>, Partial<HealthCheck>]>([
    [
      'heartbeat',
      { heartbeat: { ...heartbeat, everyHours: null } },
      { tone: 'warning', verdict: 'Off' },
    ],
    [
      'heartbeat',
      { heartbeat: { ...heartbeat, late: true, lastSuccess: null } },
      { tone: 'warning', verdict: 'Not yet' },
    ],
    [
      'heartbeat',
      { heartbeat: { ...heartbeat, late: true } },
      { tone: 'danger', verdict: 'Overdue' },
    ],
    ['self-check', { selfCheck: null }, { tone: 'warning', verdict: 'Not yet' }],
    [
      'self-check',
      { selfCheck: { at: now, late: false, differences: ['a', 'b'] } },
      { tone: 'danger', verdict: '2 differences', lines: ['a', 'b'] },
    ],
    [
      'self-check',
      { selfCheck: { at: now - 5 * hour, late: true, differences: [] } },
      { tone: 'danger', verdict: 'Overdue' },
    ],
    ['dead-letters', { deadLetters: 3 }, { tone: 'danger', verdict: '3' }],
    ['subscriptions', { subscriptions: [] }, { tone: 'danger', verdict: 'Nobody' }],
    [
      'subscriptions',
      { subscriptions: [{ endpoint: 'x', protocol: 'email', state: 'pending' }] },
      { tone: 'danger', verdict: 'Nobody' },
    ],
    [
      'subscriptions',
      {
        subscriptions: [...subscriptions, { endpoint: 'x', protocol: 'email', state: 'open' }],
      },
      { tone: 'warning', verdict: 'Needs attention' },
    ],
    [
      'breaker',
      { breaker: { ...breaker, heldBack: ['inc-20261121-bbbbbbbb'] } },
      { tone: 'warning', verdict: 'Tripped' },
    ],
    ['tampering', { tampering: [attempt] }, { tone: 'warning', verdict: 'Tried' }],
    [
      'tampering',
      { tampering: [attempt, { ...attempt, result: 'done' }] },
      { tone: 'danger', verdict: 'Changed' },
    ],
    ['expired', { expired: ['orders until 2026-11-01'] }, { tone: 'warning', verdict: '1' }],
  ])('%s is told: %#', (id, over, wanted) => {
    expect(checked(over, id)).toMatchObject(wanted);
    // What needs somebody stands first.
    expect(healthChecks(health(over), now)[0]?.id).toBe(id);
  });

  it('danger stands before a warning', () => {
    const checks = healthChecks(health({ expired: ['x'], deadLetters: 1 }), now);
    expect(checks.slice(0, 2).map(({ id }) => id)).toEqual(['dead-letters', 'expired']);
  });
});

it('a call against Cordon is forgotten after a week', () => {
  const at = new Date(now - 8 * 24 * hour).toISOString();
  expect(checked({ tampering: [{ ...attempt, at, result: 'done' }] }, 'tampering')).toMatchObject({
    tone: 'success',
  });
});

it('what could not be read is not known, and hides nothing else', () => {
  const failed: Health['failed'] = [{ part: 'breaker', why: 'AccessDenied' }];
  const checks = healthChecks(health({ breaker: null, failed }), now);
  expect(checks[0]).toMatchObject({
    ...{ title: 'Circuit breaker', tone: 'danger', verdict: 'Not known' },
    says: 'It could not be read: AccessDenied',
  });
  expect(checks.filter(({ tone }) => tone === 'success')).toHaveLength(6);
});
