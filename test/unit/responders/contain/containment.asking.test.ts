import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { containAnswered } from '../../../../responders/contain/answer.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { breakerRecords } from '../../../../responders/incident/breaker.ts';
import { SlowError } from '../../../../responders/shared/errors.ts';
import { aFunction, aWorld, fakeAccount, quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';

const arrival = (event: unknown, execution = 'execution-1', drill = false) => ({
  event,
  execution,
  drill,
});
const attached = (world: ReturnType<typeof aWorld>, role = 'orders-role') => [
  ...(world.roles.get(role)?.attached ?? []),
];

describe('asking a person', () => {
  const critical = () =>
    aWorld({
      functions: new Map([['orders', aFunction({ tags: { 'cordon:tier': 'critical' } })]]),
    });

  it('changes nothing until the answer is yes', async () => {
    const { deps, account } = fakeDeps(critical());
    const { incidentId, next } = await containFinding(arrival(lambdaFinding()), deps);
    expect(next).toBe('ask');
    expect(attached(account.world)).not.toContain(quarantine.role);

    const result = await containAnswered(
      incidentId,
      { approved: true, by: 'anna', reason: 'it is real' },
      deps,
    );

    expect(result).toMatchObject({
      state: 'contained',
      decision: { kind: 'contain', reason: 'approved by anna: it is real' },
    });
    expect(attached(account.world)).toContain(quarantine.role);
  });

  it('leaves it alone on a no, and says who said so', async () => {
    const { deps, account } = fakeDeps(critical());
    const { incidentId } = await containFinding(arrival(lambdaFinding()), deps);
    const result = await containAnswered(
      incidentId,
      { approved: false, by: 'anna', reason: 'a test' },
      deps,
    );
    expect(result).toMatchObject({
      state: 'notify-only',
      next: 'respond',
      decision: { reason: 'left alone by anna: a test' },
    });
    expect(attached(account.world)).not.toContain(quarantine.role);
  });

  it('a second answer changes nothing', async () => {
    const { deps, account } = fakeDeps(critical());
    const { incidentId } = await containFinding(arrival(lambdaFinding()), deps);
    await containAnswered(incidentId, { approved: false, by: 'anna', reason: 'no' }, deps);
    await containAnswered(incidentId, { approved: true, by: 'bob', reason: 'yes' }, deps);
    expect(attached(account.world)).not.toContain(quarantine.role);
  });

  it('asks after too many containments in the window, and drills do not count', async () => {
    const { deps } = fakeDeps(undefined, { breaker: { limit: 2, limitOfType: 9, minutes: 60 } });
    for (const id of ['d1', 'd2', 'd3'])
      await containFinding(arrival(lambdaFinding({ id }), id, true), deps);
    const kinds = [];
    for (const id of ['f1', 'f2', 'f3'])
      kinds.push((await containFinding(arrival(lambdaFinding({ id }), id), deps)).decision.kind);
    expect(kinds).toEqual(['contain', 'contain', 'ask']);
  });

  it('a no does not count as a containment', async () => {
    const { deps } = fakeDeps(critical(), { breaker: { limit: 1, limitOfType: 9, minutes: 60 } });
    const first = await containFinding(arrival(lambdaFinding({ id: 'f1' })), deps);
    await containAnswered(
      first.incidentId,
      { approved: false, by: 'policy', reason: 'nobody answered in time' },
      deps,
    );
    const second = await containFinding(arrival(lambdaFinding({ id: 'f2' }), 'execution-2'), deps);
    expect(second.decision.reason).toBe('it is tagged cordon:tier=critical');
    await containAnswered(
      second.incidentId,
      { approved: true, by: 'anna', reason: 'it is real' },
      deps,
    );
    expect(await breakerRecords(deps.table, deps.now(), 60)).toMatchObject([{ held: false }]);
  });

  it('a yes is not lost because a read was slow for a moment', async () => {
    const { deps } = fakeDeps(critical());
    const { incidentId } = await containFinding(arrival(lambdaFinding()), deps);
    const yes = { approved: true, by: 'anna', reason: 'it is real' };
    const slow = { ...deps, aws: { ...deps.aws, lambda: fakeAccount().aws.lambda } };
    mockClient(slow.aws.lambda).rejects(
      Object.assign(new Error('slow down'), { name: 'TooManyRequestsException' }),
    );

    await expect(containAnswered(incidentId, yes, slow)).rejects.toThrow(SlowError);
    expect((await containAnswered(incidentId, yes, deps)).state).toBe('contained');
  });

  it('tries again before it asks about what was only slow, and then asks', async () => {
    const { deps, account } = fakeDeps();
    account.lambda
      .on(GetFunctionCommand)
      .rejects(Object.assign(new Error('slow down'), { name: 'TooManyRequestsException' }));
    await expect(containFinding(arrival(lambdaFinding()), deps)).rejects.toThrow(
      new SlowError('TooManyRequestsException: slow down'),
    );
    expect(
      (await containFinding({ ...arrival(lambdaFinding()), isLastTry: true }, deps)).decision,
    ).toMatchObject({ kind: 'ask' });
  });

  it('knows what IAM says when it is slow', async () => {
    const { deps, account } = fakeDeps();
    const slow = Object.assign(new Error('Rate exceeded'), {
      name: 'Throttling',
      $metadata: { httpStatusCode: 400 },
    });
    account.iam.on(GetRoleCommand).rejects(slow);
    await expect(containFinding(arrival(lambdaFinding()), deps)).rejects.toThrow(
      new SlowError('Throttling: Rate exceeded'),
    );
  });

  it('asks when the function cannot be read, and tells when nothing is left of it', async () => {
    const unreadable = fakeDeps();
    unreadable.account.lambda
      .on(GetFunctionCommand)
      .rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    expect(
      (await containFinding(arrival(lambdaFinding()), unreadable.deps)).decision,
    ).toMatchObject({
      kind: 'ask',
      reason: expect.stringContaining('could not judge'),
    });

    const gone = fakeDeps(aWorld({ functions: new Map(), roles: new Map() }));
    expect((await containFinding(arrival(lambdaFinding()), gone.deps)).decision).toEqual({
      kind: 'notify',
      reason: 'nothing is left to contain: the function and the role no longer exist',
    });
  });
});
