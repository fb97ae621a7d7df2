// The same function with the same role in two regions: its sessions have one name.
import { describe, expect, it } from 'vitest';
import { containAnswered } from '../../../../responders/contain/answer.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { judgedCopies } from '../../../../responders/contain/copies.ts';
import { release } from '../../../../responders/contain/release.ts';
import { watch } from '../../../../responders/contain/watch.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { letter } from '../../../../responders/report/mail.ts';
import {
  aFunction,
  aWorld,
  functionArn,
  furtherRegion,
  type World,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding, stolenSession } from '../../../support/fakes/findings.ts';
import { asked } from '../../../support/responders/contained.ts';
import { place } from '../../../support/responders/report/samples.ts';

const copy = `${furtherRegion}/orders`;

const twice = (over: Parameters<typeof aFunction>[0] = {}): World =>
  aWorld({
    functions: new Map([
      ['orders', aFunction({ reserved: 3 })],
      [copy, aFunction({ reserved: 4, urls: new Map([['', 'NONE']]), ...over })],
    ]),
  });

const opened = async (event: unknown, world: World, over = {}) => {
  const made = fakeDeps(world, { furtherRegions: [furtherRegion], ...over });
  const arrival = { event, drill: false, execution: 'e1' };
  const { incidentId } = await containFinding(arrival, made.deps);
  const look = async () => {
    const watched = await watch(incidentId, made.deps);
    return { ...watched, incident: await readCase(made.deps.table, incidentId) };
  };
  return { ...made, incidentId, look };
};

const copiesIn = ({ head }: Awaited<ReturnType<typeof readCase>>) =>
  head.suspect?.kind === 'function' ? head.suspect.copies : undefined;

describe('a finding about a session', () => {
  it('has the function contained in each region, and a release puts back both', async () => {
    const world = twice();
    const before = structuredClone(world);
    const { look, deps, incidentId } = await opened(stolenSession(), world);

    const { state, incident } = await look();

    expect(state).toBe('contained');
    expect(incident.head.suspect).toMatchObject({ sharing: 'sole', copies: [{ place: copy }] });
    expect([...world.functions.values()].map(({ reserved }) => reserved)).toEqual([0, 0]);
    expect(world.functions.get(copy)?.urls.get('')).toBe('AWS_IAM');
    expect(letter(incident, 'report1', place).body).toContain(
      `Contained as well, with the same name and role: ${copy}.`,
    );
    await release(asked(incidentId), deps);
    expect(world).toEqual(before);
  });

  it('keeps what it has contained, whatever becomes of the copy', async () => {
    const world = twice();
    const { look } = await opened(stolenSession(), world);
    await look();
    const contained = world.functions.get(copy);
    if (contained) Object.assign(contained, { reserved: 4, tags: { 'cordon:tier': 'critical' } });

    const { state, incident } = await look();

    expect([state, copiesIn(incident)]).toEqual(['contested', [{ place: copy }]]);
    expect(contained?.reserved).toBe(0);
  });

  it.each([
    [
      'that is never contained',
      { neverContain: [{ arn: functionArn(copy), because: 'it must run' }] },
      'never contained: it must run',
    ],
    [
      'that the configuration lists',
      { criticalTier: [functionArn(copy)] },
      'the configuration lists it as critical',
    ],
    ['with a tag that decides', { tags: { 'cordon:tier': 'critical' } }, 'its tag cordon:tier'],
  ])('leaves a copy %s to a person, and names it', async (_what, over, why) => {
    const world = twice('tags' in over ? over : {});
    const { look } = await opened(stolenSession(), world, 'tags' in over ? {} : over);

    const { state, incident } = await look();

    expect(state).toBe('contained');
    expect(copiesIn(incident)).toEqual([{ place: copy, left: expect.stringContaining(why) }]);
    expect(world.functions.get(copy)?.reserved).toBe(4);
    expect(letter(incident, 'flash', place).body).toContain(
      `The function orders in ${furtherRegion}, of the same name and role, may still start`,
    );
  });

  it('leaves a copy that a person has not approved', async () => {
    const world = twice();
    const asking = { criticalTier: [functionArn('orders')] };
    const { look, deps, incidentId } = await opened(stolenSession(), world, asking);
    const approved = { approved: true, by: 'anna', reason: 'it is real' };
    await containAnswered(incidentId, approved, deps);

    const { state, incident } = await look();

    expect(state).toBe('contained');
    expect(copiesIn(incident)).toEqual([
      { place: copy, left: expect.stringContaining('approved') },
    ]);
    expect(world.functions.get(copy)?.reserved).toBe(4);
  });

  it('leaves a copy of what a person has named', async () => {
    const { deps, incidentId } = await opened(stolenSession(), twice());
    const { head, ...rest } = await readCase(deps.table, incidentId);
    if (head.suspect?.kind !== 'function') throw new Error('no function is suspected');
    const incident = { ...rest, head: { ...head, byHand: { by: 'anna', reason: 'a test' } } };
    const neighbour = { name: copy, arn: functionArn(copy), changedAt: null };
    const deadlines = { factsMs: 1_000, neighboursMs: 1_000 };

    expect(await judgedCopies(head.suspect, [neighbour], incident, deadlines, deps)).toEqual([
      { place: copy, left: expect.stringContaining('a person') },
    ]);
  });

  it('leaves a function of the same name with another role alone, and does not name it', async () => {
    const { look } = await opened(stolenSession(), twice({ role: 'other-role' }));

    expect(copiesIn((await look()).incident)).toBeUndefined();
  });
});

it('a finding about a function has its copy named, and not paused', async () => {
  const world = twice();
  const { look } = await opened(lambdaFinding(), world);

  const { state, incident } = await look();

  expect(state).toBe('contained');
  expect(incident.head.suspect).toMatchObject({ sharing: 'shared' });
  expect(copiesIn(incident)).toEqual([
    { place: copy, left: 'the finding is about the function of eu-west-1 alone' },
  ]);
  expect(world.functions.get(copy)?.reserved).toBe(4);
  const { body } = letter(incident, 'flash', place);
  expect(body).toContain(`Denied as well, because its sessions have the same name: ${copy}.`);
  expect(body).toContain(`The function orders in ${furtherRegion}, of the same name and role`);
});
