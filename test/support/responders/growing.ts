import { containAnswered } from '../../../responders/contain/answer.ts';
import { containFinding } from '../../../responders/contain/containment.ts';
import type { Settings } from '../../../responders/decide/settings.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { suspectNames, suspectsOf } from '../../../responders/incident/suspect.ts';
import { accountId, aUser, aWorld, quarantine } from '../fakes/account.ts';
import { fakeDeps } from '../fakes/deps.ts';
import { attackSequence } from '../fakes/findings.ts';

export const userIdOf = (name: string): string => `AIDAEXAMPLEEXAMPLE0${name.slice(1)}`;
export const actor = (name: string) => ({
  ...{ name, uid: userIdOf(name), type: 'IAMUser' },
  account: { uid: accountId },
});
export const secondsAt = (revision: number): string => `2026-11-21T10:00:0${revision}.000Z`;

const people = ['u1', 'u2', 'u3'] as const;

/**
 * Five users, and a finding that grows; the first three have a console password, so a person is
 * asked about them.
 */
export const growing = (settings: Partial<Settings> = {}) => {
  const users = ['u1', 'u2', 'u3', 'u4', 'u5'].map((name) => {
    const hasPassword = people.some((person) => person === name);
    return [name, aUser({ id: userIdOf(name), hasPassword })] as const;
  });
  const world = aWorld({ users: new Map(users) });
  const known = fakeDeps(world, settings);
  const { deps } = known;
  const arrive = (event: unknown, execution: string, over = deps) =>
    containFinding({ event, execution, drill: false }, over);
  /** The revision of one sequence that names these users. */
  const name = (
    revision: number,
    named: readonly string[],
    execution = `e${revision}`,
    over = deps,
  ) => {
    const event = attackSequence(named.map(actor));
    const detail = { ...event.detail, updatedAt: secondsAt(revision) };
    return arrive({ ...event, detail }, execution, over);
  };
  const say = (id: string, approved = true) =>
    containAnswered(id, { approved, by: 'anna', reason: 'seen' }, deps);
  const denied = () =>
    [...world.users].flatMap(([user, { attached }]) =>
      attached.has(quarantine.user) ? [user] : [],
    );
  const namesOf = async (id: string) =>
    suspectsOf((await readCase(deps.table, id)).head).flatMap(suspectNames);
  return { ...known, world, arrive, name, say, denied, namesOf };
};
