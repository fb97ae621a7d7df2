import type { IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, it, vi } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import type { Contained } from '../../../../responders/contain/next-step.ts';
import { release } from '../../../../responders/contain/release.ts';
import { watch } from '../../../../responders/contain/watch.ts';
import { incidentId } from '../../../../responders/incident/incident-id.ts';
import { BusyError } from '../../../../responders/shared/errors.ts';
import {
  accountId,
  aFunction,
  aWorld,
  quarantine,
  region,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import type { Client, Command } from '../../../support/responders/interleaver.ts';

type ContainDeps = ReturnType<typeof fakeDeps>['deps'];

/** Races that the interleavings of turn.interleavings.test.ts have found, each told by itself. */
describe('races found once', () => {
  const contain = (
    deps: ContainDeps,
    about: 'orders' | 'neighbour' = 'orders',
    id: string = about,
  ) =>
    containFinding(
      { event: lambdaFinding({ id, functionName: about }), execution: id, drill: false },
      deps,
    );
  const asked = (incidentId: string) => ({
    incidentId,
    by: 'anna',
    reason: 'clean',
    letSessionsLive: true,
  });
  const shared = () =>
    aWorld({
      functions: new Map([
        ['orders', aFunction()],
        ['neighbour', aFunction()],
      ]),
    });

  /** Holds the first call of this kind back until something else has happened. */
  const meanwhile = (client: Client, kind: string, other: () => Promise<unknown>): void => {
    const send = client.send.bind(client);
    let came = false;
    client.send = async (command: Command) => {
      if (command.constructor.name === kind && !came) {
        came = true;
        await other();
      }
      return send(command);
    };
  };

  it('a release waits for a running containment; a broken-off one is not resumed after it', async () => {
    const { deps, account, clock } = fakeDeps();
    const worldBefore = structuredClone(account.world);
    meanwhile(account.aws.iam, 'AttachRolePolicyCommand', () => new Promise(() => undefined));
    void contain(deps);
    await vi.waitFor(() => expect(account.world.functions.get('orders')?.reserved).toBe(0), {
      timeout: 60_000,
    });
    const id = incidentId(
      { drill: false, account: accountId, region, findingId: 'orders' },
      clock.at,
    );

    await expect(release(asked(id), deps)).rejects.toThrow(BusyError);
    clock.at += 30_000;
    expect((await release(asked(id), deps)).released).toBe(true);

    expect((await contain(deps)).state).toBe('released');
    expect(account.world).toEqual(worldBefore);
  });

  it('what was read while another incident was released is not put back', async () => {
    const { deps, account, cases } = fakeDeps();
    const worldBefore = structuredClone(account.world);
    const first = await contain(deps);
    meanwhile(cases.table.dynamo, 'TransactWriteItemsCommand', () =>
      release(asked(first.incidentId), deps),
    );

    const second = await contain(deps, 'orders', 'second');

    expect(second.state).toBe('contained');
    await release(asked(second.incidentId), deps);
    expect(account.world).toEqual(worldBefore);
  });

  it('two functions of a role that are freed at once take the policy with them', async () => {
    const { deps, account } = fakeDeps(shared());
    const worldBefore = structuredClone(account.world);
    const both = [await contain(deps, 'orders'), await contain(deps, 'neighbour')];
    await Promise.all(both.map(({ incidentId }) => release(asked(incidentId), deps)));
    expect(account.world).toEqual(worldBefore);
  });

  it('a policy attached for one function while another is judged is not kept as earlier', async () => {
    const { deps, account } = fakeDeps(shared());
    const worldBefore = structuredClone(account.world);
    let first: Promise<Contained> | undefined;
    const iam: IAMClient = Object.create(deps.aws.iam);
    const slow: Client = iam;
    const { send }: Client = deps.aws.iam;
    slow.send = async (command: Command) => {
      if (command.constructor.name === 'ListAttachedRolePoliciesCommand') {
        first ??= contain(deps, 'orders');
        await first;
      }
      return send.call(deps.aws.iam, command);
    };
    const second = await contain({ ...deps, aws: { ...deps.aws, iam } }, 'neighbour');
    for (const contained of [await first, second])
      await release(asked(contained?.incidentId ?? ''), deps);
    expect(account.world).toEqual(worldBefore);
  });

  it('a function that two watches put back at once leaves both of its slots', async () => {
    const { deps, account } = fakeDeps(shared());
    const worldBefore = structuredClone(account.world);
    const { incidentId: id } = await contain(deps);
    account.world.roles.get('orders-role')?.tags.set('cordon-quarantined-2', 'orders');
    await release(asked(id), deps);
    expect(account.world).toEqual(worldBefore);
  });

  it('what somebody else takes away at the same moment is released, too', async () => {
    const { deps, account } = fakeDeps();
    const { incidentId: id } = await contain(deps);
    meanwhile(account.aws.iam, 'DetachRolePolicyCommand', async () => {
      account.world.roles.get('orders-role')?.attached.delete(quarantine.role);
    });
    expect((await release(asked(id), deps)).released).toBe(true);
  });

  it('a watch that fails leaves nobody at work', async () => {
    const { deps, account, cases } = fakeDeps();
    const { incidentId: id } = await contain(deps);
    account.world.roles.get('orders-role')?.attached.delete(quarantine.role);
    Object.assign(account.world.functions.get('orders') ?? {}, { reserved: undefined });
    meanwhile(
      account.aws.iam,
      'AttachRolePolicyCommand',
      () => new Promise((resolve) => setImmediate(resolve)),
    );
    meanwhile(account.aws.lambda, 'GetFunctionConcurrencyCommand', async () => {
      meanwhile(cases.table.dynamo, 'QueryCommand', () =>
        Promise.reject(new BusyError('slow down')),
      );
    });
    await expect(watch(id, deps)).rejects.toThrow(BusyError);
    expect(account.world.roles.get('orders-role')?.attached).toContain(quarantine.role);
  });
});
