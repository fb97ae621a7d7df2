import { expect, it, vi } from 'vitest';
import type { Case } from '../../../../responders/incident/case.ts';
import { isOpenQuestion, timeLimitName } from '../../../../responders/incident/question.ts';
import { quarantine, type World } from '../../../support/fakes/account.ts';
import fc from '../../../support/property.ts';
import { containmentIn, stillAllowed } from '../../../support/responders/steering/allowed.ts';
import { protectedRoles } from '../../../support/responders/steering/outside.ts';
import {
  aStory,
  isForged,
  type Move,
  type Stage,
  type Story,
  stage,
} from '../../../support/responders/steering/story.ts';
import { sized, steadySeed } from '../../../support/run.ts';

const hour = 3_600_000;
const waits = 'awaiting-approval';

const isHeldState = ({ head }: Case): boolean => ['contained', 'contested'].includes(head.state);

/** Never `contained` while a call is allowed. */
const expectContained = ({ worlds }: Stage, { head }: Case): void => {
  const { id, state, suspect } = head;
  if (suspect?.kind !== 'function') throw new Error(`${id} is ${state} without a function`);
  expect([id, state, stillAllowed(worlds.real, suspect)]).toEqual([id, state, []]);
};

/** A role that was made again is another one: that it is denied does not contain the old one. */
const expectSameRole = ({ worlds }: Stage, { head: { id, state, suspect } }: Case): void => {
  if (state !== 'contained' || suspect?.kind !== 'function') return;
  const role = worlds.real.roles.get(suspect.roleName);
  if (role) expect([id, suspect.roleId]).toEqual([id, role.id]);
};

/** Never released without the MAC of a person. */
const expectReleasedByPerson = ({ mayRelease }: Stage, { head }: Case): void => {
  if (head.state === 'released') expect([...mayRelease]).toContain(`${head.id}#${head.round}`);
};

/** Somebody waits for the answer, and a mail has asked for it. */
const expectAsked = ({ questions }: Stage, { head, mails }: Case): void => {
  if (head.state !== waits) return;
  expect(questions.map(({ incidentId }) => incidentId)).toContain(head.id);
  const isAsked = mails.some(({ kind, round }) => kind === 'ask' && round === head.round);
  expect([head.id, isAsked]).toEqual([head.id, true]);
};

const expectProtected = ({ worlds, start }: Stage): void => {
  for (const [key, { name }] of Object.entries(protectedRoles)) {
    expect(worlds.real.roles.get(name)).toEqual(start.roles.get(name));
    expect(worlds.real.functions.get(key)).toEqual(start.functions.get(key));
  }
};

const isOutside = ({ does }: Move): boolean => does === 'outside';

/**
 * Whether somebody may have changed a target after it was seen contained: others, or a release on
 * the same role. The next look repairs it.
 */
const mayDisturb = (group: readonly Move[]): boolean =>
  group.some(isOutside) || (group.length > 1 && group.some(({ does }) => does.endsWith('release')));

/** What is forged once more under the same id is told once. */
const isRepeatable = ({ does }: Move): boolean => does === 'finding about another';

/** How many mails there are, of incidents and besides. */
const toldOf = async ({ everyCase, notices }: Stage): Promise<number> =>
  notices.length + (await everyCase()).flatMap(({ mails }) => mails).length;

/** Lets a group of moves happen at once, and judges what has come of it. */
const play = async (set: Stage, group: readonly Move[]): Promise<void> => {
  const { steps, worlds, everyCase, mayRelease, clock, questions } = set;
  const before = structuredClone(worlds.real);
  const states = new Map((await everyCase()).map(({ head }) => [head.id, head.state]));
  const told = await toldOf(set);
  // An answer to what is decided already changes nothing, whoever sends it, and is not told.
  const isOpen = questions.every(({ incidentId }) => states.get(incidentId) === waits);
  const began = steps.story.length;
  steps.story.push(`--- ${JSON.stringify(group)}`);
  for (const move of group) await set.move(move);
  await steps.rest();
  const cases = await everyCase();
  const isDisturbed = group.some(isOutside);
  const isFaulty = steps.story.slice(began + 1).some((line) => line.includes('['));
  const isSwept = group.every(({ does }) => does === 'sweep') && !isFaulty;
  for (const incident of cases) {
    const { id, state, busyUntil = 0 } = incident.head;
    const isLookedAt = isSwept && busyUntil <= clock.at;
    const isNew = states.get(id) !== state || isLookedAt;
    if (isLookedAt) expectSameRole(set, incident);
    if (!mayDisturb(group) && isNew && isHeldState(incident)) expectContained(set, incident);
    expectReleasedByPerson(set, incident);
    expectAsked(set, incident);
  }
  expectProtected(set);
  if (group.every(isForged)) {
    expect(worlds.real).toEqual(before);
    const hasArrived = steps.story.length > began + 1;
    if (hasArrived && isOpen && !group.some(isRepeatable))
      expect(await toldOf(set)).toBeGreaterThan(told);
  }
  if (!isDisturbed && !cases.some(({ head }) => mayRelease.has(`${head.id}#${head.round}`)))
    expect(containmentIn(worlds.real)).toEqual(
      containmentIn(worlds.real).union(containmentIn(before)),
    );
};

/** Until every execution has ended; nobody answers. */
const untilOver = async ({ gates, questions, steps, pass }: Stage): Promise<void> => {
  await steps.rest();
  while (gates.length + questions.length > 0) {
    for (const goOn of gates.splice(0)) goOn();
    if (questions.length > 0) pass(hour);
    for (const { answer } of questions.splice(0)) answer({ silent: true });
    await steps.rest();
  }
};

/** A question is never silently over, and every incident ends with a mail. */
const expectTold = ({ head, mails }: Case): void => {
  const { id, state, answers = [], proposal } = head;
  expect([id, mails.length > 0]).toEqual([id, true]);
  const last = answers.at(-1);
  const isSilence = last?.by === timeLimitName && !last.contain;
  if (proposal && state === 'notify-only') expect([id, last?.by]).not.toEqual([id, timeLimitName]);
  if (isSilence && state === 'unanswered')
    expect([id, mails.some(({ at }) => at > last.at)]).toEqual([id, true]);
  expect([id, state]).not.toEqual([id, waits]);
};

const isSlot = (key: string): boolean => key.startsWith('cordon-quarantined-');

/**
 * Whether a release may leave the policy attached, by what somebody did to the slots of the role:
 * filled them; or, while another function of it was contained, claimed one, which denied this
 * function before its containment, or took them away, which made the policy look like a stranger's.
 */
const mayStay = ({ groups }: Story, cases: readonly Case[]): boolean => {
  const kinds = groups.flat().flatMap((move) => (move.does === 'outside' ? [move.kind] : []));
  const hasOthers = cases.some(({ befores }) =>
    befores.some(({ target }) => /^orders-role\/(?!orders$)/.test(target)),
  );
  const isTouched = kinds.includes('claim the slot') || kinds.includes('untag');
  return kinds.some((kind) => kind.startsWith('fill')) || (isTouched && hasOthers);
};

/**
 * Without what a release leaves on purpose, and without slots with the name of the function: a
 * release takes them, although an intruder may have set them.
 */
const withoutLeftovers = (world: World, isPolicyLeft: boolean): World => {
  const copy = structuredClone(world);
  for (const { inline, attached, tags } of copy.roles.values()) {
    for (const name of inline.keys())
      if (name.startsWith('CordonDeniedSessions-')) inline.delete(name);
    if (isPolicyLeft) attached.delete(quarantine.function);
    for (const [key, value] of tags) if (isSlot(key) && value === 'orders') tags.delete(key);
  }
  return copy;
};

/** Nobody answers, so every open question is asked again a day later. */
const expectAskedAgain = async (set: Stage): Promise<void> => {
  const { everyCase, pass, clock } = set;
  pass(24 * hour);
  const { at } = clock;
  await play(set, [{ does: 'questions are asked again' }]);
  for (const { head, mails } of await everyCase())
    if (isOpenQuestion(head) && !head.drill)
      expect([head.id, mails.some((mail) => mail.kind === 'ask' && mail.at > at)]).toEqual([
        head.id,
        true,
      ]);
};

/** A late yes is still an answer. */
const expectAnswerable = async (set: Stage): Promise<void> => {
  for (const [nth, { head }] of (await set.everyCase()).entries())
    if (head.state === 'unanswered') {
      await play(set, [{ does: 'late answer', nth, contain: true }]);
      await untilOver(set);
      const state = (await set.everyCase())[nth]?.head.state;
      expect([head.id, state]).not.toEqual([head.id, 'unanswered']);
    }
};

const expectRestored = async (set: Stage, told: Story): Promise<void> => {
  const { worlds, everyCase } = set;
  for (const [nth, { befores, head }] of (await everyCase()).entries()) {
    if (befores.length === 0) continue;
    await play(set, [{ does: 'release', nth, forced: true }]);
    const state = (await everyCase())[nth]?.head.state;
    expect([head.id, state]).toEqual([head.id, 'released']);
  }
  await play(set, [{ does: 'sweep' }]);
  const isPolicyLeft = mayStay(told, await everyCase());
  expect(withoutLeftovers(worlds.real, isPolicyLeft)).toEqual(
    withoutLeftovers(worlds.meant, isPolicyLeft),
  );
};

/** Every execution has told of its incident, or that it failed. */
const expectHeard = ({ executions, steps, notices }: Stage): void => {
  for (const name of executions) {
    const isHeard = [...steps.story, ...notices].some((line) => line.includes(`${name}: `));
    expect([name, isHeard]).toEqual([name, true]);
  }
};

/** Executions end, holds are looked at, and people release everything. */
const end = async (set: Stage, told: Story): Promise<void> => {
  set.faults.length = 0;
  set.pass(hour);
  await untilOver(set);
  for (let times = 0; times < 2; times += 1) {
    set.pass(hour);
    await play(set, [{ does: 'sweep' }]);
  }
  for (const incident of await set.everyCase()) expectTold(incident);
  expectHeard(set);
  await expectAskedAgain(set);
  await expectAnswerable(set);
  await expectRestored(set, told);
};

const check = async (told: Story): Promise<void> => {
  const set = stage(told);
  try {
    for (const group of told.groups) await play(set, group);
    await end(set, told);
  } catch (error) {
    throw new Error(
      `${set.steps.story.join('\n')}\n${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
};

it('nobody steers, evades or outlasts Cordon, whatever happens in whichever order', async () => {
  // Deadlines pass when the story says so, however slow the machine is.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const numRuns = sized(120, 1_000);
    await fc.assert(fc.asyncProperty(aStory, check), {
      numRuns,
      seed: steadySeed(),
      endOnFailure: numRuns > 120,
    });
  } finally {
    vi.useRealTimers();
  }
});
