import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { SalesforceOptions, StandInContact } from '../../../local/stand-ins/salesforce.ts';
import { type PollResult, poll } from '../../../protected-app/worker/salesforce/poll.ts';
import { contactsOf, idOf, itemOf } from './contacts.ts';
import {
  type Aws,
  clientSecret,
  dyingAfter,
  logged,
  startAws,
  type World,
  worldOf,
} from './salesforce-world.ts';

let aws: Aws;
let world: World;
beforeAll(async () => {
  aws = await startAws();
});
afterEach(() => world.stop());
afterAll(() => aws.engine.stop());

const start = async (
  contacts: readonly StandInContact[],
  options: Pick<SalesforceOptions, 'limit' | 'pageSize'> = {},
): Promise<World> => {
  world = await worldOf(aws, { contacts, ...options });
  return world;
};

let runs = 0;
const aLambda = 300_000;
const once = (deps = world.deps(), lives = aLambda): Promise<PollResult> => {
  runs += 1;
  return poll(deps, { id: `run-${runs}`, deadline: world.now() + lives });
};

const source = () =>
  [...world.salesforce.contacts.values()]
    .filter(({ IsDeleted }) => !IsDeleted)
    .map((contact) => itemOf(contact));
const pages = () =>
  world.salesforce.journal().filter(({ path, status }) => path.includes('/query') && status === 200)
    .length;

it('5,000 contacts arrive in pages, with an expired token and a 429 in the middle: the table equals the source', {
  timeout: 900_000,
}, async () => {
  await start(contactsOf(5_000));
  const troubles = new Map([
    [3, { expired: true } as const],
    [6, { status: 429, retryAfter: 7 } as const],
    [7, { status: 503 } as const],
  ]);
  world.salesforce.behave(({ number }) => troubles.get(number));
  const before = world.now();
  const polled = await once();
  expect(polled).toEqual({ outcome: 'done', stored: 5_000 });
  expect(await world.itemsOf('customers')).toEqual(source());
  expect(world.slept).toEqual([7_000, 1_000]);
  expect(world.salesforce.journal().map(({ status }) => status)).toEqual([
    200, 200, 401, 200, 200, 429, 503, 200,
  ]);
  expect(world.now() - before).toBeLessThan(aLambda);
  const [{ mark } = {}] = await world.itemsOf('runs');
  expect(mark).toMatchObject({ id: idOf(4_999) });
});

it.each([1, 50, 202, 470, 503])(
  'a poll that dies after %d writes is resumed: nothing is lost, and nothing is there twice',
  async (k) => {
    await start(contactsOf(500), { pageSize: 200 });
    const { client, dead } = dyingAfter(aws.dynamo, k);
    const dying = world.deps();
    await expect(
      once({
        ...dying,
        customers: { ...dying.customers, client },
        runs: { ...dying.runs, client },
      }),
    ).rejects.toThrow('dead');
    expect(dead()).toBe(true);
    expect(await once()).toEqual({ outcome: 'skipped' });
    world.clock.passed += aLambda + 31_000;
    const { stored = 0, unchanged = 0 } = await once();
    expect(await world.itemsOf('customers')).toEqual(source());
    expect(stored + unchanged).toBeLessThanOrEqual(500);
    if (k > 203) expect(stored + unchanged).toBeLessThanOrEqual(300);
    expect(await once()).toEqual({ outcome: 'done' });
  },
);

it('goes on where it stopped when the time is over, and is there after a few runs', async () => {
  await start(contactsOf(500), { pageSize: 200 });
  expect(await once(world.deps(), 29_000)).toEqual({ outcome: 'stopped', stored: 200 });
  expect(await once(world.deps(), 29_000)).toEqual({ outcome: 'stopped', stored: 200 });
  expect(await once(world.deps(), 29_000)).toMatchObject({ outcome: 'stopped', stored: 100 });
  expect(await once()).toEqual({ outcome: 'done' });
  expect(await world.itemsOf('customers')).toEqual(source());
});

it('takes over changes, deletions and what came back, and writes nothing twice', async () => {
  await start(contactsOf(20));
  await once();
  world.clock.passed += 3_600_000;
  world.salesforce.change(idOf(3), { Name: 'Renamed', MailingCity: null });
  world.salesforce.change(idOf(90), { Name: 'New' });
  world.salesforce.remove(idOf(4));
  expect(await once()).toEqual({ outcome: 'done', stored: 2, deleted: 1 });
  expect(await world.customer(idOf(4))).toBeUndefined();
  expect(await world.customer(idOf(3))).toMatchObject({
    name: 'Renamed',
    city: null,
    nameKey: expect.stringContaining('renamed'),
    version: 2,
  });
  expect(await once()).toEqual({ outcome: 'done', unchanged: 3 });
  world.clock.passed += 3_600_000;
  world.salesforce.change(idOf(4), { IsDeleted: false });
  expect(await once()).toMatchObject({ outcome: 'done', stored: 1 });
  expect(await world.customer(idOf(4))).toBeDefined();
});

it('sees a change that became visible late, with a stamp from before the watermark', async () => {
  await start(contactsOf(5));
  world.salesforce.change(idOf(50), {});
  await once();
  const late = new Date(world.now() - 120_000).toISOString();
  world.salesforce.change(idOf(51), { SystemModstamp: late, LastModifiedDate: late });
  world.clock.passed += 3_600_000;
  await once();
  expect(await world.customer(idOf(51))).toMatchObject({ modifiedAt: late });
});

it('never puts an older contact over a newer one, and sees a second change within the same second', async () => {
  await start(contactsOf(3));
  const ahead = new Date(world.now()).toISOString();
  const [first, second] = contactsOf(2).map((contact) => itemOf(contact));
  if (!first || !second) throw new Error('two contacts were made');
  await world.put({ ...first, name: 'Newer here', modifiedAt: ahead });
  await world.put({ ...second, city: 'Where it was a moment ago' });
  expect(await once()).toEqual({ outcome: 'done', stored: 2, unchanged: 1 });
  expect(await world.customer(idOf(0))).toMatchObject({ name: 'Newer here', modifiedAt: ahead });
  expect(await world.customer(idOf(1))).toMatchObject({ city: 'Berlin' });
});

it('between a change there and one that waits here, the later one wins; a deletion always does', async () => {
  await start(contactsOf(4));
  await once();
  world.clock.passed += 3_600_000;
  const changedAt = new Date(world.now()).toISOString();
  for (const number of [0, 1, 2, 3]) {
    const contact = contactsOf(4)[number];
    if (contact)
      await world.put({ ...itemOf(contact, 2), city: 'Ours', pending: 'yes', changedAt });
  }
  const earlier = new Date(world.now() - 60_000).toISOString();
  world.salesforce.change(idOf(0), {
    MailingCity: 'Theirs',
    SystemModstamp: earlier,
    LastModifiedDate: earlier,
  });
  world.clock.passed += 10_000;
  world.salesforce.change(idOf(1), { MailingCity: 'Theirs' });
  world.salesforce.remove(idOf(2));
  // A job of Salesforce touched it; nobody changed it.
  world.salesforce.change(idOf(3), { LastModifiedDate: earlier });
  expect(await once()).toEqual({ outcome: 'done', kept: 2, overruled: 2 });
  expect(await world.customer(idOf(0))).toMatchObject({ city: 'Ours', pending: 'yes', changedAt });
  expect(await world.customer(idOf(1))).toEqual({
    ...itemOf(
      { ...contactsOf(4)[1], ...world.salesforce.contacts.get(idOf(1)) } as StandInContact,
      3,
    ),
  });
  expect(await world.customer(idOf(2))).toBeUndefined();
  expect(await world.customer(idOf(3))).toMatchObject({ city: 'Ours', pending: 'yes' });
});

it('of two polls at once, one does nothing', async () => {
  await start(contactsOf(300));
  const both = await Promise.all([once(), once()]);
  expect(both.map(({ outcome }) => outcome).sort()).toEqual(['done', 'skipped']);
  expect(await world.itemsOf('customers')).toEqual(source());
});

it('a poll that has lost its lease moves no watermark', async () => {
  await start(contactsOf(500), { pageSize: 200 });
  world.salesforce.behave(({ number }) => {
    if (number === 3) world.clock.passed += aLambda + 60_000;
    return number === 3 ? { afterMs: 400 } : undefined;
  });
  const slow = once().catch((error: unknown) => error);
  while (world.salesforce.journal().length < 2) await new Promise((done) => setTimeout(done, 20));
  while (world.clock.passed === 0) await new Promise((done) => setTimeout(done, 20));
  const fast = await once();
  expect(fast.outcome).toBe('done');
  const [{ mark } = {}] = await world.itemsOf('runs');
  expect(mark).toMatchObject({ id: idOf(499) });
  await slow;
  const [{ mark: after } = {}] = await world.itemsOf('runs');
  expect(after).toEqual(mark);
});

it('stops before the daily calls are used up, keeps what it has, and says so', async () => {
  await start(contactsOf(500), { limit: { used: 7, of: 10 }, pageSize: 200 });
  expect(await once()).toEqual({ outcome: 'stopped', stored: 200 });
  expect(pages()).toBe(1);
  expect(world.counted.get('PollsStopped')).toBe(1);
  expect(world.counted.get('SalesforceCallsUsed')).toBe(9);
});

it('a contact that cannot be read is counted and told, and holds nobody up', async () => {
  await start([...contactsOf(3), { ...contactsOf(1)[0], Id: idOf(7), Name: '' } as StandInContact]);
  expect(await once()).toEqual({ outcome: 'done', stored: 3, unreadable: 1 });
  expect(world.counted.get('ContactsUnreadable')).toBe(1);
});

it('nothing of the secrets is in a log or an item', async () => {
  await start(contactsOf(1));
  await once();
  const items = JSON.stringify([await world.itemsOf('customers'), await world.itemsOf('runs')]);
  expect(logged.length).toBeGreaterThan(10);
  for (const canary of ['canary', clientSecret, '00DSTANDIN', 'Bearer'])
    expect(`${logged.join('\n')}${items}`).not.toContain(canary);
});
