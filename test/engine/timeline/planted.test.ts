// An attack among 60,000 everyday calls: all of it is found and nothing else, and the trail's age
// costs nothing. `tools/bench/timeline.ts` has 1.5 million. Then the same attack in a flood of denied
// calls, which is a million in the bench.
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../../responders/shared/json.ts';
import { ask, prepare, upload } from '../../../tools/bench/trail-place.ts';
import {
  attack,
  attackAt,
  decoys,
  denials,
  files,
  identity,
  keyOf,
  older,
  packed,
  record,
  type Shape,
  thief,
  utc,
} from '../../../tools/bench/trail-world.ts';
import { sized } from '../../support/run.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';

const shape: Shape = { days: 12, filesPerDay: 10, eventsPerFile: 500 };
const all = [...files(shape)];

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  await prepare(engine);
  await upload(engine, all);
});
afterAll(() => engine?.stop());

const recordsIn = (body: Buffer): readonly unknown[] => {
  const records = at(JSON.parse(gunzipSync(body).toString()), 'Records');
  return Array.isArray(records) ? records : [];
};

it('what is to be told apart is really there: decoys of every kind at the time of the attack, pieces twice, late and out of order', () => {
  const records = all.flatMap(({ body }) => recordsIn(body));
  const times = (who: unknown) =>
    records.filter(
      (one) => at(one, 'userIdentity.arn') === who && String(at(one, 'eventTime')) >= utc(attackAt),
    ).length;

  expect(records.length).toBeGreaterThan(60_000);
  for (const decoy of decoys)
    expect(times(identity(decoy).arn), identity(decoy).arn).toBeGreaterThan(0);
  const planted = new Set(attack().map(({ eventID }) => eventID));
  const pieces = all
    .map(({ key, body }) => ({
      key,
      ids: recordsIn(body).map((one) => String(at(one, 'eventID'))),
    }))
    .filter(({ ids }) => ids.some((id) => planted.has(id)));
  expect(new Set(pieces.flatMap(({ ids }) => ids)).size).toBeLessThan(
    pieces.flatMap(({ ids }) => ids).length,
  );
  expect(pieces.some(({ key }) => key.includes('/2025/11/21/'))).toBe(true);
});

it('the timeline holds the attack, all of it and nothing else; a trail ten times as old costs not a byte more', async () => {
  const young = await ask(engine, 'young');
  const more = await upload(engine, older(shape, 9));
  const old = await ask(engine, 'old');

  for (const [age, { ms, bytes, events, precision, recall }] of Object.entries({
    [`${shape.days} days`]: young,
    [`${shape.days * 10} days`]: old,
  }))
    process.stdout.write(
      `60,000 events, ${age}: ${events} found, precision ${precision.toFixed(3)}, ` +
        `recall ${recall.toFixed(3)}, ${bytes} bytes, ${ms} ms\n`,
    );
  expect(more.files).toBe(shape.days * 9 * shape.filesPerDay);
  expect(young).toMatchObject({ precision: 1, recall: 1, events: attack().length });
  expect(old).toMatchObject({
    precision: 1,
    recall: 1,
    events: attack().length,
    bytes: young.bytes,
  });
  // Of twelve days the files of three at most, each at most once a query.
  expect(young.bytes).toBeLessThan(
    (young.queries * all.reduce((sum, { body }) => sum + body.length, 0)) / 3,
  );
});

const flood = sized(20_000, 1_000_000);

it(`${flood} denied calls of the same session are one line, and push nothing out of the table`, async () => {
  const before = await ask(engine, 'before the flood');
  await upload(engine, denials(flood));
  const after = await ask(engine, 'in the flood');

  process.stdout.write(`${flood} denied calls: ${before.ms} ms before, ${after.ms} ms in it\n`);
  expect(after).toMatchObject({ precision: 1, recall: 1, events: attack().length });
  expect(after.lines.find(({ outcome }) => outcome === 'allowed')).toMatchObject({
    at: utc(attackAt),
    action: 's3:GetObject',
  });
  expect(after.counted).toEqual([
    expect.objectContaining({
      action: 'dynamodb:DeleteTable',
      outcome: 'AccessDenied',
      count: flood,
      at: utc(attackAt),
      until: utc(attackAt + Math.floor(((flood - 1) * 10 * 3_600_000) / flood)),
    }),
  ]);
  // The reader gets one row more than without the flood, so it needs no more memory.
  expect(after.rows).toBe(before.rows + 1);
});

it('a call with very long parameters is read short, and still names its resource', async () => {
  const requestParameters = {
    policyDocument: `${'"\\é\u0000'.repeat(20_000)}`,
    tags: [{ key: 'k', value: 'v'.repeat(5_000) }],
    userName: 'mallory',
  };
  const call = record('long', attackAt + 1_000, thief, ['iam', 'PutUserPolicy'], {
    requestParameters,
  });
  await upload(engine, [{ key: keyOf(attackAt + 900_000, 'long'), body: packed([call]) }]);

  const { lines } = await ask(engine, 'long parameters');

  expect(lines.find(({ id }) => id === 'long')).toMatchObject({
    outcome: 'allowed',
    resources: ['mallory'],
    parameters: expect.stringMatching(/^\{"policyDocument":/),
  });
});
