// The verification of the pages and `verify.mjs` say the same about the same folder.
import { verify as fitsNode, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LostConnection } from '../../../../console/pages/src/verify/folder.ts';
import { fits, keyOf, rawSignature } from '../../../../console/pages/src/verify/keys.ts';
import {
  type FolderChecks,
  verifyFolder,
} from '../../../../console/pages/src/verify/verify-folder.ts';
import { verify } from '../../../../responders/evidence/verify.mjs';
import {
  evidenceOnDisk,
  nodeHash,
  withoutEmptyFolders,
} from '../../../support/console/evidence-on-disk.ts';
import fc from '../../../support/property.ts';
import { chances, damages, folderOf } from '../../../support/responders/evidence/damage.ts';
import { makeFolder, newKey } from '../../../support/responders/evidence/folder.ts';
import { tamperings } from '../../../support/responders/evidence/tampering.ts';
import { sized } from '../../../support/run.ts';

const home = mkdtempSync(join(tmpdir(), 'cordon-page-verify-'));
afterAll(() => rmSync(home, { recursive: true }));
let made = 0;
const newPlace = (): string => {
  made += 1;
  return join(home, String(made));
};

interface Said {
  readonly findings: readonly { readonly object: string; readonly reason: string }[];
}
/** As JSON; findings in one order, and without the words of the library that could not read. */
const comparable = (said: Said): string => {
  const findings = said.findings
    .map(({ object, reason }) => `${object}: ${reason.replace(/(cannot be read): .*/, '$1')}`)
    .sort();
  return JSON.stringify({ ...said, findings }, null, 2);
};

const byPage = async (folder: string, form: FolderChecks['form'], pem?: string) =>
  verifyFolder(evidenceOnDisk(folder), {
    ...{ newHash: nodeHash, form },
    ...(pem !== undefined && { pinned: await keyOf(pem, nodeHash) }),
  });

const agreement = async (folder: string, pem: string): Promise<boolean> => {
  withoutEmptyFolders(folder);
  for (const key of [undefined, pem])
    for (const copied of [false, true])
      expect(comparable(await byPage(folder, copied ? 'copied' : 'pulled', key))).toBe(
        comparable(await verify(folder, { key, copied })),
      );
  return (await verify(folder, { key: pem })).ok;
};

describe('agrees with verify.mjs', () => {
  const kinds = Object.keys(damages);
  /** Every kind of damage, over and over, until there are so many folders. */
  const folders = sized(40, 200);

  it(`about ${folders} folders with every kind of damage`, async () => {
    let turn = 0;
    const sound: string[] = [];
    await fc.assert(
      fc.asyncProperty(chances, async (chosen) => {
        const kind = kinds[turn % kinds.length] ?? 'none';
        turn += 1;
        const folder = newPlace();
        const key = folderOf(folder, chosen);
        damages[kind]?.(folder, chosen, key);

        if (await agreement(folder, key.pem)) sound.push(kind);
        rmSync(folder, { recursive: true });
      }),
      { numRuns: folders, endOnFailure: true },
    );
    expect(turn).toBeGreaterThanOrEqual(kinds.length);
    expect(new Set(sound)).toContain('none');
  });

  // No bucket has links.
  const manipulations = tamperings.filter(({ name }) => !/\blink\b/.test(name));
  it.each(manipulations.map((one) => [one.name, one] as const))('about %s', async (_name, one) => {
    const folder = newPlace();
    const key = makeFolder(folder);
    one.harm(folder, key);

    expect(await agreement(folder, key.pem)).toBe(false);
  });
});

describe('a fingerprint that somebody typed', () => {
  const folder = newPlace();
  const key = makeFolder(folder);
  const pinnedTo = (fingerprint: string) =>
    verifyFolder(evidenceOnDisk(folder), {
      ...{ newHash: nodeHash, form: 'pulled' as const, pinned: { fingerprint } },
    });

  it('is enough to know the key of the folder as the right one', async () => {
    const said = await pinnedTo(key.fingerprint);

    expect(said).toEqual(await verify(folder, { key: key.pem }));
    expect(said.ok).toBe(true);
  });

  it('of another key finds a folder out that somebody signed again', async () => {
    const other = newKey();
    const said = await pinnedTo(other.fingerprint);

    expect(comparable(said)).toBe(comparable(await verify(folder, { key: other.pem })));
    expect(said.findings.map(({ object }) => object)).toContain('public-key.pem');
  });
});

describe('in a bucket', () => {
  const folder = newPlace();
  makeFolder(folder);
  const disk = evidenceOnDisk(folder);
  const inBucket = {
    files: disk.files
      .filter(({ path }) => path !== 'export.json')
      .map((file) => ({ ...file, versionId: 'v1' })),
    read: disk.read,
  };
  const checks: FolderChecks = { newHash: nodeHash, form: 'bucket' };

  it('the folder is verified as a pull of it is, and each object is told', async () => {
    const told = new Set<string>();
    const tell = ({ path }: { readonly path: string }) => void told.add(path);

    expect(await verifyFolder(inBucket, { ...checks, tell })).toEqual(await verify(folder));
    expect(told).toContain('function/code.zip');
  });

  it('another version in the place of the listed one is named, with the same bytes too', async () => {
    const swapped = inBucket.files.map((file) =>
      file.path === 'index.html' ? { ...file, versionId: 'v2' } : file,
    );

    const { ok, findings } = await verifyFolder({ ...inBucket, files: swapped }, checks);
    expect([ok, findings]).toEqual([
      false,
      [
        {
          object: 'index.html',
          reason: 'was swapped: the bucket has the version v2, the manifest names v1',
        },
      ],
    ]);
  });

  it('a lost connection is no finding: nothing is said about the evidence', async () => {
    const read = (path: string) => {
      if (path === 'index.html') throw new LostConnection('gone');
      return disk.read(path);
    };

    await expect(verifyFolder({ ...inBucket, read }, checks)).rejects.toThrow(LostConnection);
  });
});

it('signatures in DER are taken as Node.js takes them, and changed ones too', async () => {
  const { privateKey, pem } = newKey();
  const key = await keyOf(pem, nodeHash);
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1 }),
      fc.option(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }))),
      fc.constantFrom('', 'x'),
      async (given, change, more) => {
        const bytes = Uint8Array.from(given);
        const signature = Buffer.concat([sign('sha256', bytes, privateKey), Buffer.from(more)]);
        if (change) {
          const at = change[0] % signature.length;
          signature.writeUInt8(signature.readUInt8(at) ^ change[1], at);
        }
        expect(await fits(bytes, key, signature)).toBe(fitsNode('sha256', bytes, pem, signature));
        if (!change && more === '') expect(rawSignature(signature)).toHaveLength(64);
      },
    ),
    { numRuns: 400 },
  );
});
