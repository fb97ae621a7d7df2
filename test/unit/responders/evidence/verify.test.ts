import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  describe as say,
  type Verification,
  verify,
} from '../../../../responders/evidence/verify.mjs';
import {
  copyOf,
  makeFolder,
  newKey,
  verifier,
} from '../../../support/responders/evidence/folder.ts';
import { tamperings } from '../../../support/responders/evidence/tampering.ts';

const home = mkdtempSync(join(tmpdir(), 'cordon-verify-'));
afterAll(() => rmSync(home, { recursive: true }));
const original = join(home, 'original');
const key = makeFolder(original);
const keyFile = join(home, 'key.pem');
writeFileSync(keyFile, key.pem);

let copies = 0;
const copy = (): string => {
  copies += 1;
  return copyOf(original, join(home, `copy-${copies}`));
};
const alone = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [verifier, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  return { status, stdout, stderr };
};
/** Object → everything that is said about it. */
const reasons = ({ findings }: Verification): Record<string, string> => {
  const all: Record<string, string> = {};
  for (const { object, reason } of findings)
    all[object] = object in all ? `${all[object]}; ${reason}` : reason;
  return all;
};

describe('an untouched folder', () => {
  it('is verified, and what was verified is said', async () => {
    const result = await verify(original, { key: key.pem });

    expect(result).toMatchObject({
      ok: true,
      objects: 8,
      findings: [],
      key: { fingerprint: key.fingerprint, pinned: true },
    });
    expect(say(result)).toMatch(
      /^VERIFIED inc-20261121-7f3k2m8q, round 1\n {2}8 objects, .*\n {2}3 custody entries/,
    );
  });

  it('is verified by the copy of the verifier that lies in it, from anywhere', () => {
    const { status, stdout } = alone(original, '--key', keyFile);
    expect([status, stdout.split('\n')[0]]).toEqual([0, 'VERIFIED inc-20261121-7f3k2m8q, round 1']);

    const inside = spawnSync(process.execPath, [join(original, 'verify.mjs'), '--json'], {
      encoding: 'utf8',
      cwd: home,
    });
    expect([inside.status, JSON.parse(inside.stdout).ok]).toEqual([0, true]);
  });

  it('is verified when the signing key was replaced after its predecessors', async () => {
    const folder = join(home, 'older-key');
    makeFolder(folder, { before: newKey() });

    expect((await verify(folder)).findings).toEqual([]);
  });

  it('is verified without export.json and chain only if it is said that it is a plain copy', async () => {
    const folder = copy();
    for (const path of ['export.json', 'chain']) rmSync(join(folder, path), { recursive: true });

    expect(Object.keys(reasons(await verify(folder)))).toEqual([
      'chain/2/manifest.json',
      'export.json',
    ]);
    expect((await verify(folder, { copied: true })).ok).toBe(true);
    expect(alone(folder, '--copied').status).toBe(0);
  });
});

describe('notices', () => {
  it.each(tamperings.map((one) => [one.name, one] as const))(
    '%s',
    async (_name, { harm, names }) => {
      const folder = copy();
      harm(folder, key);

      const result = await verify(folder, { key: key.pem });

      expect(result.ok).toBe(false);
      for (const [object, reason] of Object.entries(names))
        expect(reasons(result)[object]).toMatch(reason);
      expect(say(result)).toMatch(/^NOT VERIFIED\n/);
    },
  );
});

describe('a folder that somebody signed again with a key of their own', () => {
  const folder = join(home, 'forged');
  const other = makeFolder(folder, { bodies: { 'index.html': 'nothing happened' } });

  it('is found out by --key', async () => {
    const result = await verify(folder, { key: key.pem });

    expect(reasons(result)).toMatchObject({
      'public-key.pem': `was replaced: its fingerprint is ${other.fingerprint}, that of --key is ${key.fingerprint}`,
      'manifest.sig': expect.stringContaining('made with another key'),
      'manifest.json': expect.stringContaining('says that it is signed with another key'),
    });
    expect(alone(folder, '--key', keyFile).status).toBe(1);
  });

  it('without --key shows the fingerprint to compare', async () => {
    const result = await verify(folder);

    expect(result).toMatchObject({
      ok: true,
      key: { fingerprint: other.fingerprint, pinned: false },
    });
    expect(say(result)).toContain(`${other.fingerprint},\n  which lies in this folder`);
  });
});

describe('verify.mjs as a command', () => {
  it('gives 1 with a line for each finding', () => {
    const folder = copy();
    rmSync(join(folder, 'index.html'));

    expect(alone(folder)).toEqual({
      status: 1,
      stdout: 'NOT VERIFIED\n  index.html  is missing\n',
      stderr: '',
    });
  });

  it.each([
    [['a', 'b']],
    [['--frob']],
    [['--key']],
    [[join(home, 'nowhere')]],
    [['--key', join(home, 'nowhere'), original]],
    [['--key', verifier, original]],
  ])('gives 2 and the usage for %j', (args) => {
    const { status, stdout, stderr } = alone(...args);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('usage: node verify.mjs [folder] [--key FILE] [--json] [--copied]');
  });

  it('an empty folder is not verified', async () => {
    const folder = join(home, 'empty');
    mkdirSync(folder);

    expect(Object.keys(reasons(await verify(folder)))).toEqual([
      'manifest.json',
      'public-key.pem',
      'manifest.sig',
    ]);
  });
});
