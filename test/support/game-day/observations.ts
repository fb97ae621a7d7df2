import type { EntryAttempt, Observations } from '../../../game-day/observations.ts';
import type { ProbeCall } from '../../../game-day/probe.ts';
import { everyCase } from './case.ts';

const call = (
  probe: string,
  side: ProbeCall['side'],
  at: number,
  outcome: ProbeCall['outcome'],
): ProbeCall => ({
  probe,
  side,
  at,
  ms: 5,
  outcome,
  answer:
    outcome === 'allowed'
      ? 'ok'
      : outcome === 'denied'
        ? 'AccessDenied: … with an explicit deny in an identity-based policy'
        : 'Error: reset',
});

const beat = 250;
/**
 * The finding, the first denied call, the release, and when all was over; the calls between are 250
 * ms apart.
 */
export const times = { start: 0, injected: 1_000, denied: 1_500, released: 6_000, end: 8_000 };

/** What a perfect drill would have seen of its probes. */
export const calls = (): ProbeCall[] => {
  const found: ProbeCall[] = [];
  for (let at = times.start; at < times.end; at += beat) {
    found.push(call('theft', 'attacker', at, at >= times.denied ? 'denied' : 'allowed'));
    found.push(call('neighbour', 'bystander', at, 'allowed'));
  }
  return found;
};

const attempts: EntryAttempt[] = [
  { entryPoint: 'invoking', moment: 'before', outcome: 'open', answer: 'ok' },
  {
    entryPoint: 'invoking',
    moment: 'contained',
    outcome: 'refused',
    answer: 'TooManyRequestsException: …',
  },
  { entryPoint: 'invoking', moment: 'after', outcome: 'open', answer: 'ok' },
];

const key = (name: string) => `incidents/2026/11/21/inc-20261121-7f3k2m8q/${name}`;
const names = [
  'findings/1.json',
  'function/code.zip',
  'function/configuration.json',
  'report/v2.txt',
  'manifest.json',
];

/** Everything that a drill sees when all is well. */
export const perfect = (): Observations => ({
  workload: { functionName: 'orders', roleName: 'orders-role' },
  responders: ['contain.quarantine-role'],
  injectedAt: times.injected,
  releasedAt: times.released,
  openAgainAt: times.end,
  calls: calls(),
  attempts,
  contained: everyCase(),
  closed: everyCase(),
  evidence: names.map((name) => ({ key: key(name), wanted: 'a1', got: 'a1' })),
  timeline: [
    {
      at: new Date(times.start).toISOString(),
      action: 'sts:GetCallerIdentity',
      outcome: 'allowed',
    },
    { at: new Date(times.start).toISOString(), action: 'iam:ListRoles', outcome: 'AccessDenied' },
  ],
  report:
    'What breaks\n  Routes that fail until it is released: POST /products and PUT /products/*.\n',
  released: {
    execution: 'arn',
    status: 'SUCCEEDED',
    released: true,
    by: 'arn:me',
    actions: [{}],
    error: null,
    notRenewed: null,
    refused: null,
  },
  mails: everyCase().mails.map(({ subject }) => ({
    file: 'x',
    from: 'a',
    to: 'b',
    subject,
    at: '',
    body: 'inc-20261121-7f3k2m8q',
  })),
  differences: [],
  notCompared: [],
  leftovers: [],
  stoppedBy: null,
});
