// An intruder writes into the folder of an incident before Cordon does.
import { createHash, verify as fits } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { storeDownload } from '../../../../responders/evidence/download.ts';
import { usualPlace } from '../../../../responders/evidence/own-place.ts';
import { type SealDeps, seal } from '../../../../responders/evidence/seal.ts';
import { sealedBefore } from '../../../../responders/evidence/sealed-before.ts';
import { readableManifest } from '../../../../responders/evidence/sealed-manifest.ts';
import { store } from '../../../../responders/evidence/store.ts';
import { describe as say, verify } from '../../../../responders/evidence/verify.mjs';
import type { Gap } from '../../../../responders/incident/evidence.ts';
import { gapsOf } from '../../../../responders/incident/stage.ts';
import { fakeBucket } from '../../../support/fakes/bucket.ts';
import { fakeTable } from '../../../support/fakes/case-table.ts';
import { fakeSigner } from '../../../support/fakes/kms-signer.ts';
import { aCase } from '../../../support/fakes/sources.ts';

const keyId = 'arn:aws:kms:eu-west-1:111122223333:key/k';
const incident = aCase();
const { head } = incident;
const prefix = 'incidents/2026/11/21/inc-20261121-7f3k2m8q/';
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

const setting = (planted: Readonly<Record<string, string>> = {}) => {
  const bucket = fakeBucket();
  for (const [path, text] of Object.entries(planted)) {
    const body = Buffer.from(text);
    // Cordon stores nothing without a SHA-256; whoever else stores need not give S3 one.
    const kept = { body, sha256: '', versionId: `planted-${path}` };
    bucket.objects.set(path.startsWith('incidents/') ? path : `${prefix}${path}`, kept);
  }
  const { kms, pem } = fakeSigner();
  const deps: SealDeps = {
    to: bucket.to,
    table: fakeTable().table,
    signer: { kms, keyId },
    account: '111122223333',
    region: 'eu-west-1',
    verifier: '// verify',
    titles: new Map(),
    now: () => Date.parse('2026-11-21T10:16:00Z'),
  };
  return { bucket, deps, pem };
};
type Setting = ReturnType<typeof setting>;

const finding = { path: 'findings/1.json', body: '{}', type: 'application/json', source: 's' };
const textAt = ({ bucket }: Setting, key: string) => bucket.objects.get(key)?.body.toString();
const keysOf = ({ bucket }: Setting): string[] =>
  [...bucket.objects.keys()].filter((key) => key.startsWith(prefix));

const foreignIn = (gaps: readonly Gap[]): string[] =>
  gaps.flatMap(({ kind, what }) => (kind === 'foreign' ? [what] : [])).sort();

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
/** The folder as an auditor pulls it: Cordon’s manifest has its usual name. */
const pulled = (made: Setting, manifest: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-foreign-'));
  folders.push(folder);
  const own = manifest.slice(prefix.length).replace('manifest.json', '');
  for (const [key, { body }] of made.bucket.objects) {
    const path = key.slice(prefix.length);
    const isManifest = /manifest\.(json|sig)$/.test(path);
    if (!key.startsWith(prefix) || (isManifest && !path.startsWith(`${own}manifest`))) continue;
    const file = join(folder, isManifest ? usualPlace(path) : path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
  }
  return folder;
};

describe('a piece of evidence whose place is taken', () => {
  it('by the same bytes is the work of an earlier try', async () => {
    const made = setting();
    const first = await store(made.bucket.to, head, finding);

    const second = await store(made.bucket.to, head, finding);

    expect(second).toMatchObject({ key: first.key, versionId: first.versionId });
    expect(second.insteadOf).toBeUndefined();
    expect(keysOf(made)).toEqual([`${prefix}findings/1.json`]);
  });

  it('by other bytes lies beside them, and stages, report and mail say so', async () => {
    const made = setting({ 'findings/1.json': 'forged' });

    const entry = await store(made.bucket.to, head, finding);

    expect(entry.key).toMatch(/own-[0-9a-f]{16}\/findings\/1\.json$/);
    expect(entry.insteadOf).toBe('findings/1.json');
    expect(textAt(made, entry.key)).toBe('{}');
    expect(textAt(made, `${prefix}findings/1.json`)).toBe('forged');
    const run = { round: 1, status: 'ok', ms: 1 } as const;
    const evidence = { kind: 'evidence', name: 'evidence', notYet: '', gaps: [] } as const;
    expect(gapsOf([{ ...run, ...evidence, entries: [entry] }])).toEqual([
      { kind: 'foreign', what: 'findings/1.json', why: expect.stringContaining(entry.key) },
    ]);
  });

  it('is a download that is not believed because it lies there', async () => {
    const made = setting({ 'function/code.zip': 'forged' });
    const body = Buffer.from('the code');
    const { entry, gap } = await storeDownload(
      made.bucket.to,
      head,
      {
        path: 'function/code.zip',
        type: 'application/zip',
        source: 'lambda:GetFunction',
        sha256: sha256(body).toString('base64'),
        open: async () => ({ body: Readable.from([body]), bytes: body.length }),
      },
      { collector: 'collect.function-code', startedAt: 0 },
    );

    expect(textAt(made, entry.key)).toBe('the code');
    expect([entry.insteadOf, gap]).toEqual(['function/code.zip', undefined]);
  });
});

describe('sealing', () => {
  it.each([
    ['manifest.json', JSON.stringify({ incident: head.id, round: 1, sequence: 7, objects: [] })],
    ['manifest.sig', 'forged'],
  ])('does not believe %s, and puts its own manifest beside it', async (path, text) => {
    const made = setting({ [path]: text });
    expect(await sealedBefore(incident, made.deps)).toBeUndefined();

    const { manifest, sequence } = await seal(incident, [], [], made.deps);

    expect(manifest.key).toMatch(/own-[0-9a-f]{16}\/manifest\.json$/);
    expect(sequence).toBe(1);
    const body = made.bucket.objects.get(manifest.key)?.body ?? Buffer.alloc(0);
    const signature = made.bucket.objects.get(manifest.key.replace(/json$/, 'sig'))?.body;
    expect(fits('sha256', body, made.pem, signature ?? Buffer.alloc(0))).toBe(true);
    expect(await sealedBefore(incident, made.deps)).toMatchObject({ manifest, sequence: 1 });
    const next = aCase({ id: 'inc-20261121-bbbbbbbb' });
    await seal(next, [], [], made.deps);
    const after = `${prefix.replace(head.id, next.head.id)}manifest.json`;
    expect(JSON.parse(textAt(made, after) ?? '')).toMatchObject({
      sequence: 2,
      previous: { key: manifest.key, sha256: manifest.sha256 },
    });
  });

  it('does not believe a manifest of another incident that Cordon has signed', async () => {
    const made = setting();
    const other = aCase({ id: 'inc-20261121-cccccccc' });
    const { manifest } = await seal(other, [], [], made.deps);
    for (const name of ['manifest.json', 'manifest.sig']) {
      const copied = made.bucket.objects.get(manifest.key.replace('manifest.json', name));
      if (copied) made.bucket.objects.set(`${prefix}${name}`, copied);
    }

    expect(await sealedBefore(incident, made.deps)).toBeUndefined();
    expect((await seal(incident, [], [], made.deps)).manifest.key).toContain('/own-');
  });

  it('lists what others stored as not its own, and the verifier names it', async () => {
    const planted = {
      'manifest.json': '{}',
      'public-key.pem': 'forged',
      'verify.mjs': 'forged',
      'index.html': 'forged',
      'findings/1.json': 'forged',
      'findings/extra.json': 'forged',
    };
    const made = setting(planted);
    const entry = await store(made.bucket.to, head, finding);

    const { manifest, gaps } = await seal(incident, [entry], [], made.deps);

    const foreign = Object.keys(planted).filter((path) => path !== 'manifest.json');
    expect(foreignIn(gaps)).toEqual(
      [...Object.keys(planted)].filter((path) => path !== 'findings/1.json').sort(),
    );
    const result = await verify(pulled(made, manifest.key), { key: made.pem, copied: true });
    expect([result.findings, result.ok]).toEqual([[], true]);
    expect(result.foreign).toEqual(foreign.sort());
    expect(say(result)).toContain(
      'not known to be of Cordon, and kept as it lay there: index.html',
    );
  });

  it('that broke off after it has told its retry what only it had found', async () => {
    const made = setting({ 'findings/extra.json': 'forged', 'manifest.sig': 'forged' });
    const earlier = { kind: 'evidence', name: 'evidence', round: 1, status: 'ok', ms: 1 } as const;
    const known = { what: 'logs', why: 'denied' };
    const stages = [{ ...earlier, entries: [], gaps: [known], notYet: '' }];
    const { gaps } = await seal(incident, [], [known], made.deps);

    const again = await sealedBefore({ ...incident, stages }, made.deps);

    expect(foreignIn(gaps)).toEqual(['findings/extra.json', 'manifest.sig']);
    expect(again?.gaps).toEqual(gaps.filter(({ what }) => what !== known.what));
  });

  it('names a line of the index that is not its own', async () => {
    const line = `incidents/index/2026/11/21/${head.id}-round-1.sealed.json`;
    const made = setting({ [line]: '{"sealed":null}' });

    const { gaps } = await seal(incident, [], [], made.deps);

    expect(gaps).toEqual([{ kind: 'foreign', what: line, why: expect.any(String) }]);
  });
});

describe('a reader', () => {
  const folder = (files: Readonly<Record<string, string>>) => ({
    read: async (path: string) => {
      const text = files[path];
      return text === undefined ? undefined : Buffer.from(text);
    },
    ownPaths: async () => [],
  });
  const manifest = (signing: string) => JSON.stringify({ signing: { keyId: signing } });

  it.each([
    ['takes the manifest of an older key as it is', manifest('an older one'), true],
    ['takes no manifest that names this key without its signature', manifest(keyId), false],
  ])('%s', async (_what, text, taken) => {
    const read = await readableManifest(folder({ 'manifest.json': text }), head, {
      pem: fakeSigner().pem,
      keyId,
    });

    expect(read !== undefined).toBe(taken);
  });
});
