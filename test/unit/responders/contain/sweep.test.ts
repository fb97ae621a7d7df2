import {
  AttachRolePolicyCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { changeCallOf } from '../../../../responders/contain/change-call.ts';
import { release } from '../../../../responders/contain/release.ts';
import { checkAfter, sweep } from '../../../../responders/contain/sweep.ts';
import { update } from '../../../../responders/incident/case-table.ts';
import { denialDocument, denialName } from '../../../../responders/incident/denied-sessions.ts';
import { denialsKey, incidentKey } from '../../../../responders/incident/keys.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { saveMail } from '../../../../responders/incident/records.ts';
import { partition } from '../../../../responders/incident/table.ts';
import { aFunction, aRole, aWorld, quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { asked, contain } from '../../../support/responders/contained.ts';

type World = ReturnType<typeof fakeDeps>;
const hour = 3_600_000;
const nobody = async (): Promise<undefined> => undefined;
const named = (error: string) => Object.assign(new Error('no'), { name: error });
const stateOf = async ({ deps }: Pick<World, 'deps'>, id: string) =>
  (await readCase(deps.table, id)).head.state;
const rolePolicies = ({ account }: Pick<World, 'account'>) =>
  account.world.roles.get('orders-role')?.attached ?? new Set();
const call = (requestParameters: object, detail: object = {}) =>
  changeCallOf({ detail: { eventID: 'event-1', requestParameters, ...detail } });

describe('a sweep', () => {
  it('is silent about what holds', async () => {
    const { deps } = fakeDeps();
    await contain(deps, 'f1');
    expect(await sweep(null, deps)).toEqual({ tell: [], after: null, failed: 0 });
  });

  it('repairs what was taken back after the watch had ended, and tells it once an hour', async () => {
    const world = fakeDeps();
    const { deps, account, clock } = world;
    const { incidentId } = await contain(deps, 'f1');
    const takeBack = () => {
      rolePolicies(world).delete(quarantine.role);
      const workload = account.world.functions.get('orders');
      if (workload) workload.reserved = 100;
    };
    takeBack();
    expect((await sweep(null, deps)).tell).toEqual([incidentId]);
    expect(rolePolicies(world)).toContain(quarantine.role);
    expect(account.world.functions.get('orders')?.reserved).toBe(0);
    const { head, drifts } = await readCase(deps.table, incidentId);
    expect(head.state).toBe('contested');
    expect(drifts.map(({ changes }) => changes)).toEqual([
      ['contain.quarantine-role on orders-role', 'contain.pause-function on orders'],
    ]);
    const mail = { kind: 'hold', subject: 's', round: 1, at: clock.at };
    await saveMail(deps.table, incidentId, mail);
    takeBack();
    expect((await sweep(null, deps)).tell).toEqual([]);
    expect(rolePolicies(world)).toContain(quarantine.role);
    clock.at += hour;
    takeBack();
    expect((await sweep(null, deps)).tell).toEqual([incidentId]);
  });

  it('tries again what could not be contained, and tells when it is', async () => {
    const world = fakeDeps();
    const { deps, account, clock } = world;
    account.iam.on(AttachRolePolicyCommand).rejects(named('LimitExceeded'));
    const { incidentId, state } = await contain(deps, 'f1');
    expect(state).toBe('partial');
    expect((await sweep(null, deps)).tell).toEqual([incidentId]);
    await saveMail(deps.table, incidentId, { kind: 'hold', subject: 's', round: 1, at: clock.at });
    expect((await sweep(null, deps)).tell).toEqual([]);
    account.iam
      .on(AttachRolePolicyCommand)
      .callsFake(({ PolicyArn }) => void rolePolicies(world).add(PolicyArn));
    expect((await sweep(null, deps)).tell).toEqual([incidentId]);
    expect(await stateOf(world, incidentId)).toBe('contained');
  });

  it('leaves an incident alone that another run is changing', async () => {
    const world = fakeDeps();
    const { deps } = world;
    const { incidentId } = await contain(deps, 'f1');
    rolePolicies(world).delete(quarantine.role);
    const both = await Promise.all([sweep(null, deps), sweep(null, deps)]);
    expect(both.map(({ failed }) => failed)).toEqual([0, 0]);
    expect(both.flatMap(({ tell }) => tell)).toEqual([incidentId]);
    expect(rolePolicies(world)).toContain(quarantine.role);
  });

  it('contains nothing again while a release runs, nor after it', async () => {
    const world = fakeDeps();
    const { deps, account } = world;
    const before = structuredClone(account.world);
    const { incidentId } = await contain(deps, 'f1');
    await Promise.all([release(asked(incidentId), deps), sweep(null, deps)]).catch(() => undefined);
    await release(asked(incidentId), deps);
    await sweep(null, deps);
    expect(account.world).toEqual(before);
    expect(await stateOf(world, incidentId)).toBe('released');
  });

  it('goes on with the others when one hold cannot be checked, and says so', async () => {
    const world = fakeDeps();
    const { deps, cases } = world;
    const { incidentId } = await contain(deps, 'f1');
    const { incidentId: second } = await contain(deps, 'f2');
    rolePolicies(world).delete(quarantine.role);
    cases.items.delete(`INC#${incidentId}\nBEFORE#contain.quarantine-role#orders-role`);
    cases.items.set(`INC#${incidentId}\nACTION#spoilt`, {
      pk: { S: `INC#${incidentId}` },
      sk: { S: 'ACTION#spoilt' },
    });
    const swept = await sweep(null, deps);
    expect(swept).toMatchObject({ tell: [second], after: null, failed: 1 });
    expect(rolePolicies(world)).toContain(quarantine.role);
  });
});

describe('a call that may have changed a hold', () => {
  it.each([
    ['a role', { roleName: 'orders-role' }],
    ['a function', { functionName: 'orders' }],
    ['a function by its ARN', { functionName: 'arn:aws:lambda:eu-west-1:1:function:orders:live' }],
    [
      'a new function with the role',
      { functionName: 'x', role: 'arn:aws:iam::1:role/orders-role' },
    ],
  ])('starts a look at the incident that holds %s', async (_words, parameters) => {
    const world = fakeDeps();
    const { deps } = world;
    const { incidentId } = await contain(deps, 'f1');
    rolePolicies(world).delete(quarantine.role);
    const culprit = async () => 'arn:aws:sts::1:assumed-role/ci/job';
    expect((await checkAfter(call(parameters), null, deps, culprit)).tell).toEqual([incidentId]);
    expect(rolePolicies(world)).toContain(quarantine.role);
    expect((await readCase(deps.table, incidentId)).drifts[0]?.by).toBe(await culprit());
  });

  it('starts a look at the incident that contains a function which was given the role', async () => {
    const world = fakeDeps();
    const { deps } = world;
    const { incidentId } = await contain(deps, 'f1');
    const { head } = await readCase(deps.table, incidentId);
    if (head.suspect?.kind !== 'function') throw new Error('wanted a function');
    const suspect = { ...head.suspect, added: ['us-east-1/billing'] };
    await update(deps.table, incidentId, { suspect });
    rolePolicies(world).delete(quarantine.role);

    await checkAfter(call({ functionName: 'billing' }), null, deps, nobody);

    expect(rolePolicies(world)).toContain(quarantine.role);
  });

  it('reads the function of an event source from the answer', () => {
    const functionArn = 'arn:aws:lambda:eu-west-1:1:function:orders';
    expect(call({ uUID: 'u' }, { responseElements: { functionArn } }).functions).toEqual([
      'orders',
    ]);
  });

  it('reads nothing of an ARN that has no name, and nothing of an event without one', () => {
    expect(call({ functionName: 'arn:aws:lambda', roleName: '' })).toEqual({
      ...{ eventId: 'event-1', functions: [''], roles: [''], users: [] },
    });
    expect(changeCallOf({})).toEqual({ eventId: '', functions: [], roles: [], users: [] });
  });

  it('starts nothing for a workload that nobody holds, whatever it says', async () => {
    const { deps, account } = fakeDeps(
      aWorld({
        roles: new Map([
          ['orders-role', aRole()],
          ['victim-role', aRole()],
        ]),
        functions: new Map([
          ['orders', aFunction()],
          ['victim', aFunction({ role: 'victim-role' })],
        ]),
      }),
    );
    await contain(deps, 'f1');
    account.iam.resetHistory();
    account.lambda.resetHistory();
    const forged = call({ roleName: 'victim-role', functionName: 'victim' });
    expect(await checkAfter(forged, null, deps, nobody)).toMatchObject({ tell: [], failed: 0 });
    expect(account.iam.commandCalls(AttachRolePolicyCommand)).toHaveLength(0);
    expect(account.lambda.commandCalls(PutFunctionConcurrencyCommand)).toHaveLength(0);
  });

  it('is not answered for ever: after 30 repairs in an hour the sweep goes on', async () => {
    const world = fakeDeps();
    const { deps } = world;
    await contain(deps, 'f1');
    for (let round = 0; round < 35; round += 1) {
      rolePolicies(world).delete(quarantine.role);
      await checkAfter(call({ roleName: 'orders-role' }), null, deps, nobody);
    }
    expect(rolePolicies(world)).not.toContain(quarantine.role);
    await sweep(null, deps);
    expect(rolePolicies(world)).toContain(quarantine.role);
  });
});

describe('a revision of a finding', () => {
  it('has a partial containment tried again, and told', async () => {
    const world = fakeDeps();
    const { deps, account } = world;
    account.iam.on(AttachRolePolicyCommand).rejectsOnce(named('LimitExceeded'));
    account.iam.on(ListAttachedRolePoliciesCommand).callsFake(() => ({
      AttachedPolicies: [...rolePolicies(world)].map((PolicyArn) => ({ PolicyArn })),
    }));
    const { incidentId, state } = await contain(deps, 'f1');
    expect(state).toBe('partial');
    account.iam
      .on(AttachRolePolicyCommand)
      .callsFake(({ PolicyArn }) => void rolePolicies(world).add(PolicyArn));
    const again = await contain(deps, 'f1', { updatedAt: '2026-11-21T10:30:00.000Z' });
    expect(again).toMatchObject({ incidentId, next: 'hold', state: 'contained' });
  });
});

describe('a denial of earlier sessions', () => {
  const denied = async () => {
    const world = fakeDeps();
    const { deps, account, clock } = world;
    const { incidentId } = await contain(deps, 'f1');
    const inline = account.world.roles.get('orders-role')?.inline ?? new Map<string, string>();
    const document = denialDocument({ sessionName: 'orders', before: clock.at });
    inline.set(denialName('orders'), document);
    await release({ ...asked(incidentId), letSessionsLive: false }, deps);
    const sessions = async () => (await readCase(deps.table, incidentId)).head.release?.sessions;
    return { ...world, incidentId, inline, sessions };
  };
  const expiries = async ({ deps }: Pick<World, 'deps'>) =>
    (await partition(deps.table, denialsKey)).map(({ expiresAt }) => expiresAt);

  it('that somebody removes is told, and the incident says that sessions live', async () => {
    const world = await denied();
    const { deps, incidentId, inline, sessions, clock } = world;
    expect(await sweep(null, deps)).toMatchObject({ tell: [] });
    inline.clear();
    expect(await sweep(null, deps)).toMatchObject({ tell: [incidentId] });
    expect(await sessions()).toMatchObject({ denied: false });
    const mail = { kind: 'hold', subject: 's', round: 1, at: clock.at };
    await saveMail(deps.table, incidentId, mail);
    expect(await sweep(null, deps)).toMatchObject({ tell: [] });
    expect(await expiries(world)).toEqual([expect.any(Number)]);
  });

  it('that somebody removed is told by each look until its mail was sent', async () => {
    const world = await denied();
    const { deps, incidentId, inline } = world;
    inline.clear();
    expect(await sweep(null, deps)).toMatchObject({ tell: [incidentId] });
    expect(await sweep(null, deps)).toMatchObject({ tell: [incidentId] });
    expect(await expiries(world)).toEqual([undefined]);
  });

  it('that cannot be read counts as failed, and the holds are checked all the same', async () => {
    const world = await denied();
    const { deps, account } = world;
    const { incidentId: held } = await contain(deps, 'f2');
    rolePolicies(world).delete(quarantine.role);
    account.iam.on(GetRolePolicyCommand).rejects(named('Throttling'));

    expect(await sweep(null, deps)).toEqual({ tell: [held], after: null, failed: 1 });

    expect(rolePolicies(world)).toContain(quarantine.role);
    expect(await expiries(world)).toEqual([undefined]);
  });

  it('is not looked for when the sessions have expired', async () => {
    const { deps, clock, cases, incidentId, inline, sessions } = await denied();
    clock.at += 13 * hour;
    inline.clear();
    expect(await sweep(null, deps)).toMatchObject({ tell: [] });
    expect(await sessions()).toMatchObject({ denied: true });
    // Left to DynamoDB: a role that may delete items could delete incidents.
    expect(await partition(deps.table, denialsKey)).toMatchObject([
      { sk: incidentKey(incidentId), expiresAt: Math.floor(clock.at / 1_000) },
    ]);
    const { length } = cases.mock.calls();
    await sweep(null, deps);
    const again = cases.mock.calls().slice(length);
    const asked = again.map(({ args: [{ input }] }) => JSON.stringify(input));
    expect(asked.filter((input) => input.includes(incidentKey(incidentId)))).toEqual([]);
  });
});
