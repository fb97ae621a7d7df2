import { AttachRolePolicyCommand, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it, vi } from 'vitest';
import { containAnswered } from '../../../../responders/contain/answer.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { aFunction, aWorld, quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';

const arrival = (event: unknown, execution = 'execution-1', drill = false) => ({
  event,
  execution,
  drill,
});
const outcomes = async (deps: Parameters<typeof containFinding>[1], id: string) =>
  Object.fromEntries(
    (await readCase(deps.table, id)).actions.map(({ responder, outcome }) => [responder, outcome]),
  );
/** An execution that is killed between saving and applying. */
const killedWhileApplying = async (
  deps: Parameters<typeof containFinding>[1],
  { iam, world }: ReturnType<typeof fakeDeps>['account'],
) => {
  let killed = true;
  iam
    .on(AttachRolePolicyCommand)
    .callsFake(({ RoleName, PolicyArn }) =>
      killed
        ? new Promise(() => undefined)
        : void world.roles.get(RoleName)?.attached.add(PolicyArn),
    );
  void containFinding(arrival(lambdaFinding()), deps);
  await vi.waitFor(() => expect(iam.commandCalls(AttachRolePolicyCommand)).toHaveLength(1), {
    timeout: 60_000,
  });
  killed = false;
};
const attached = (world: ReturnType<typeof aWorld>, role = 'orders-role') => [
  ...(world.roles.get(role)?.attached ?? []),
];

describe('repeats', () => {
  it('are recorded with the first, and contain nothing', async () => {
    const { deps, account, cases } = fakeDeps();
    const first = await containFinding(arrival(lambdaFinding()), deps);
    account.iam.resetHistory();

    const repeat = await containFinding(
      arrival(lambdaFinding({ updatedAt: '2026-11-21T10:06:00.000Z' }), 'execution-2'),
      deps,
    );

    expect(repeat).toMatchObject({
      incidentId: first.incidentId,
      next: 'none',
      decision: { kind: 'duplicate' },
    });
    expect(account.iam.commandCalls(AttachRolePolicyCommand)).toHaveLength(0);
    expect((await readCase(deps.table, first.incidentId)).head.finding.revisions).toBe(2);
    expect([...cases.items.keys()].filter((key) => key.startsWith('CLAIM#'))).toHaveLength(1);
  });

  it('ten at once make one incident', async () => {
    const { deps, cases } = fakeDeps();
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        containFinding(arrival(lambdaFinding(), `execution-${n}`), deps),
      ),
    );
    expect(new Set(results.map(({ incidentId }) => incidentId)).size).toBe(1);
    expect(results.filter(({ next }) => next === 'respond')).toHaveLength(1);
    expect([...cases.items.keys()].filter((key) => key.endsWith('\nHEAD'))).toHaveLength(1);
  });

  it('the retry of an execution that broke off goes on from the saved before-records', async () => {
    const { deps, account } = fakeDeps();
    await killedWhileApplying(deps, account);

    const retried = await containFinding(arrival(lambdaFinding()), deps);

    expect(retried).toMatchObject({ next: 'respond', state: 'contained' });
    expect(attached(account.world)).toContain(quarantine.role);
  });

  it('the retry does not claim what was never read, and never tried', async () => {
    const { deps, account } = fakeDeps();
    account.iam
      .on(ListAttachedRolePoliciesCommand)
      .rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    let killed = true;
    account.lambda
      .on(PutFunctionConcurrencyCommand)
      .callsFake(() =>
        killed
          ? new Promise(() => undefined)
          : void Object.assign(account.world.functions.get('orders') ?? {}, { reserved: 0 }),
      );
    void containFinding(arrival(lambdaFinding()), deps);
    await vi.waitFor(
      () => expect(account.lambda.commandCalls(PutFunctionConcurrencyCommand)).toHaveLength(1),
      { timeout: 60_000 },
    );
    killed = false;

    const retried = await containFinding(arrival(lambdaFinding()), deps);

    expect(retried.state).toBe('partial');
    expect(await outcomes(deps, retried.incidentId)).toMatchObject({
      'contain.quarantine-role': 'not-contained',
    });
  });

  it('a fresh approval is not abandoned, however long the question waited', async () => {
    const { deps, account, clock } = fakeDeps(
      aWorld({
        functions: new Map([['orders', aFunction({ tags: { 'cordon:tier': 'critical' } })]]),
      }),
    );
    const { incidentId } = await containFinding(arrival(lambdaFinding()), deps);
    clock.at += 3_600_000;
    account.iam.on(AttachRolePolicyCommand).callsFake(() => new Promise(() => undefined));
    void containAnswered(incidentId, { approved: true, by: 'anna', reason: 'it is real' }, deps);
    await vi.waitFor(
      () => expect(account.iam.commandCalls(AttachRolePolicyCommand)).toHaveLength(1),
      { timeout: 60_000 },
    );

    expect((await containFinding(arrival(lambdaFinding(), 'another'), deps)).next).toBe('none');
  });

  it('a finding that was too small is judged again when it grows', async () => {
    const { deps, account } = fakeDeps();
    const small = await containFinding(arrival(lambdaFinding({ severity: 2 })), deps);
    expect(small).toMatchObject({ next: 'tell', state: 'suppressed' });
    const revision = (severity: number, updatedAt: string) =>
      containFinding(
        arrival(lambdaFinding({ severity, updatedAt }), `execution-${updatedAt}`),
        deps,
      );

    expect((await revision(3, '2026-11-21T10:06:00.000Z')).next).toBe('none');
    expect(await revision(8, '2026-11-21T10:12:00.000Z')).toMatchObject({
      incidentId: small.incidentId,
      next: 'respond',
      state: 'contained',
    });

    expect(attached(account.world)).toContain(quarantine.role);
    expect((await readCase(deps.table, small.incidentId)).head).toMatchObject({
      round: 2,
      finding: { severity: 8, revisions: 3 },
    });
  });

  it('a drill cannot use up the claim of the real finding', async () => {
    const { deps } = fakeDeps();
    const drill = await containFinding(arrival(lambdaFinding(), 'e1', true), deps);
    const real = await containFinding(arrival(lambdaFinding(), 'e2', false), deps);
    expect(real.incidentId).not.toBe(drill.incidentId);
    expect(real.next).toBe('respond');
  });
});
