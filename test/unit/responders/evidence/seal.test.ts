import { createHash, createPublicKey, verify } from 'node:crypto';
import { SignCommand } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { type SealDeps, seal } from '../../../../responders/evidence/seal.ts';
import { sealedBefore } from '../../../../responders/evidence/sealed-before.ts';
import { store } from '../../../../responders/evidence/store.ts';
import { canonical } from '../../../../responders/evidence/verify.mjs';
import type { Case } from '../../../../responders/incident/case.ts';
import { at } from '../../../../responders/shared/json.ts';
import { fakeBucket, lockedUntil } from '../../../support/fakes/bucket.ts';
import { fakeTable } from '../../../support/fakes/case-table.ts';
import { fakeSigner } from '../../../support/fakes/kms-signer.ts';
import { aCase } from '../../../support/fakes/sources.ts';

const setting = (fail?: (key: string) => string | undefined, denied = () => false) => {
  const bucket = fakeBucket(fail);
  const cases = fakeTable();
  const { kms, mock } = fakeSigner(denied);
  const deps: SealDeps = {
    to: bucket.to,
    table: cases.table,
    signer: { kms, keyId: 'arn:aws:kms:eu-west-1:111122223333:key/k' },
    account: '111122223333',
    region: 'eu-west-1',
    verifier: '// verify',
    titles: new Map([['collect.finding', 'The finding']]),
    now: () => Date.parse('2026-11-21T10:16:00Z'),
  };
  return { deps, bucket, cases, mock };
};

const folder = 'incidents/2026/11/21/inc-20261121-7f3k2m8q/';
const named = (letter: string): Case => aCase({ id: `inc-20261121-${letter.repeat(8)}` });
const manifestOf = (
  { objects }: ReturnType<typeof fakeBucket>,
  id = 'inc-20261121-7f3k2m8q',
): unknown =>
  JSON.parse(objects.get(`incidents/2026/11/21/${id}/manifest.json`)?.body.toString() ?? 'null');

const withFinding = async (deps: SealDeps, found: Case) => [
  await store(deps.to, found.head, {
    path: 'findings/1.json',
    body: '{}',
    type: 'application/json',
    source: 'events:PutEvents',
  }),
];

describe('sealing', () => {
  it('lists every object with version and lock, and signs the hash of the canonical list', async () => {
    const { deps, bucket, mock } = setting();
    const found = aCase();
    await seal(found, await withFinding(deps, found), [{ what: 'logs', why: 'denied' }], deps);

    const bytes = bucket.objects.get(`${folder}manifest.json`)?.body ?? Buffer.alloc(0);
    const manifest = manifestOf(bucket);
    const objects = at(manifest, 'objects');
    expect(bytes.toString()).toBe(canonical(manifest));
    expect(
      (Array.isArray(objects) ? objects : []).map((one) => [
        at(one, 'path'),
        at(one, 'retainUntil'),
      ]),
    ).toEqual(
      ['findings/1.json', 'index.html', 'public-key.pem', 'verify.mjs'].map((path) => [
        path,
        '2027-02-19T00:00:00.000Z',
      ]),
    );
    expect(at(manifest, 'gaps')).toEqual([{ collector: 'cordon', what: 'logs', why: 'denied' }]);
    expect(mock.commandCalls(SignCommand)[0]?.args[0].input).toMatchObject({
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
      Message: createHash('sha256').update(bytes).digest(),
    });
    const key = createPublicKey(bucket.objects.get(`${folder}public-key.pem`)?.body ?? '');
    expect(
      verify('sha256', bytes, key, bucket.objects.get(`${folder}manifest.sig`)?.body ?? bytes),
    ).toBe(true);
  });

  it('lists what a stopped function left behind, and says that nobody knows where it came from', async () => {
    const { deps, bucket } = setting();
    const found = aCase();
    await store(deps.to, found.head, {
      path: 'logs/stray.jsonl',
      body: 'x',
      type: 'text/plain',
      source: 'logs:FilterLogEvents',
    });
    await store(
      deps.to,
      { ...found.head, round: 2 },
      { path: 'findings/2.json', body: 'x', type: 'text/plain', source: 's' },
    );
    const { gaps } = await seal(found, [], [], deps);

    const paths = JSON.stringify(manifestOf(bucket));
    expect(paths).toContain('"path":"logs/stray.jsonl"');
    expect(gaps).toEqual([
      { kind: 'foreign', what: 'logs/stray.jsonl', why: expect.stringContaining('recorded that') },
    ]);
    expect(paths).not.toContain('round-2');
  });

  it('links each manifest to the one before', async () => {
    const { deps, bucket } = setting();
    for (const letter of ['a', 'b', 'c']) await seal(named(letter), [], [], deps);

    const all = ['a', 'b', 'c'].map((letter) => manifestOf(bucket, named(letter).head.id));
    expect(all.map((one) => at(one, 'sequence'))).toEqual([1, 2, 3]);
    expect(at(all[0], 'previous')).toBeNull();
    expect(at(all[2], 'previous.sha256')).toBe(
      createHash('sha256').update(canonical(all[1])).digest('hex'),
    );
    expect(at(all[2], 'previous.key')).toBe(
      `incidents/2026/11/21/${named('b').head.id}/manifest.json`,
    );
  });

  it('many at once make one chain without a fork', async () => {
    const { deps, bucket } = setting();
    const letters = 'abcdefgh'.split('');
    await Promise.all(letters.map((letter) => seal(named(letter), [], [], deps)));

    const all = letters.map((letter) => manifestOf(bucket, named(letter).head.id));
    expect(all.map((one) => Number(at(one, 'sequence'))).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(new Set(all.map((one) => at(one, 'previous.sha256'))).size).toBe(8);
  });
});

describe('drills', () => {
  const rehearsed = (letter: string): Case => ({
    ...named(letter),
    head: { ...named(letter).head, drill: true },
  });

  const placeOf = (bucket: ReturnType<typeof fakeBucket>, letter: string) => {
    const manifest = manifestOf(bucket, named(letter).head.id);
    return [at(manifest, 'sequence'), at(manifest, 'previous.incident') ?? null];
  };

  it('have a chain of their own: what expires leaves no hole in that of real incidents', async () => {
    const { deps, bucket } = setting();
    for (const one of [named('a'), rehearsed('b'), named('c'), rehearsed('d')])
      await seal(one, [], [], deps);

    expect(['a', 'b', 'c', 'd'].map((letter) => placeOf(bucket, letter))).toEqual([
      [1, null],
      [1, null],
      [2, named('a').head.id],
      [2, named('b').head.id],
    ]);
  });

  it('begin it anew when their last manifest has expired, as no real incident ever does', async () => {
    const { deps, bucket } = setting();
    for (const one of [rehearsed('a'), named('x')]) await seal(one, [], [], deps);
    for (const letter of ['a', 'x'])
      bucket.objects.delete(`incidents/2026/11/21/${named(letter).head.id}/manifest.json`);
    for (const one of [rehearsed('b'), rehearsed('c'), named('y')]) await seal(one, [], [], deps);

    expect(['b', 'c', 'y'].map((letter) => placeOf(bucket, letter))).toEqual([
      [1, null],
      [2, named('b').head.id],
      [2, named('x').head.id],
    ]);
  });

  it('begin it anew when its lock has ended, because then it may be gone before the next one is', async () => {
    const { deps, bucket } = setting();
    for (const one of [rehearsed('a'), named('x')]) await seal(one, [], [], deps);
    for (const one of [rehearsed('b'), named('y')])
      await seal(one, [], [], { ...deps, now: () => Date.parse(lockedUntil) });

    expect(['b', 'y'].map((letter) => placeOf(bucket, letter))).toEqual([
      [1, null],
      [2, named('x').head.id],
    ]);
  });
});

describe('a seal that breaks off', () => {
  /** The bucket fails once for this file. */
  const failingOnce = (name: string) => {
    let failed = false;
    return setting((key) => {
      if (failed || !key.endsWith(name)) return undefined;
      failed = true;
      return 'ServiceUnavailable';
    });
  };

  it.each(['index.html', 'manifest.json', 'manifest.sig'])(
    'at %s is finished by its own retry, with the same place in the chain',
    async (name) => {
      const { deps, bucket } = failingOnce(name);
      const found = aCase();
      await expect(seal(found, [], [], deps)).rejects.toThrow();

      const done = (await sealedBefore(found, deps)) ?? (await seal(found, [], [], deps));

      expect(done.sequence).toBe(1);
      expect(bucket.objects.has(`${folder}manifest.sig`)).toBe(true);
      await seal(named('b'), [], [], deps);
      expect(at(manifestOf(bucket, named('b').head.id), 'previous.sha256')).toBe(
        done.manifest.sha256,
      );
    },
  );

  it.each(['manifest.json', 'manifest.sig'])(
    'at %s is finished by whoever comes next, if it never comes back',
    async (name) => {
      const { deps, bucket } = failingOnce(name);
      await expect(seal(named('a'), [], [], deps)).rejects.toThrow();

      await seal(named('b'), [], [], deps);

      const first = `incidents/2026/11/21/${named('a').head.id}/`;
      expect(
        [`${first}manifest.json`, `${first}manifest.sig`].map((key) => bucket.objects.has(key)),
      ).toEqual([true, true]);
      expect(at(manifestOf(bucket, named('b').head.id), 'previous.incident')).toBe(
        named('a').head.id,
      );
      expect((await sealedBefore(named('a'), deps))?.sequence).toBe(1);
    },
  );

  it('at its line of the index is finished by its own retry, with the numbers of the manifest', async () => {
    const { deps, bucket } = failingOnce('.sealed.json');
    const found = aCase();
    const entries = await withFinding(deps, found);
    await expect(seal(found, entries, [{ what: 'logs', why: 'denied' }], deps)).rejects.toThrow();

    const done = await sealedBefore(found, deps);

    const line: unknown = JSON.parse(
      bucket.objects
        .get(`incidents/index/2026/11/21/${found.head.id}-round-1.sealed.json`)
        ?.body.toString() ?? 'null',
    );
    expect(at(line, 'sealed')).toEqual({
      sequence: 1,
      sha256: done?.manifest.sha256,
      objects: 4,
      bytes: expect.any(Number),
      gaps: 1,
    });
    expect(at(line, 'sealed.bytes')).toBeGreaterThan(1_000);
  });

  it('because KMS denies leaves no manifest and no place taken', async () => {
    let no = true;
    const { deps, bucket } = setting(undefined, () => no);
    await expect(seal(named('a'), [], [], deps)).rejects.toThrow('denied');
    no = false;

    await seal(named('b'), [], [], deps);

    expect(at(manifestOf(bucket, named('b').head.id), 'sequence')).toBe(1);
    expect(manifestOf(bucket, named('a').head.id)).toBeNull();
  });
});

it('sealing twice changes nothing', async () => {
  const { deps, bucket } = setting();
  const found = aCase();
  await seal(found, [], [], deps);
  const before = new Map(bucket.objects);

  expect(await sealedBefore(found, deps)).toMatchObject({ sequence: 1 });
  expect(bucket.objects).toEqual(before);
});
