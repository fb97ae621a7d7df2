import { describe, expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { leftAction } from '../../../../responders/contain/in-groups.ts';
import { sweep } from '../../../../responders/contain/sweep.ts';
import { watch } from '../../../../responders/contain/watch.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { accountId, aUser, aWorld, quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { attackSequence } from '../../../support/fakes/findings.ts';

const names = Array.from({ length: 10 }, (_, index) => `u${index}`);
const idOf = (name: string): string => `AIDAEXAMPLEEXAMPLE0${name.slice(1)}`;

/** A hold of ten users, in an account that answers so slowly from then on. */
const slowHold = async (ms: number) => {
  const users = new Map(names.map((name) => [name, aUser({ id: idOf(name) })]));
  const { deps, clock, account, lines } = fakeDeps(aWorld({ users }), { suspectLimit: 10 });
  const actors = names.map((name) => ({
    ...{ name, uid: idOf(name), type: 'IAMUser', account: { uid: accountId } },
  }));
  const event = attackSequence(actors);
  const { incidentId } = await containFinding({ event, execution: 'e', drill: false }, deps);
  const looked: string[] = [];
  const catalog = deps.catalog.map((responder) => ({
    ...responder,
    holds: (target: string, aws: typeof deps.aws) => {
      clock.at += ms;
      looked.push(`${responder.id} on ${target}`);
      return responder.holds(target, aws);
    },
  }));
  const slow = { ...deps, catalog };
  const read = () => readCase(deps.table, incidentId);
  const denied = () =>
    names.filter((name) => account.world.users.get(name)?.attached.has(quarantine.user));
  const detach = (name: string) =>
    account.world.users.get(name)?.attached.delete(quarantine.user) ?? false;
  return { incidentId, deps, slow, clock, looked, read, denied, detach, lines };
};

describe('a look at a hold of many targets', () => {
  it('ends in time, and the next one goes on where it stopped', async () => {
    const { incidentId, slow, looked, clock, read, denied, detach } = await slowHold(4_000);
    const targets = new Set((await read()).actions.map(({ target }) => target)).size;
    const every = (await read()).actions.length;
    expect(targets).toBe(10);
    expect(every).toBe(20);
    const last = names.at(-1) ?? '';
    detach(last);

    const began = clock.at;
    expect(await watch(incidentId, slow)).toMatchObject({ holds: false, state: 'contained' });
    expect(clock.at - began).toBeLessThan(60_000);
    expect(looked.length).toBeLessThan(every);

    for (let looks = 0; looks < 2; looks += 1) {
      clock.at += 60_000;
      await watch(incidentId, slow);
    }
    expect(new Set(looked).size).toBe(every);
    expect(denied()).toEqual(names);
    expect((await read()).drifts.map(({ changes }) => changes)).toEqual([
      [`contain.deny-user on ${last}`],
    ]);
  });

  it('keeps what it has done where it is ended before its end', async () => {
    const { incidentId, slow, deps, denied, detach, read, clock } = await slowHold(4_000);
    detach('u0');
    let looked = 0;
    const catalog = slow.catalog.map((responder) => ({
      ...responder,
      holds: (target: string, aws: typeof deps.aws) => {
        looked += 1;
        if (looked > 9) throw new TypeError('the function was ended');
        return responder.holds(target, aws);
      },
    }));
    await watch(incidentId, { ...slow, catalog }).catch(() => undefined);
    expect(denied()).toEqual(names);
    const { drifts, actions } = await read();
    expect(drifts.map(({ changes }) => changes)).toEqual([['contain.deny-user on u0']]);
    expect(actions.filter(({ outcome }) => outcome === 'contained').length).toBeGreaterThan(8);
    clock.at += 60_000;
    expect((await sweep(null, deps)).tell).toEqual([incidentId]);
  });

  it('looks at everything at once where there is time', async () => {
    const { incidentId, slow, looked, read } = await slowHold(10);
    expect(await watch(incidentId, slow)).toMatchObject({ holds: true, state: 'contained' });
    expect(looked).toHaveLength(20);
    expect((await read()).head.nextLook).toBeUndefined();
  });
});

it('what was known of a target for which there was no time is still known', () => {
  const { deps } = fakeDeps();
  const [responder] = deps.catalog;
  if (!responder) throw new Error('there is no responder');
  const aim = { responder, target: 'orders' };
  const known = {
    ...{ responder: responder.id, target: 'orders', outcome: 'contained' as const },
    ...{ acceptedMs: 1, effectiveMs: 2 },
  };
  expect(leftAction(aim, known)).toBe(known);
  expect(leftAction(aim, undefined)).toMatchObject({
    ...{ target: 'orders', outcome: 'not-contained' },
    reason: 'there was no time for it: the next look goes on with it',
  });
});
