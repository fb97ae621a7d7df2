import { AttachUserPolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it, vi } from 'vitest';
import { release } from '../../../../responders/contain/release.ts';
import { sweep } from '../../../../responders/contain/sweep.ts';
import { takeTurn } from '../../../../responders/contain/turn.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { quarantine } from '../../../support/fakes/account.ts';
import { attackSequence } from '../../../support/fakes/findings.ts';
import { asked } from '../../../support/responders/contained.ts';
import { actor, growing, secondsAt } from '../../../support/responders/growing.ts';

/** A person has suppressed all findings of this type. */
const suppressing = {
  suppressions: [
    { type: 'AttackSequence:*', because: 'a rehearsal', owner: 'red team', until: 4e12 },
  ],
};

type Growing = ReturnType<typeof growing>;

/** AWS refuses to deny these users, until the returned function is called. */
const refusing = ({ account, world }: Growing, refused: readonly string[]) => {
  const attach = (isRefused: boolean) =>
    account.iam.on(AttachUserPolicyCommand).callsFake(({ UserName, PolicyArn }) => {
      if (isRefused && refused.includes(String(UserName)))
        throw Object.assign(new Error('no room'), { name: 'LimitExceeded' });
      world.users.get(String(UserName))?.attached.add(String(PolicyArn));
    });
  attach(true);
  return () => void attach(false);
};
const stateOf = async ({ deps }: Growing, id: string) =>
  (await readCase(deps.table, id)).head.state;
const keyUse = (revision: number, named: readonly string[], lastSeen: string) => {
  const event = attackSequence(named.map(actor));
  const { service } = event.detail;
  return {
    ...event,
    detail: {
      ...event.detail,
      updatedAt: secondsAt(revision),
      service: { ...service, eventLastSeen: lastSeen },
    },
  };
};

describe('a revision that names others too', () => {
  it('has the first suspect tried again, whose containment is not complete', async () => {
    const set = growing();
    const allow = refusing(set, ['u4']);
    const first = await set.name(1, ['u4']);
    expect(first.state).toBe('partial');
    allow();

    const second = await set.name(2, ['u4', 'u5']);

    expect(second).toMatchObject({ next: 'respond', state: 'contained' });
    expect(second.incidentId).not.toBe(first.incidentId);
    expect(set.denied()).toEqual(['u4', 'u5']);
    expect(await stateOf(set, first.incidentId)).toBe('contained');
    expect((await readCase(set.deps.table, first.incidentId)).findings).toHaveLength(2);
    // The execution goes on with the newcomer, so the next look tells of the first.
    expect((await sweep(null, set.deps)).tell).toEqual([first.incidentId]);
  });

  it('has those tried again whom an earlier revision has named besides', async () => {
    const set = growing();
    const allow = refusing(set, ['u4']);
    await set.name(1, ['u1']);
    const second = await set.name(2, ['u1', 'u4']);
    expect(second.state).toBe('partial');
    allow();

    const third = await set.name(3, ['u1', 'u4', 'u5']);

    expect(third).toMatchObject({ next: 'respond', state: 'contained' });
    expect(set.denied()).toEqual(['u4', 'u5']);
    expect(await stateOf(set, second.incidentId)).toBe('contained');
  });

  it('contains the others, also while another run changes the first incident', async () => {
    const set = growing();
    refusing(set, ['u4']);
    const first = await set.name(1, ['u4']);
    const { head } = await readCase(set.deps.table, first.incidentId);
    await takeTurn(set.deps, head, 60);

    expect(await set.name(2, ['u4', 'u5'])).toMatchObject({ next: 'respond', state: 'contained' });

    expect(set.denied()).toEqual(['u5']);
    expect(set.lines.filter((line) => line.includes('hold is busy'))).toHaveLength(1);
  });

  it('begins one incident for whom it adds and for whose activity goes on', async () => {
    const set = growing();
    await set.name(1, ['u1']);
    const second = await set.name(2, ['u1', 'u4']);
    await release(asked(second.incidentId), set.deps);
    expect(set.denied()).toEqual([]);
    set.clock.at += 2 * 3_600_000;

    const seen = new Date(set.clock.at).toISOString();
    const third = await set.arrive(keyUse(3, ['u1', 'u4', 'u5'], seen), 'e3');

    expect(third).toMatchObject({ incidentId: second.incidentId, round: 2, state: 'contained' });
    expect(set.denied()).toEqual(['u4', 'u5']);
    expect(await set.namesOf(second.incidentId)).toEqual(['u4', 'u5']);
    // A further revision finds both under this incident.
    expect(await set.arrive(keyUse(4, ['u1', 'u4', 'u5'], seen), 'e4')).toMatchObject({
      next: 'remind',
    });
    expect(set.denied()).toEqual(['u4', 'u5']);
  });

  it('goes on with the newcomer that it was containing, also when another waits for a yes', async () => {
    const set = growing();
    await set.name(1, ['u1']);
    const waiting = await set.name(2, ['u1', 'u2']);
    expect(waiting.next).toBe('ask');
    // The function ends while it denies u4.
    set.account.iam.on(AttachUserPolicyCommand).callsFake(() => new Promise(() => undefined));
    void set.name(3, ['u1', 'u2', 'u4']);
    await vi.waitFor(
      () => expect(set.account.iam.commandCalls(AttachUserPolicyCommand)).toHaveLength(1),
      { timeout: 60_000 },
    );
    refusing(set, [])();

    const retried = await set.name(3, ['u1', 'u2', 'u4']);

    expect(retried).toMatchObject({ next: 'respond', state: 'contained' });
    expect(retried.incidentId).not.toBe(waiting.incidentId);
    expect(set.denied()).toEqual(['u4']);
    expect(await stateOf(set, waiting.incidentId)).toBe('awaiting-approval');
  });

  it('leaves every suspect of the finding to the hourly look', async () => {
    const set = growing();
    await set.name(1, ['u4']);
    await set.name(2, ['u4', 'u5']);
    for (const user of ['u4', 'u5']) set.world.users.get(user)?.attached.delete(quarantine.user);
    expect(set.denied()).toEqual([]);

    expect((await sweep(null, set.deps)).tell).toHaveLength(2);

    expect(set.denied()).toEqual(['u4', 'u5']);
  });
});

describe('a suppressed finding that grows', () => {
  it('is told once, whoever is added', async () => {
    const { name, deps } = growing(suppressing);
    const first = await name(1, ['u4']);
    expect(first).toMatchObject({ next: 'tell', state: 'suppressed' });

    const later = [await name(2, ['u4', 'u5']), await name(3, ['u1', 'u4', 'u5'])];

    expect(later.map(({ next, incidentId }) => [next, incidentId])).toEqual([
      ['none', first.incidentId],
      ['none', first.incidentId],
    ]);
    expect((await readCase(deps.table, first.incidentId)).findings).toHaveLength(3);
  });

  it('is told once besides what is contained, and decided when it is suppressed no more', async () => {
    const set = growing({ suspectLimit: 5 });
    const first = await set.name(1, ['u4']);
    expect(first.state).toBe('contained');
    const suppressed = { ...set.deps, settings: { ...set.deps.settings, ...suppressing } };
    const later = [];
    for (const [revision, named] of [
      [2, ['u4', 'u5']],
      [3, ['u4', 'u5', 'u1']],
      [4, ['u4', 'u5', 'u1', 'u2']],
    ] as const)
      later.push(await set.name(revision, named, `e${revision}`, suppressed));

    expect(later.map(({ next }) => next)).toEqual(['tell', 'none', 'none']);
    expect(set.denied()).toEqual(['u4']);
    const last = await set.name(5, ['u4', 'u5', 'u1', 'u2']);
    expect(last).toMatchObject({ incidentId: later[0]?.incidentId, next: 'respond' });
    expect(set.denied()).toEqual(['u4', 'u5']);
  });
});
