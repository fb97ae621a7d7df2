import { DetachRolePolicyCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { earlierSessions } from '../../../../responders/contain/earlier-sessions.ts';
import { release } from '../../../../responders/contain/release.ts';
import { noClocks } from '../../../../responders/incident/case.ts';
import {
  denialDocument,
  denialName,
  deniedBefore,
  sessionsOf,
} from '../../../../responders/incident/denied-sessions.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import type { Suspect } from '../../../../responders/incident/suspect.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { contain } from '../../../support/responders/contained.ts';

const hour = 3_600_000;
const functionName = 'orders';

/** A contained incident, and a release of it by a person who keeps the thief out. */
const world = async () => {
  const { deps, account, clock } = fakeDeps();
  const { incidentId } = await contain(deps, 'f1');
  const inline = account.world.roles.get('orders-role')?.inline ?? new Map<string, string>();
  const deny = (before: number, document = denialDocument({ sessionName: functionName, before })) =>
    inline.set(denialName(functionName), document);
  const asked = { incidentId, by: 'anna', reason: 'clean', letSessionsLive: false };
  const recorded = async () => (await readCase(deps.table, incidentId)).head;
  return { deps, account, clock, deny, asked, recorded, ask: () => release(asked, deps) };
};

it('every function that was given the role has sessions that must be denied', () => {
  const orders = { kind: 'function', functionName, roleName: 'orders-role' } as const;
  const made: Suspect = { ...orders, sharing: 'shared', added: ['us-east-1/made', 'other'] };
  expect(sessionsOf([made])).toEqual(
    ['orders', 'made', 'other'].map((sessionName) => ({ roleName: 'orders-role', sessionName })),
  );
});

describe('a release', () => {
  it('leaves the sessions from before it denied, and says until when they live', async () => {
    const { clock, deny, ask, recorded } = await world();
    const before = clock.at;
    deny(before);
    expect(await ask()).toMatchObject({ released: true });
    expect((await recorded()).release?.sessions).toEqual({
      denied: true,
      until: before + 12 * hour,
    });
  });

  it('changes nothing while the denial cannot be read', async () => {
    const { account, ask, recorded } = await world();
    const refused = Object.assign(new Error('no'), { name: 'AccessDenied' });
    account.iam.on(GetRolePolicyCommand).rejects(refused);
    await expect(ask()).rejects.toThrow(refused);
    expect(account.iam.commandCalls(DetachRolePolicyCommand)).toHaveLength(0);
    expect(await recorded()).toMatchObject({ state: 'contained', release: null });
  });

  it('changes nothing while the role does not deny them, and can be repeated', async () => {
    const { account, clock, deny, ask, recorded } = await world();
    await expect(ask()).rejects.toMatchObject({
      name: 'SessionsLiveError',
      message: expect.stringContaining('role orders-role does not deny them'),
    });
    expect(account.iam.commandCalls(DetachRolePolicyCommand)).toHaveLength(0);
    expect(await recorded()).toMatchObject({ state: 'contained', release: null });
    deny(clock.at);
    expect(await ask()).toMatchObject({ released: true });
  });

  it('lets them live when a person says so, and records that', async () => {
    const { deps, asked, recorded } = await world();
    await release({ ...asked, letSessionsLive: true }, deps);
    const { release: done, clocks } = await recorded();
    expect(done?.sessions).toEqual({ denied: false, until: (clocks.effective ?? 0) + 12 * hour });
  });

  it('asks for no denial when every session has expired', async () => {
    const { clock, ask, recorded } = await world();
    clock.at += 12 * hour;
    expect(await ask()).toMatchObject({ released: true });
    expect((await recorded()).release).not.toHaveProperty('sessions');
  });

  it('waits while it is not known what the role denies', async () => {
    const { account, ask, recorded } = await world();
    account.iam.on(GetRolePolicyCommand).rejects(Object.assign(new Error('no'), { name: 'X' }));
    await expect(ask()).rejects.toThrow('no');
    expect(await recorded()).toMatchObject({ state: 'contained' });
  });

  it.each([
    ['is older than the containment', -hour, /does not deny them/],
    ['is ahead of the clock', 5 * 60_000, /correct the clock/],
  ])('refuses a denial whose time %s', async (_words, shift, message) => {
    const { clock, deny, ask } = await world();
    deny(clock.at + shift);
    await expect(ask()).rejects.toThrow(message);
  });

  it.each([
    ['almost a quarter of an hour old', -15 * 60_000 + 1_000, true],
    ['older than that', -15 * 60_000 - 1_000, false],
    ['a second ahead, as clocks differ', 1_000, true],
    ['further ahead', 4_000, false],
  ])('of a denial that is %s works, or does not', async (_w, shift, works) => {
    const { clock, deny, ask } = await world();
    clock.at += hour;
    deny(clock.at + shift);
    const released = ask().then(
      () => true,
      () => false,
    );
    expect(await released).toBe(works);
  });

  it('asks for a denial up to the moment in which the last session expires', async () => {
    const { clock, ask } = await world();
    clock.at += 12 * hour - 60_000;
    await expect(ask()).rejects.toThrow('does not deny them');
  });

  it.each([
    ['that allows', { Effect: 'Allow' }],
    ['of one service', { Action: 's3:*' }],
    ['of one resource', { Resource: 'arn:aws:s3:::one' }],
    ['with one condition more', { Condition: { StringLike: { 'aws:userid': '*:orders' } } }],
  ])('refuses a policy of that name %s', async (_words, change) => {
    const { clock, deny, ask } = await world();
    const policy: { Statement: object[] } = JSON.parse(
      denialDocument({ sessionName: functionName, before: clock.at }),
    );
    deny(0, JSON.stringify({ ...policy, Statement: [{ ...policy.Statement[0], ...change }] }));
    await expect(ask()).rejects.toThrow('does not deny them');
  });
});

it('a denial is read as it was written, and only for its own function', () => {
  const before = Date.parse('2026-11-30T02:00:00Z');
  const policy: unknown = JSON.parse(denialDocument({ sessionName: functionName, before }));
  expect(deniedBefore(functionName, policy)).toBe(before);
  expect(deniedBefore('orders-2', policy)).toBeNull();
  expect(deniedBefore(functionName, undefined)).toBeNull();
});

it('sessions of before a containment that held long ago have ended by themselves', async () => {
  const { deps } = fakeDeps();
  const suspected: Suspect = {
    ...{ kind: 'function', functionName, roleName: 'orders-role' },
    sharing: 'sole',
  };
  const person: Suspect = { kind: 'user', userName: 'deploy' };
  const at = Date.parse('2026-11-21T10:00:00Z');
  const now = { aws: deps.aws, now: () => at };
  const head = { suspect: suspected, state: 'contained' as const, clocks: noClocks() };
  const held = (effective: number | null) => ({ ...head, clocks: { ...noClocks(), effective } });
  expect(await earlierSessions(held(at - 13 * 3_600_000), false, now)).toBeUndefined();
  expect(await earlierSessions(held(at - 11 * 3_600_000), true, now)).toEqual({
    denied: false,
    until: at + 3_600_000,
  });
  expect(await earlierSessions(held(null), true, now)).toMatchObject({ denied: false });
  expect(await earlierSessions({ ...head, suspect: person }, false, now)).toBeUndefined();
});
