import { describe, expect, it } from 'vitest';
import { containmentChecks } from '../../../game-day/checks.ts';
import { judged, noObservations } from '../../../game-day/drill.ts';
import { probeClocks } from '../../../game-day/judge-attack.ts';
import { reportNamesRoutes } from '../../../game-day/judge-record.ts';
import type { EntryAttempt, Observations } from '../../../game-day/observations.ts';
import type { ProbeCall } from '../../../game-day/probe.ts';
import { everyCase } from '../../support/game-day/case.ts';
import { calls, perfect, times } from '../../support/game-day/observations.ts';

const drill = { id: 'a-drill', checks: containmentChecks };
const failed = (observations: Observations) =>
  judged(drill, observations, 'inc').checks.filter(({ passed }) => !passed);
const names = (observations: Observations) => failed(observations).map(({ name }) => name);
const where = (pick: (call: ProbeCall) => boolean, change: Partial<ProbeCall>): ProbeCall[] =>
  calls().map((call) => (pick(call) ? { ...call, ...change } : call));

it('a perfect drill passes every check', () => {
  expect(judged(drill, perfect(), 'inc')).toMatchObject({ passed: true, restored: true });
  expect(failed(perfect())).toEqual([]);
});

it('a drill that saw nothing passes no check', () => {
  const { responders, workload } = perfect();
  const stoppedBy = 'the engine ended';
  const nothing = { ...noObservations({ responders }, workload), stoppedBy };
  const { checks, passed, restored } = judged(drill, nothing, null);

  expect(checks.filter((check) => check.passed)).toEqual([]);
  expect([passed, restored]).toEqual([false, false]);
});

it('a role may be denied to one function before it is denied whole, and not the other way round', () => {
  const found = everyCase();
  const [action] = found.actions;
  if (!action) throw new Error('the case has an action');
  const early = { ...action, responder: 'contain.quarantine-function' };
  const widened = { ...found, actions: [...found.actions, early] };
  const alone = {
    ...found,
    actions: [
      ...found.actions.filter(({ responder }) => responder !== 'contain.quarantine-role'),
      early,
    ],
  };

  expect(names({ ...perfect(), contained: widened })).toEqual([]);
  expect(names({ ...perfect(), contained: alone })).toEqual(['Cordon says that it is contained']);
  expect(
    names({
      ...perfect(),
      contained: {
        ...found,
        actions: [...found.actions, { ...action, responder: 'contain.deny-user' }],
      },
    }),
  ).toEqual(['Cordon says that it is contained']);
});

describe('the routes that the report names', () => {
  const tried = (
    entryPoint: string,
    outcome: EntryAttempt['outcome'] = 'refused',
  ): EntryAttempt => ({
    entryPoint,
    moment: 'contained',
    outcome,
    answer: 'HTTP 500',
  });
  const judge = (observations: Partial<Observations>) =>
    reportNamesRoutes({ ...perfect(), ...observations });

  it('are those that failed', () => {
    const attempts = [
      tried('POST /products'),
      tried('PUT /products/6f1c2b8e-0d5f-4a55-9d0a-0d5f4a559d0a'),
      tried('GET /status', 'open'),
    ];
    expect(judge({ attempts })).toMatchObject({
      passed: true,
      detail: 'POST /products and PUT /products/*',
    });
  });

  it.each([
    [
      'one is missing',
      { attempts: [tried('POST /products'), tried('DELETE /products')] },
      /DELETE \/products fails, and the report/,
    ],
    ['none was seen to fail', { attempts: [] }, /no route was seen to fail/],
    ['there is no report', { attempts: [tried('POST /products')], report: null }, /not seen/],
    [
      'the report says nothing of routes',
      { attempts: [tried('POST /products')], report: 'All is well.' },
      /POST \/products fails/,
    ],
  ])('are wrong when %s', (_name, observations, detail) => {
    expect(judge(observations)).toMatchObject({
      passed: false,
      detail: expect.stringMatching(detail),
    });
  });
});

it('a drill without checks has not passed', () => {
  expect(judged({ id: 'a-drill', checks: [] }, perfect(), 'inc').passed).toBe(false);
});

it('says when the last call worked and the first was refused', () => {
  expect(probeClocks(perfect())).toEqual({
    lastAllowed: times.denied - 250,
    firstDenied: times.denied,
  });
});

const isAttack = ({ side }: ProbeCall) => side === 'attacker';
const contained = (call: ProbeCall) =>
  isAttack(call) && call.at >= times.denied && call.at < times.released;

const spoilt: readonly (readonly [string, Partial<Observations>, string])[] = [
  [
    'the attacker’s probe makes no call',
    { calls: calls().filter((call) => !isAttack(call)) },
    'the stolen session is denied',
  ],
  [
    'the attacker’s probe stops early',
    { calls: calls().filter((call) => !isAttack(call) || call.at < 2_000) },
    'the stolen session is denied',
  ],
  [
    'the attack never worked',
    { calls: where((call) => isAttack(call) && call.at < times.injected, { outcome: 'denied' }) },
    'the attack works before the finding',
  ],
  [
    'one call gets through before the release',
    { calls: where((call) => isAttack(call) && call.at === 5_500, { outcome: 'allowed' }) },
    'the stolen session is denied',
  ],
  [
    'the refusal is not an explicit deny',
    { calls: where(contained, { answer: 'AccessDenied: no policy allows it' }) },
    'the stolen session is denied',
  ],
  [
    'the network failed instead of IAM',
    { calls: where(contained, { outcome: 'failed', answer: 'Error: reset' }) },
    'the stolen session is denied',
  ],
  [
    'it took too long',
    { calls: where((call) => contained(call), { outcome: 'allowed' }) },
    'containment is fast',
  ],
  [
    'a neighbour loses one call',
    { calls: where(({ side, at }) => side === 'bystander' && at === 3_000, { outcome: 'denied' }) },
    'the neighbour keeps working',
  ],
  [
    'nobody called the neighbour',
    { calls: calls().filter(isAttack) },
    'the neighbour keeps working',
  ],
  [
    'the function does not work again',
    {
      attempts: perfect().attempts.map((attempt) =>
        attempt.moment === 'after' ? { ...attempt, outcome: 'refused' } : attempt,
      ),
    },
    'everything works again after the release',
  ],
  [
    'the stolen session works once after the release',
    { calls: where((call) => isAttack(call) && call.at === 6_500, { outcome: 'allowed' }) },
    'the stolen session stays denied after the release',
  ],
  [
    'the network fails once after the release',
    { calls: where((call) => isAttack(call) && call.at === 6_500, { outcome: 'failed' }) },
    'the stolen session stays denied after the release',
  ],
  [
    'an entry point stays open',
    { attempts: perfect().attempts.map((one) => ({ ...one, outcome: 'open' })) },
    'every other way in is shut while contained',
  ],
  [
    'an entry point fails instead of refusing',
    { attempts: perfect().attempts.map((one) => ({ ...one, outcome: 'failed' })) },
    'every other way in is shut while contained',
  ],
  [
    'an object has another hash',
    { evidence: [{ key: 'x', wanted: 'a1', got: 'b2' }] },
    'evidence is there and unaltered',
  ],
  [
    'the timeline is of an earlier drill',
    { calls: calls().map((call) => ({ ...call, at: call.at + 60_000 })) },
    'the timeline tells what the session did',
  ],
  [
    'a mail is missing in the inbox',
    { mails: perfect().mails?.slice(1) ?? null },
    'the security team was told',
  ],
  [
    'a mail came twice',
    { mails: [...(perfect().mails ?? []), ...(perfect().mails ?? [])] },
    'the security team was told',
  ],
  [
    'something is different afterwards',
    { differences: ['role x: tags: was [], is ["a=b"]'] },
    'the account is as it was before',
  ],
  [
    'something could not be taken back',
    { leftovers: ['the user x could not be taken back: Error'] },
    'the account is as it was before',
  ],
  ['it was interrupted', { stoppedBy: 'stopped by SIGINT' }, 'the drill ran to its end'],
];

describe('a drill fails when', () => {
  it.each(spoilt)('%s', (_what, change, name) => {
    expect(names({ ...perfect(), ...change })).toContain(name);
    expect(judged(drill, { ...perfect(), ...change }, 'inc').passed).toBe(false);
  });

  it('another workload was contained', () => {
    const found = everyCase();
    const other = {
      ...found,
      head: {
        ...found.head,
        suspect: {
          kind: 'function' as const,
          functionName: 'innocent',
          roleName: 'orders-role',
          sharing: 'sole' as const,
        },
      },
    };
    expect(names({ ...perfect(), contained: other })).toEqual(['Cordon says that it is contained']);
  });

  it('a responder acted that was not called for, or one did not', () => {
    expect(names({ ...perfect(), responders: [] })).toEqual(['Cordon says that it is contained']);
    expect(
      names({ ...perfect(), responders: ['contain.quarantine-role', 'contain.pause-function'] }),
    ).toEqual(['Cordon says that it is contained']);
  });

  it('a stage failed', () => {
    const found = everyCase();
    const stages = found.stages.map((stage) =>
      stage.name === 'report1' ? { ...stage, status: 'failed' as const, error: 'Error' } : stage,
    );
    expect(failed({ ...perfect(), closed: { ...found, stages } })).toEqual([
      { name: 'every stage ran', passed: false, detail: 'report1: failed Error' },
    ]);
  });

  it('what could not be taken back is named, and nothing counts as restored', () => {
    const leftovers = ['the code of orders could not be taken back: it is busy'];
    expect(failed({ ...perfect(), leftovers })).toEqual([
      { name: 'the account is as it was before', passed: false, detail: leftovers[0] },
    ]);
    expect(judged(drill, { ...perfect(), leftovers }, 'inc').restored).toBe(false);
    expect(judged(drill, { ...perfect(), leftovers: null }, 'inc').restored).toBe(false);
  });

  it('the release did not take everything back', () => {
    const released = {
      execution: 'arn',
      status: 'FAILED',
      released: false,
      by: 'me',
      actions: [],
      error: 'EdgeError',
      notRenewed: null,
      refused: null,
    };
    expect(names({ ...perfect(), released })).toEqual(['the release took everything back']);
  });
});
