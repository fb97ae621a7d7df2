import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import {
  AttachRolePolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { ListFunctionsCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { update } from '../../../../responders/incident/case-table.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { aFunction, aRole, aWorld, quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding, stolenSession } from '../../../support/fakes/findings.ts';

const arrival = (event: unknown, execution = 'execution-1', drill = false) => ({
  event,
  execution,
  drill,
});
const outcomes = async (deps: Parameters<typeof containFinding>[1], id: string) =>
  Object.fromEntries(
    (await readCase(deps.table, id)).actions.map(({ responder, outcome }) => [responder, outcome]),
  );
const attached = (world: ReturnType<typeof aWorld>, role = 'orders-role') => [
  ...(world.roles.get(role)?.attached ?? []),
];

describe('a finding about a function that has its role to itself', () => {
  it('quarantines the role and pauses the function', async () => {
    const { deps, account } = fakeDeps();

    const result = await containFinding(arrival(lambdaFinding()), deps);

    expect(result).toMatchObject({
      next: 'respond',
      state: 'contained',
      lagSeconds: 900,
      decision: { kind: 'contain' },
    });
    expect(attached(account.world)).toContain(quarantine.role);
    expect(account.world.functions.get('orders')?.reserved).toBe(0);
  });

  it('does the same for its stolen session', async () => {
    const { deps, account } = fakeDeps();
    const result = await containFinding(arrival(stolenSession()), deps);
    expect(result.state).toBe('contained');
    expect(attached(account.world)).toContain(quarantine.role);
  });

  it('writes once before it changes anything, and nothing stands between', async () => {
    const { deps, account, cases } = fakeDeps();
    const order: string[] = [];
    account.iam.on(AttachRolePolicyCommand).callsFake(() => void order.push('attach'));
    const write = cases.mock.commandCalls(TransactWriteItemsCommand);
    expect(write).toHaveLength(0);

    await containFinding(arrival(lambdaFinding()), deps);

    const first = cases.mock
      .calls()
      .findIndex(({ args: [command] }) => command instanceof TransactWriteItemsCommand);
    const changes = cases.mock
      .calls()
      .slice(0, first)
      .filter(({ args: [command] }) => !/^(Get|Query)/.test(command.constructor.name));
    expect(changes).toEqual([]);
    expect(order).toEqual(['attach']);
  });

  it('changes nothing when the before-records cannot be written', async () => {
    const { deps, account, cases } = fakeDeps();
    const worldBefore = structuredClone(account.world);
    cases.mock.on(TransactWriteItemsCommand).rejects(new Error('no table'));

    await expect(containFinding(arrival(lambdaFinding()), deps)).rejects.toThrow('no table');

    expect(account.world).toEqual(worldBefore);
  });
});

describe('a shared role', () => {
  const shared = () =>
    aWorld({
      functions: new Map([
        ['orders', aFunction()],
        ['other', aFunction({ role: 'x' })],
        ['neighbour', aFunction()],
      ]),
      roles: new Map([
        ['orders-role', aRole()],
        ['x', aRole()],
      ]),
    });

  it('is quarantined for the culprit only', async () => {
    const { deps, account } = fakeDeps(shared());
    const { incidentId } = await containFinding(arrival(lambdaFinding()), deps);
    expect(attached(account.world)).toContain(quarantine.function);
    expect(attached(account.world)).not.toContain(quarantine.role);
    expect(account.world.roles.get('orders-role')?.tags.get('cordon-quarantined-1')).toBe('orders');
    expect(account.world.functions.get('neighbour')?.reserved).toBeUndefined();
    expect(await outcomes(deps, incidentId)).toMatchObject({
      'contain.quarantine-function': 'contained',
    });
  });

  it('is treated as shared when nobody can say in time', async () => {
    const { deps, account } = fakeDeps();
    account.lambda.on(ListFunctionsCommand).callsFake(() => new Promise(() => undefined));
    const { incidentId, state } = await containFinding(arrival(lambdaFinding()), deps);
    expect(state).toBe('contained');
    expect((await readCase(deps.table, incidentId)).head.suspect).toMatchObject({
      sharing: 'unknown',
    });
    expect(attached(account.world)).toContain(quarantine.function);
  });

  it('is shared when somebody other than Lambda may assume it', async () => {
    const trust = JSON.stringify({
      Statement: [{ Principal: { Service: ['lambda.amazonaws.com', 'ec2.amazonaws.com'] } }],
    });
    const { deps, account } = fakeDeps(
      aWorld({ roles: new Map([['orders-role', aRole({ trust })]]) }),
    );
    await containFinding(arrival(lambdaFinding()), deps);
    expect(attached(account.world)).toContain(quarantine.function);
  });

  it('says in the outcome that all slots are taken, and still pauses the function', async () => {
    const tags = new Map([
      ['cordon-quarantined-1', 'a'],
      ['cordon-quarantined-2', 'b'],
      ['cordon-quarantined-3', 'c'],
    ]);
    const { deps } = fakeDeps(
      aWorld({
        roles: new Map([['orders-role', aRole({ tags })]]),
        functions: new Map([
          ['orders', aFunction()],
          ['a', aFunction()],
        ]),
      }),
    );
    const { incidentId, state } = await containFinding(arrival(lambdaFinding()), deps);
    expect(state).toBe('partial');
    expect((await readCase(deps.table, incidentId)).actions).toContainEqual(
      expect.objectContaining({
        responder: 'contain.quarantine-function',
        outcome: 'not-contained',
        reason: expect.stringContaining('3 quarantined functions (a, b, c)'),
      }),
    );
  });
});

describe('what fails does not hide or delay the rest', () => {
  it('says not contained when an applied change cannot be seen', async () => {
    const { deps, account } = fakeDeps();
    account.iam.on(AttachRolePolicyCommand).resolves({});
    const { incidentId, state } = await containFinding(arrival(lambdaFinding()), deps);
    expect(state).toBe('partial');
    expect(await outcomes(deps, incidentId)).toMatchObject({
      'contain.quarantine-role': 'applied',
      'contain.pause-function': 'contained',
    });
  });

  it('reports a denied call with its step and reason', async () => {
    const { deps, account } = fakeDeps();
    account.lambda
      .on(PutFunctionConcurrencyCommand)
      .rejects(Object.assign(new Error('no permission'), { name: 'AccessDeniedException' }));
    const { incidentId } = await containFinding(arrival(lambdaFinding()), deps);
    const paused = (await readCase(deps.table, incidentId)).actions.find(
      ({ responder }) => responder === 'contain.pause-function',
    );
    expect(paused).toMatchObject({
      outcome: 'not-contained',
      step: 'apply',
      reason: 'AccessDeniedException: no permission',
    });
  });

  it('does not wait for a responder whose reads hang', async () => {
    const { deps, account } = fakeDeps();
    account.iam.on(ListAttachedRolePoliciesCommand).callsFake(() => new Promise(() => undefined));
    // The reads never end, so that an end of the containment shows that it does not wait.
    const { incidentId, state } = await containFinding(arrival(lambdaFinding()), deps);
    expect(state).toBe('partial');
    expect(account.world.functions.get('orders')?.reserved).toBe(0);
    expect(await outcomes(deps, incidentId)).toMatchObject({
      'contain.quarantine-role': 'not-contained',
    });
  });
});

describe('an event that cannot be read', () => {
  it.each([null, [], 'text', 42, {}, { detail: null }, { detail: { id: 7 } }, undefined])(
    '%j is an incident that a person is told of',
    async (event) => {
      const { deps, account } = fakeDeps();
      const result = await containFinding(arrival(event), deps);
      expect(result).toMatchObject({
        next: 'respond',
        state: 'notify-only',
        decision: {
          kind: 'notify',
          reason: expect.stringMatching(/^the finding cannot be read: .*wanted/),
        },
      });
      expect(account.sent()).toEqual([]);
      expect((await containFinding(arrival(event, 'again'), deps)).next).toBe('none');
    },
  );
});

it('observe mode decides and plans, and sends nothing that changes anything', async () => {
  const { deps, account, cases } = fakeDeps(undefined, {
    observe: { everything: true, types: [], tags: [] },
  });
  const worldBefore = structuredClone(account.world);
  const { incidentId, state } = await containFinding(arrival(lambdaFinding()), deps);
  expect(state).toBe('notify-only');
  expect(account.world).toEqual(worldBefore);
  expect(await outcomes(deps, incidentId)).toMatchObject({ 'contain.quarantine-role': 'planned' });
  // A hold for what is not held would keep the release of another incident from freeing it.
  expect([...cases.items.keys()].filter((key) => /BEFORE#|TARGET#/.test(key))).toEqual([]);
});

it('a retry in observe mode plans, too', async () => {
  const { deps, cases } = fakeDeps(undefined, {
    observe: { everything: true, types: [], tags: [] },
  });
  const { incidentId } = await containFinding(arrival(lambdaFinding()), deps);
  await update(deps.table, incidentId, { state: 'open' });
  for (const key of cases.items.keys()) if (key.includes('ACTION#')) cases.items.delete(key);

  expect((await containFinding(arrival(lambdaFinding()), deps)).state).toBe('notify-only');
  expect(await outcomes(deps, incidentId)).toMatchObject({ 'contain.quarantine-role': 'planned' });
});

it('puts no name into an AWS call that AWS would not accept', async () => {
  for (const functionName of [
    '*',
    '../x',
    'a:b',
    '{{x}}',
    'a\u0000b',
    'x'.repeat(65),
    '\u202eevil',
  ])
    for (const event of [
      lambdaFinding({ functionName }),
      stolenSession(`AROAEXAMPLEEXAMPLE01:${functionName}`),
      stolenSession(undefined, functionName === 'x'.repeat(65) ? '*' : functionName),
    ]) {
      const { deps, account } = fakeDeps();
      const { decision } = await containFinding(arrival(event), deps);
      expect(decision.kind).toBe('notify');
      expect(account.iam.commandCalls(GetRoleCommand)).toHaveLength(0);
      expect(account.sent()).toEqual([]);
    }
});
