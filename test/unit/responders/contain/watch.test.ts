import {
  AttachRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import {
  GetFunctionConcurrencyCommand,
  ListFunctionsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { release } from '../../../../responders/contain/release.ts';
import { watch } from '../../../../responders/contain/watch.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { letter } from '../../../../responders/report/mail.ts';
import { BusyError } from '../../../../responders/shared/errors.ts';
import {
  aFunction,
  aRole,
  aWorld,
  functionArn,
  quarantine,
  roleArn,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { place } from '../../../support/responders/report/samples.ts';

const contain = (deps: Parameters<typeof containFinding>[1], severity = 8) =>
  containFinding({ event: lambdaFinding({ severity }), execution: 'e', drill: false }, deps);
const role = (account: ReturnType<typeof fakeDeps>['account']) =>
  account.world.roles.get('orders-role');

describe('looking again', () => {
  it('is content with what holds, and changes nothing', async () => {
    const { deps, account } = fakeDeps();
    const { incidentId } = await contain(deps);
    const worldBefore = structuredClone(account.world);
    account.iam.resetHistory();

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contained' });

    expect(account.world).toEqual(worldBefore);
    expect(account.iam.commandCalls(AttachRolePolicyCommand)).toHaveLength(0);
  });

  it('puts back what somebody removed, and calls the incident contested', async () => {
    const { deps, account, lines } = fakeDeps();
    const { incidentId } = await contain(deps);
    role(account)?.attached.delete(quarantine.role);

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contested' });

    expect(role(account)?.attached).toContain(quarantine.role);
    expect(lines.join('\n')).toContain('contain.quarantine-role on orders-role');
    expect((await watch(incidentId, deps)).state).toBe('contested');
  });

  it('is not certain where a role cannot be read, and looks again', async () => {
    const { deps, account } = fakeDeps();
    const { incidentId } = await contain(deps);
    const slow = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    account.iam.on(GetRoleCommand).rejects(slow);

    expect(await watch(incidentId, deps)).toMatchObject({ holds: false, state: 'contained' });
  });

  it('reports a role that was deleted and made again, once, whatever is attached to it', async () => {
    const { deps, account } = fakeDeps();
    const { incidentId } = await contain(deps);
    const id = 'AROAEXAMPLEEXAMPLE99';
    account.world.roles.set('orders-role', aRole({ id, attached: new Set([quarantine.role]) }));

    expect(await watch(incidentId, deps)).toMatchObject({ state: 'contested' });
    expect(await watch(incidentId, deps)).toMatchObject({ state: 'contested' });

    const incident = await readCase(deps.table, incidentId);
    expect(incident.drifts.map(({ changes }) => changes)).toEqual([
      [`role orders-role, deleted and made again (${id}, before ${aRole().id})`],
    ]);
    const { body } = letter(incident, 'hold', place);
    expect(body).toContain('deleted and made again (AROAEXAMPLEEXAMPLE99');
    expect(body).not.toContain('State: CONTAINED');
  });

  it('denies the role that was made again, and never calls it contained', async () => {
    const { deps, account } = fakeDeps();
    const { incidentId } = await contain(deps);
    const remade = aRole({ id: 'AROAEXAMPLEEXAMPLE99' });
    account.world.roles.set('orders-role', remade);
    let isBroken = true;
    account.iam.on(AttachRolePolicyCommand).callsFake(({ PolicyArn }) => {
      if (isBroken) throw new Error('5xx');
      remade.attached.add(PolicyArn);
    });

    expect(await watch(incidentId, deps)).toMatchObject({ holds: false, state: 'partial' });
    isBroken = false;
    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contested' });

    expect(remade.attached).toContain(quarantine.role);
  });

  it('keeps the outcomes of a workload that was deleted: it cannot act any more', async () => {
    const { deps, account } = fakeDeps();
    const { incidentId } = await contain(deps);
    const before = await readCase(deps.table, incidentId);
    account.world.roles.delete('orders-role');
    account.world.functions.delete('orders');

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contained' });

    expect((await readCase(deps.table, incidentId)).actions).toEqual(before.actions);
  });

  it('sees an accepted change become effective, and notes when', async () => {
    const { deps, account } = fakeDeps();
    let visible = false;
    account.iam.on(ListAttachedRolePoliciesCommand).callsFake(() => ({
      AttachedPolicies: visible
        ? [...(role(account)?.attached ?? [])].map((PolicyArn) => ({ PolicyArn }))
        : [],
    }));
    const { incidentId, state } = await contain(deps);
    expect(state).toBe('partial');
    visible = true;

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contained' });

    const { head } = await readCase(deps.table, incidentId);
    expect(head.clocks.effective).toBeGreaterThan(head.clocks.accepted ?? 0);
  });

  it('does again what failed the first time, from the record that was saved then', async () => {
    const { deps, account } = fakeDeps();
    let broken = true;
    account.lambda
      .on(PutFunctionConcurrencyCommand)
      .callsFake(({ FunctionName, ReservedConcurrentExecutions }) => {
        if (broken) throw new Error('5xx');
        const paused = account.world.functions.get(FunctionName);
        if (paused) paused.reserved = ReservedConcurrentExecutions;
      });
    const { incidentId } = await contain(deps);
    broken = false;
    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contained' });
    expect(account.world.functions.get('orders')?.reserved).toBe(0);
  });

  it('saves the before-record of a slow read first, so that a release restores it too', async () => {
    const { deps, account } = fakeDeps();
    const worldBefore = structuredClone(account.world);
    let hanging = true;
    account.iam.on(ListAttachedRolePoliciesCommand).callsFake(() =>
      hanging
        ? new Promise(() => undefined)
        : {
            AttachedPolicies: [...(role(account)?.attached ?? [])].map((PolicyArn) => ({
              PolicyArn,
            })),
          },
    );
    const { incidentId, state } = await contain(deps);
    expect(state).toBe('partial');
    hanging = false;

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contained' });

    await release({ incidentId, by: 'anna', reason: 'clean', letSessionsLive: true }, deps);
    expect(account.world).toEqual(worldBefore);
  });

  it('widens to the whole role once it is clear that nobody else uses it', async () => {
    const { deps, account } = fakeDeps();
    const worldBefore = structuredClone(account.world);
    let hanging = true;
    account.lambda.on(ListFunctionsCommand).callsFake(() =>
      hanging
        ? new Promise(() => undefined)
        : {
            Functions: [
              {
                FunctionName: 'orders',
                FunctionArn: functionArn('orders'),
                Role: roleArn(account.world, 'orders-role'),
              },
            ],
          },
    );
    const { incidentId } = await contain(deps);
    expect(role(account)?.attached).not.toContain(quarantine.role);
    hanging = false;

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true });

    expect(role(account)?.attached).toContain(quarantine.role);
    expect((await readCase(deps.table, incidentId)).head.suspect).toMatchObject({
      sharing: 'sole',
    });
    await release({ incidentId, by: 'anna', reason: 'clean', letSessionsLive: true }, deps);
    expect(account.world).toEqual(worldBefore);
  });

  it('also finishes the containment of the function when it widens to the whole role', async () => {
    const { deps, account } = fakeDeps();
    const worldBefore = structuredClone(account.world);
    let hanging = true;
    const slowly = (answer: () => object) => () =>
      hanging ? new Promise(() => undefined) : answer();
    account.lambda.on(ListFunctionsCommand).callsFake(
      slowly(() => ({
        Functions: [
          {
            FunctionName: 'orders',
            FunctionArn: functionArn('orders'),
            Role: roleArn(account.world, 'orders-role'),
          },
        ],
      })),
    );
    account.iam.on(ListAttachedRolePoliciesCommand).callsFake(
      slowly(() => ({
        AttachedPolicies: [...(role(account)?.attached ?? [])].map((PolicyArn) => ({
          PolicyArn,
        })),
      })),
    );
    const { incidentId } = await contain(deps);
    const outcomes = async () =>
      Object.fromEntries(
        (await readCase(deps.table, incidentId)).actions.map(({ responder, outcome }) => [
          responder,
          outcome,
        ]),
      );
    expect((await outcomes())['contain.quarantine-function']).toBe('not-contained');
    hanging = false;

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contained' });

    expect(new Set(Object.values(await outcomes()))).toEqual(new Set(['contained']));
    role(account)?.attached.delete(quarantine.function);
    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contested' });
    await release({ incidentId, by: 'anna', reason: 'clean', letSessionsLive: true }, deps);
    expect(account.world).toEqual(worldBefore);
  });

  it('notes the first change where it is the first that could change anything', async () => {
    const { deps } = fakeDeps();
    const blind = deps.catalog.map((responder) => ({
      ...responder,
      before: () => Promise.reject(new Error('5xx')),
    }));
    const { incidentId, state } = await contain({ ...deps, catalog: blind });
    expect([state, (await readCase(deps.table, incidentId)).head.clocks.accepted]).toEqual([
      'not-contained',
      null,
    ]);

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contained' });

    const { actions, head } = await readCase(deps.table, incidentId);
    const times = (key: 'acceptedMs' | 'effectiveMs') =>
      actions.map((action) => action[key] ?? Number.NaN);
    expect(head.clocks).toMatchObject({
      accepted: Math.min(...times('acceptedMs')),
      effective: Math.max(...times('effectiveMs')),
    });
    await watch(incidentId, deps);
    expect((await readCase(deps.table, incidentId)).head.clocks).toEqual(head.clocks);
  });

  it('leaves alone what a release has begun to take back', async () => {
    const { deps, account } = fakeDeps();
    const { incidentId } = await contain(deps);
    account.iam
      .on(DetachRolePolicyCommand)
      .rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    expect(
      (await release({ incidentId, by: 'anna', reason: 'clean', letSessionsLive: true }, deps))
        .state,
    ).toBe('partial');

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'partial' });
    expect(account.world.functions.get('orders')?.reserved).toBeUndefined();
  });

  it('and a release wait for each other: neither takes back what the other is doing', async () => {
    const { deps, account } = fakeDeps();
    const { incidentId } = await contain(deps);
    const reserved = () => ({
      ReservedConcurrentExecutions: account.world.functions.get('orders')?.reserved,
    });
    let seen = 0;
    account.lambda.on(GetFunctionConcurrencyCommand).callsFake(async () => {
      seen += 1;
      if (seen > 1) return reserved();
      await expect(
        release({ incidentId, by: 'anna', reason: 'clean', letSessionsLive: true }, deps),
      ).rejects.toThrow(BusyError);
      return reserved();
    });

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contained' });
    await release({ incidentId, by: 'anna', reason: 'clean', letSessionsLive: true }, deps);

    const { head, actions } = await readCase(deps.table, incidentId);
    expect(head.state).toBe('released');
    expect(new Set(actions.map(({ outcome }) => outcome))).toEqual(new Set(['released']));
    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'released' });
  });

  it('pauses the other event sources where one cannot be changed now', async () => {
    const mappings = new Map([
      ['stuck', 'Enabled'],
      ['u2', 'Enabled'],
    ]);
    const { deps, account } = fakeDeps(
      aWorld({ functions: new Map([['orders', aFunction({ mappings })]]) }),
    );
    const inUse = Object.assign(new Error('being updated'), { name: 'ResourceInUseException' });
    account.lambda.on(UpdateEventSourceMappingCommand, { UUID: 'stuck' }).rejects(inUse);

    expect((await contain(deps)).state).toBe('partial');

    expect(account.world.functions.get('orders')?.mappings.get('u2')).toBe('Disabled');
  });

  it('leaves alone what was never contained or was released', async () => {
    const { deps, account } = fakeDeps();
    const quiet = await contain(deps, 1);
    account.iam.resetHistory();
    expect(await watch(quiet.incidentId, deps)).toMatchObject({ holds: true, state: 'suppressed' });
    expect(account.sent().filter((call) => call.startsWith('iam'))).toEqual([]);

    const other = fakeDeps();
    const { incidentId } = await contain(other.deps);
    await release({ incidentId, by: 'anna', reason: 'clean', letSessionsLive: true }, other.deps);
    expect(await watch(incidentId, other.deps)).toMatchObject({ holds: true, state: 'released' });
    expect(role(other.account)?.attached).not.toContain(quarantine.role);
  });
});
