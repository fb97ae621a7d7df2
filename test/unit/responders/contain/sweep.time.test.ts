import { GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { release } from '../../../../responders/contain/release.ts';
import type { WatchDeps } from '../../../../responders/contain/sharing.ts';
import { isStop, sweep } from '../../../../responders/contain/sweep.ts';
import { turnSeconds } from '../../../../responders/contain/turn.ts';
import { denialDocument, denialName } from '../../../../responders/incident/denied-sessions.ts';
import { incidentKey } from '../../../../responders/incident/keys.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { accountId, aUser, aWorld } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { attackSequence } from '../../../support/fakes/findings.ts';
import { asked, contain } from '../../../support/responders/contained.ts';

/** As the handler sets it. */
const beginMs = 45_000;
const limitMs = turnSeconds.watch * 1_000;

const names = Array.from({ length: 10 }, (_, index) => `u${index}`);
const idOf = (name: string): string => `AIDAEXAMPLEEXAMPLE0${name.slice(1)}`;
const idAt = (index: number): string => `inc-20261121-aaaaaaa${String.fromCharCode(97 + index)}`;

/** Holds of ten users each; from then on each check of a target takes so long. */
const slowHolds = async (holds: number, checkMs: number) => {
  const users = new Map(names.map((name) => [name, aUser({ id: idOf(name) })]));
  const known = fakeDeps(aWorld({ users }), { suspectLimit: 10 });
  const { deps, cases, clock } = known;
  const actors = names.map((name) => ({
    ...{ name, uid: idOf(name), type: 'IAMUser', account: { uid: accountId } },
  }));
  const event = attackSequence(actors);
  const { incidentId } = await containFinding({ event, execution: 'e', drill: false }, deps);
  const stored = [...cases.items].filter(([key]) => key.startsWith(`INC#${incidentId}\n`));
  for (const [key, item] of stored) {
    cases.items.delete(key);
    for (let index = 0; index < holds; index += 1) {
      const id = idAt(index);
      const copy = { ...item, pk: { S: incidentKey(id) }, ...(item.id && { id: { S: id } }) };
      cases.items.set(key.replace(incidentId, id), copy);
    }
  }
  const checked: string[] = [];
  const catalog = deps.catalog.map((responder) => ({
    ...responder,
    holds: (target: string, aws: typeof deps.aws) => {
      clock.at += checkMs;
      checked.push(`${responder.id} on ${target}`);
      return responder.holds(target, aws);
    },
  }));
  return { ...known, slow: { ...deps, catalog }, checked };
};

interface Slow {
  readonly slow: WatchDeps;
  readonly clock: { at: number };
}

interface Part {
  readonly after: string | null;
  readonly ms: number;
  readonly failed: number;
}

/** Looks at parts until none is left, each with a deadline of its own. */
const everyPart = async ({ slow, clock }: Slow): Promise<Part[]> => {
  const parts: Part[] = [];
  for (let after: string | null = null; parts.length < 200; ) {
    const began = clock.at;
    const part: Awaited<ReturnType<typeof sweep>> = await sweep(after, {
      ...slow,
      until: began + beginMs,
    });
    after = part.after;
    parts.push({ after, ms: clock.at - began, failed: part.failed });
    if (after === null) return parts;
  }
  throw new Error('the sweep does not end');
};

describe('a sweep of a slow account', () => {
  it('ends each part before its function does, and looks at every hold', async () => {
    const { deps, slow, clock, lines } = await slowHolds(24, 300);

    const parts = await everyPart({ slow, clock });

    expect(parts.length).toBeGreaterThan(1);
    expect(parts.filter(({ ms }) => ms >= limitMs)).toEqual([]);
    expect(parts.filter(({ failed }) => failed > 0)).toEqual([]);
    for (let index = 0; index < 24; index += 1) {
      const id = idAt(index);
      const looks = lines.filter((line) => line.includes('"watched"') && line.includes(id));
      expect(looks).toHaveLength(1);
      expect((await readCase(deps.table, id)).head.busyUntil).toBeLessThanOrEqual(clock.at);
    }
  });

  it('begins no target of a hold after the moment that the function has set', async () => {
    const { deps, slow, clock, checked } = await slowHolds(1, 1_000);
    const targets = (await readCase(deps.table, idAt(0))).actions.map(
      ({ responder, target }) => `${responder} on ${target}`,
    );
    const until = clock.at + 10_000;

    expect(await sweep(null, { ...slow, until })).toMatchObject({ failed: 0 });

    // Eight at once, and no group after the moment.
    expect(checked).toHaveLength(16);
    const left = targets.filter((target) => !checked.includes(target));
    expect(left).toHaveLength(4);
    checked.length = 0;
    await sweep(null, { ...slow, until: clock.at + 2_000 });
    expect(checked.slice(0, 4)).toEqual(left);
    expect(checked).toHaveLength(8);
  });
});

/** Releases that keep earlier sessions denied, in an account that answers so slowly. */
const slowDenials = async (releases: number, readMs: number) => {
  const known = fakeDeps();
  const { deps, cases, clock, account } = known;
  const { incidentId } = await contain(deps, 'f1');
  const document = denialDocument({ sessionName: 'orders', before: clock.at });
  account.world.roles.get('orders-role')?.inline.set(denialName('orders'), document);
  await release({ ...asked(incidentId), letSessionsLive: false }, deps);
  for (const [key, item] of [...cases.items]) {
    if (!key.includes(incidentId)) continue;
    for (let index = 0; index < releases; index += 1) {
      const renamed = Object.entries(item).map(([name, value]) => [
        name,
        value.S === undefined ? value : { S: value.S.replace(incidentId, idAt(index)) },
      ]);
      cases.items.set(key.replace(incidentId, idAt(index)), Object.fromEntries(renamed));
    }
    cases.items.delete(key);
  }
  const read: string[] = [];
  account.iam.on(GetRolePolicyCommand).callsFake(({ RoleName }) => {
    clock.at += readMs;
    read.push(String(RoleName));
    return { PolicyDocument: encodeURIComponent(document) };
  });
  return { ...known, slow: deps, read };
};

describe('the denials of earlier sessions', () => {
  it('are checked part by part, each once', async () => {
    const denials = await slowDenials(12, 5_000);

    const parts = await everyPart(denials);

    expect(parts.map(({ failed }) => failed)).toEqual([0, 0]);
    expect(parts.filter(({ ms }) => ms >= limitMs)).toEqual([]);
    expect(denials.read).toHaveLength(12);
  });

  it('are left to the next part where the holds have taken the time', async () => {
    const denials = await slowDenials(3, 5_000);

    const first = await sweep(null, { ...denials.slow, until: denials.clock.at - 1 });

    expect(denials.read).toEqual([]);
    expect(first).toEqual({ tell: [], failed: 0, after: expect.any(String) });
    await sweep(first.after, { ...denials.slow, until: denials.clock.at + beginMs });
    expect(denials.read).toHaveLength(3);
  });

  it('are found again by what a part has written about its end, and by nothing else', async () => {
    const { slow, clock } = await slowDenials(3, 5_000);
    const { after } = await sweep(null, { ...slow, until: clock.at + 6_000 });

    expect([after, 'denials ', idAt(0)].map((stop) => isStop(stop ?? ''))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['', 'denials', 'denials x', 'INC#1'].filter(isStop)).toEqual([]);
  });
});
