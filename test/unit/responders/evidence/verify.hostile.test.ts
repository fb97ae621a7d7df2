import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { canonical, isPath, verify } from '../../../../responders/evidence/verify.mjs';
import fc from '../../../support/property.ts';
import {
  copyOf,
  listing,
  makeFolder,
  put,
  verifier,
} from '../../../support/responders/evidence/folder.ts';
import { peakMb } from '../../../support/responders/evidence/peak.ts';

const home = mkdtempSync(join(tmpdir(), 'cordon-hostile-'));
afterAll(() => rmSync(home, { recursive: true }));
const original = join(home, 'original');
const key = makeFolder(original);
const files = readdirSync(original, { recursive: true, encoding: 'utf8' }).filter((path) =>
  statSync(join(original, path)).isFile(),
);
const pick = fc.constantFrom(...files.sort());

/** A change of the folder that is one: bytes set to what they were do not count. */
const harms = fc.oneof(
  fc
    .tuple(pick, fc.nat(), fc.integer({ min: 1, max: 255 }))
    .map(([path, where, bits]) => (folder: string) => {
      const bytes = readFileSync(join(folder, path));
      if (bytes.length === 0) return put(folder, path, 'x');
      bytes.writeUInt8(bytes.readUInt8(where % bytes.length) ^ bits, where % bytes.length);
      put(folder, path, bytes);
    }),
  pick.map((path) => (folder: string) => rmSync(join(folder, path))),
  fc.tuple(pick, fc.uint8Array({ minLength: 1 })).map(
    ([path, more]) =>
      (folder: string) =>
        put(folder, path, Buffer.concat([readFileSync(join(folder, path)), more])),
  ),
  pick.map(
    (path) => (folder: string) => renameSync(join(folder, path), join(folder, `${path}.moved`)),
  ),
  pick.map((path) => (folder: string) => {
    rmSync(join(folder, path));
    mkdirSync(join(folder, path));
  }),
  fc.tuple(pick, pick).map(([path, to]) => (folder: string) => {
    rmSync(join(folder, path));
    symlinkSync(join(original, to), join(folder, path));
  }),
  fc.tuple(pick, fc.json()).map(
    ([path, value]) =>
      (folder: string) =>
        put(folder, path, value),
  ),
  fc
    .string({ minLength: 1, unit: 'binary' })
    .map(
      (name) => (folder: string) =>
        put(folder, `new-${name.replaceAll(/[/\0]|\p{Cs}/gu, '_').slice(0, 60)}`, name),
    ),
);

it('whatever is done to a folder, it is not verified, and the verifier says why', async () => {
  await fc.assert(
    fc.asyncProperty(harms, async (harm) => {
      const folder = copyOf(original, join(home, randomUUID()));
      harm(folder);

      const { ok, findings } = await verify(folder, { key: key.pem });
      rmSync(folder, { recursive: true });

      expect(ok).toBe(false);
      expect(findings.length).toBeGreaterThan(0);
      for (const { object, reason } of findings)
        expect(`${object} ${reason}`).toMatch(/^[\x20-\x7e]+$/);
    }),
    { numRuns: 300 },
  );
});

it('no path of a manifest leads out of the folder', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc
          .array(fc.constantFrom('..', '.', 'a', '', '~', 'a\\b', '%2e'), { maxLength: 6 })
          .map((parts) => parts.join('/')),
      ),
      (path) => {
        if (isPath(path)) expect(join('/here', path)).toBe(`/here/${path}`);
      },
    ),
  );
  for (const path of [
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/../b',
    './a',
    'a/.b',
    'A',
    'a b',
    'a\n',
    `a${'/a'.repeat(600)}`,
  ])
    expect([path, isPath(path)]).toEqual([path, false]);
});

describe('hostile folders end, and are not verified:', () => {
  const folderWith = (harm: (folder: string) => void): string => {
    const folder = copyOf(original, join(home, randomUUID()));
    harm(folder);
    return folder;
  };
  const hostile: Readonly<Record<string, (folder: string) => void>> = {
    'a pipe in the place of an object': (folder) => {
      rmSync(join(folder, 'index.html'));
      execFileSync('mkfifo', [join(folder, 'index.html')]);
    },
    'a pipe in the place of the manifest': (folder) => {
      rmSync(join(folder, 'manifest.json'));
      execFileSync('mkfifo', [join(folder, 'manifest.json')]);
    },
    'links in a circle': (folder) => symlinkSync('.', join(folder, 'again')),
    'folders 200 deep': (folder) =>
      mkdirSync(join(folder, ...Array.from({ length: 200 }, () => 'a')), { recursive: true }),
    '20,000 files more': (folder) => {
      for (let number = 0; number < 20_000; number += 1)
        writeFileSync(join(folder, `x${number}`), '');
    },
    'a manifest of 40 GB': (folder) => truncateSync(join(folder, 'manifest.json'), 40e9),
    'a manifest of nothing but brackets': (folder) =>
      put(folder, 'manifest.json', '['.repeat(5_000_000)),
    'a million nested lists': (folder) =>
      put(folder, 'manifest.json', `${'['.repeat(1e6)}${']'.repeat(1e6)}`),
    'the last of a million custody entries': (folder) => put(folder, 'custody/999999.json', '{}'),
    'an export of a million entries': (folder) =>
      put(folder, 'export.json', canonical({ schema: 'cordon-export/1', custodyEntries: 1e15 })),
    'an object of 40 GB that should be small': (folder) =>
      truncateSync(join(folder, 'function/code.zip'), 40e9),
    'a private key': (folder) =>
      put(
        folder,
        'public-key.pem',
        key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().slice(0, 90),
      ),
  };

  it.each(Object.entries(hostile))('%s', async (_name, harm) => {
    const { ok, findings } = await verify(folderWith(harm));

    expect(ok).toBe(false);
    expect(findings.length).toBeLessThanOrEqual(1_000);
  });
});

it('a gigabyte is verified in at most 128 MB of memory', () => {
  const folder = join(home, 'large');
  const size = 1024 ** 3;
  const hash = createHash('sha256');
  const part = Buffer.alloc(1024 ** 2);
  for (let number = 0; number < 1024; number += 1) hash.update(part);
  makeFolder(folder, {
    key,
    bodies: {},
    objects: [
      { ...listing('large.bin', ''), bytes: size, sha256: hash.digest('hex') },
      listing('public-key.pem', key.pem),
    ],
  });
  writeFileSync(join(folder, 'large.bin'), '');
  truncateSync(join(folder, 'large.bin'), size);
  const program = `process.argv[1] = ${JSON.stringify(verifier)}; await import(process.argv[1]); console.error((${peakMb})())`;

  // Nothing of our own environment: with FORCE_COLOR a number would be printed in colour.
  const options = { encoding: 'utf8', env: { PATH: process.env.PATH } } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', program, '-', folder],
    options,
  );

  expect([status, stdout.split('\n')[0]]).toEqual([0, 'VERIFIED inc-20261121-7f3k2m8q, round 1']);
  expect(Number(stderr)).toBeLessThanOrEqual(128);
});
