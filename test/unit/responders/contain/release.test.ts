import { DetachRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListFunctionUrlConfigsCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { containAnswered } from '../../../../responders/contain/answer.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { release } from '../../../../responders/contain/release.ts';
import { sweep } from '../../../../responders/contain/sweep.ts';
import { watch } from '../../../../responders/contain/watch.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { letter } from '../../../../responders/report/mail.ts';
import { aFunction, aWorld, functionArn, quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { asked, contain } from '../../../support/responders/contained.ts';

describe('a release', () => {
  it('puts back what was there and says so', async () => {
    const { deps, account } = fakeDeps(
      aWorld({
        functions: new Map([
          [
            'orders',
            aFunction({
              reserved: 5,
              mappings: new Map([['u1', 'Enabled']]),
              urls: new Map([['', 'NONE']]),
            }),
          ],
        ]),
      }),
    );
    const worldBefore = structuredClone(account.world);
    const { incidentId } = await contain(deps, 'f1');

    const result = await release(asked(incidentId), deps);

    expect(account.world).toEqual(worldBefore);
    expect(result).toMatchObject({ released: true, state: 'released' });
    expect((await readCase(deps.table, incidentId)).head.release).toMatchObject({
      by: 'anna',
      reason: 'clean again',
    });
  });

  it('keeps when each change was made and seen', async () => {
    const { deps } = fakeDeps();
    const { incidentId } = await contain(deps, 'f1');
    const times = async () =>
      (await readCase(deps.table, incidentId)).actions.map(({ acceptedMs, effectiveMs }) => [
        acceptedMs,
        effectiveMs,
      ]);
    const before = await times();

    await release(asked(incidentId), deps);

    expect(await times()).toEqual(before);
    expect(before.flat()).not.toContain(null);
  });

  it('opens the ways into a function when it can work again, and not before', async () => {
    const { deps } = fakeDeps();
    const { incidentId } = await contain(deps, 'f1');
    const { actions } = await release(asked(incidentId), deps);
    expect(actions.map(({ responder }) => responder)).toEqual([
      'contain.quarantine-role',
      'contain.pause-function',
      'contain.pause-event-sources',
      'contain.close-function-url',
    ]);
  });

  it('does not claim success when one target cannot be restored, and can be repeated', async () => {
    const { deps, account } = fakeDeps();
    const worldBefore = structuredClone(account.world);
    const { incidentId } = await contain(deps, 'f1');
    account.iam
      .on(DetachRolePolicyCommand)
      .rejectsOnce(Object.assign(new Error('no'), { name: 'AccessDenied' }))
      .callsFake(
        ({ PolicyArn }) => void account.world.roles.get('orders-role')?.attached.delete(PolicyArn),
      );

    expect(await release(asked(incidentId), deps)).toMatchObject({
      released: false,
      state: 'partial',
    });
    expect(await release(asked(incidentId), deps)).toMatchObject({ released: true });
    expect(account.world).toEqual(worldBefore);
  });

  it('that failed in part stays so and says it, until it is repeated', async () => {
    const world = fakeDeps();
    const { deps, account, clock } = world;
    const worldBefore = structuredClone(account.world);
    const { incidentId } = await contain(deps, 'f1');
    const detach = account.iam.on(DetachRolePolicyCommand);
    detach.rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    expect(await release(asked(incidentId), deps)).toMatchObject({ state: 'partial' });

    // Neither a look nor a revision of the finding contains what a person has released.
    clock.at += 60_000;
    const updatedAt = '2026-11-21T10:05:00.000Z';
    await contain(deps, 'f1', { updatedAt });
    expect((await sweep(null, deps)).tell).toEqual([incidentId]);
    expect(account.world.functions.get('orders')?.reserved).toBe(
      worldBefore.functions.get('orders')?.reserved,
    );
    const incident = await readCase(deps.table, incidentId);
    expect(incident.head).toMatchObject({ state: 'partial', release: null });
    const place = {
      ...{ zone: 'UTC', region: 'eu-west-1', catalog: deps.catalog, aws: true, bucket: 'b' },
      mask: (text: string) => text,
    };
    for (const kind of ['release', 'hold'] as const) {
      const { body } = letter(incident, kind, place);
      expect(body).toContain('State: PARTLY RELEASED: not every change could be taken back.');
      expect(body).toContain(`then again: cordon release ${incidentId} --aws --reason "…"`);
      expect(body).toContain('COULD NOT BE TAKEN BACK');
      expect(body).not.toContain('ontain by hand');
    }

    detach.callsFake(
      ({ PolicyArn }) => void account.world.roles.get('orders-role')?.attached.delete(PolicyArn),
    );
    expect(await release(asked(incidentId), deps)).toMatchObject({ released: true });
    expect(account.world).toEqual(worldBefore);
    expect((await sweep(null, deps)).tell).toEqual([]);
  });

  it('says when a target no longer looks as it did', async () => {
    const { deps, account } = fakeDeps();
    const { incidentId } = await contain(deps, 'f1');
    account.world.functions.get('orders')?.mappings.set('new', 'Enabled');
    const { actions } = await release(asked(incidentId), deps);
    expect(
      actions.find(({ responder }) => responder === 'contain.pause-event-sources')?.reason,
    ).toContain('differs from before');
  });

  it('refuses where nothing was contained', async () => {
    const { deps } = fakeDeps();
    const { incidentId } = await contain(deps, 'f1', { severity: 1 });
    await expect(release(asked(incidentId), deps)).rejects.toThrow('nothing to release');
  });

  it('keeps what another open incident needs; the last release restores the original state', async () => {
    const { deps, account } = fakeDeps();
    const worldBefore = structuredClone(account.world);
    const first = await contain(deps, 'f1');
    const second = await contain(deps, 'f2');

    const { actions } = await release(asked(first.incidentId), deps);
    expect(actions.every(({ outcome }) => outcome === 'kept')).toBe(true);
    expect([...(account.world.roles.get('orders-role')?.attached ?? [])]).toContain(
      quarantine.role,
    );

    await release(asked(second.incidentId), deps);
    expect(account.world).toEqual(worldBefore);
  });
});

describe('what happens meanwhile', () => {
  it('two incidents released at once: the last one still restores the true beginning', async () => {
    const { deps, account } = fakeDeps();
    const worldBefore = structuredClone(account.world);
    const first = await contain(deps, 'f1');
    const second = await contain(deps, 'f2');

    const both = await Promise.all([
      release(asked(first.incidentId), deps),
      release(asked(second.incidentId), deps),
    ]);

    expect(both.map(({ released }) => released)).toEqual([true, true]);
    expect(account.world).toEqual(worldBefore);
  });

  it('a target that cannot be read after its undo is not released, and delays no other', async () => {
    const { deps, account } = fakeDeps();
    const worldBefore = structuredClone(account.world);
    const { incidentId } = await contain(deps, 'f1');
    let denied = true;
    account.lambda.on(ListFunctionUrlConfigsCommand).callsFake(() => {
      if (denied) throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
      return { FunctionUrlConfigs: [] };
    });

    const tried = await release(asked(incidentId), deps);
    expect(tried).toMatchObject({ released: false, state: 'partial' });
    expect(
      tried.actions
        .filter(({ outcome }) => outcome !== 'released')
        .map(({ responder }) => responder),
    ).toEqual(['contain.close-function-url']);
    expect(account.world).toEqual(worldBefore);

    denied = false;
    expect(await release(asked(incidentId), deps)).toMatchObject({ released: true });
  });

  it('a second try leaves alone what the first one took back', async () => {
    const { deps, account } = fakeDeps();
    const { incidentId } = await contain(deps, 'f1');
    account.iam
      .on(DetachRolePolicyCommand)
      .rejectsOnce(Object.assign(new Error('no'), { name: 'AccessDenied' }))
      .callsFake(
        ({ PolicyArn }) => void account.world.roles.get('orders-role')?.attached.delete(PolicyArn),
      );
    await release(asked(incidentId), deps);
    Object.assign(account.world.functions.get('orders') ?? {}, { reserved: 12 });

    expect((await release(asked(incidentId), deps)).released).toBe(true);
    expect(account.world.functions.get('orders')?.reserved).toBe(12);
  });

  it('a workload that was deleted needs no putting back', async () => {
    const { deps, account } = fakeDeps();
    const { incidentId } = await contain(deps, 'f1');
    account.world.roles.delete('orders-role');
    account.world.functions.delete('orders');

    const { released, actions } = await release(asked(incidentId), deps);

    expect(released).toBe(true);
    for (const { reason } of actions)
      expect(reason).toBe('it does not exist any more: there is nothing to put back');
  });

  it('a URL that its owner deleted is not missed', async () => {
    const { deps, account } = fakeDeps(
      aWorld({
        functions: new Map([
          [
            'orders',
            aFunction({
              urls: new Map([
                ['', 'NONE'],
                ['live', 'NONE'],
              ]),
            }),
          ],
        ]),
      }),
    );
    const { incidentId } = await contain(deps, 'f1');
    account.world.functions.get('orders')?.urls.delete('live');

    expect((await release(asked(incidentId), deps)).released).toBe(true);
    expect(account.world.functions.get('orders')?.urls).toEqual(new Map([['', 'NONE']]));
  });
});

describe('after a release', () => {
  const released = async () => {
    const made = fakeDeps();
    const { incidentId } = await contain(made.deps, 'f1');
    await release(asked(incidentId), made.deps);
    return { ...made, incidentId };
  };
  const repeat = (
    deps: Parameters<typeof containFinding>[1],
    minutesLater: number,
    seenAgain: boolean,
  ) => {
    const at = new Date(Date.parse('2026-11-21T10:00:00Z') + minutesLater * 60_000).toISOString();
    return containFinding(
      {
        event: lambdaFinding({ id: 'f1', updatedAt: at, ...(seenAgain && { lastSeen: at }) }),
        execution: `e${minutesLater}`,
        drill: false,
      },
      deps,
    );
  };

  it('the old finding cannot contain again', async () => {
    const { deps, clock } = await released();
    clock.at += 120 * 60_000;
    expect((await repeat(deps, 119, false)).next).toBe('none');
  });

  it('new activity cannot contain again before the hold has passed', async () => {
    const { deps, clock } = await released();
    clock.at += 30 * 60_000;
    expect((await repeat(deps, 29, true)).next).toBe('none');
  });

  it('new activity after the hold contains again, and that can be released too', async () => {
    const { deps, clock, account, incidentId } = await released();
    const worldBefore = structuredClone(account.world);
    clock.at += 120 * 60_000;
    expect(await repeat(deps, 119, true)).toMatchObject({
      incidentId,
      next: 'respond',
      state: 'contained',
    });
    expect((await readCase(deps.table, incidentId)).head.round).toBe(2);
    await release(asked(incidentId), deps);
    expect(account.world).toEqual(worldBefore);
  });
});

it('what an earlier round saw is not put back by a later one', async () => {
  const { deps, account, clock } = fakeDeps(
    aWorld({ functions: new Map([['orders', aFunction({ urls: new Map([['', 'NONE']]) })]]) }),
  );
  const { incidentId } = await contain(deps, 'f1');
  await release(asked(incidentId), deps);
  const orders = account.world.functions.get('orders');
  orders?.urls.set('', 'AWS_IAM'); // its owner has closed it since
  clock.at += 120 * 60_000;
  const at = new Date(clock.at).toISOString();
  let denied = true;
  account.lambda.on(ListFunctionUrlConfigsCommand).callsFake(() => {
    if (denied) throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    return {
      FunctionUrlConfigs: [...(orders?.urls ?? [])].map(([, AuthType]) => ({
        AuthType,
        FunctionArn: functionArn('orders'),
      })),
    };
  });
  expect(await contain(deps, 'f1', { updatedAt: at, lastSeen: at })).toMatchObject({
    incidentId,
    state: 'partial',
  });
  denied = false;

  expect((await watch(incidentId, deps)).holds).toBe(true);
  await release(asked(incidentId), deps);

  expect(orders?.urls.get('')).toBe('AWS_IAM');
});

it('new activity on what needs a word asks again after a release', async () => {
  const { deps, account, clock } = fakeDeps();
  const { incidentId } = await contain(deps, 'f1');
  await release(asked(incidentId), deps);
  clock.at += 120 * 60_000;
  account.world.roles.get('orders-role')?.tags.set('cordon:tier', 'critical');
  const at = new Date(clock.at).toISOString();

  expect(await contain(deps, 'f1', { updatedAt: at, lastSeen: at })).toMatchObject({
    incidentId,
    next: 'ask',
    state: 'awaiting-approval',
  });
  expect((await readCase(deps.table, incidentId)).head).toMatchObject({ round: 2, release: null });

  await containAnswered(incidentId, { approved: true, by: 'anna', reason: 'it is real' }, deps);
  expect(account.world.roles.get('orders-role')?.attached).toContain(quarantine.role);
});
