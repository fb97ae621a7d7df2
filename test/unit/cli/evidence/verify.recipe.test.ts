import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyFolder } from '../../../../cli/evidence/verify.ts';
import { createOutput } from '../../../../cli/output.ts';
import {
  copyOf,
  makeFolder,
  newKey,
  verifier,
} from '../../../support/responders/evidence/folder.ts';
import { tamperings } from '../../../support/responders/evidence/tampering.ts';

const root = join(import.meta.dirname, '../../../..');
const page = readFileSync(join(root, 'docs/evidence-recipe.md'), 'utf8');
/** What the page tells people to paste. */
const recipe = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
  .map(([, block = '']) => block)
  .join('\n');

const home = mkdtempSync(join(tmpdir(), 'cordon-recipe-'));
afterAll(() => rmSync(home, { recursive: true }));
const original = join(home, 'original');
const key = makeFolder(original);
let copies = 0;
const copy = (): string => {
  copies += 1;
  return copyOf(original, join(home, `copy-${copies}`));
};

const run = (
  [program = '', ...args]: readonly string[],
  cwd = home,
  KEY?: string,
): Promise<{ status: number; said: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, LC_ALL: 'C', ...(KEY !== undefined && { KEY }) };
    execFile(
      program,
      args,
      { cwd, env, encoding: 'utf8', timeout: 60_000 },
      (error, stdout, stderr) =>
        resolve({
          status: error === null ? 0 : Number(error.code ?? 9),
          said: `${stdout}${stderr}`,
        }),
    );
  });
const paste = (folder: string, KEY?: string) => run(['bash', '--norc', '-c', recipe], folder, KEY);
const command = (folder: string) =>
  run([process.execPath, join(root, 'cli/cordon.ts'), 'evidence', 'verify', folder]);

it('the recipe has all its steps', () => {
  expect(recipe.match(/openssl|sha256sum/g)?.length).toBeGreaterThan(4);
});

it('an untouched folder is verified in all three ways', async () => {
  const { status, said } = await paste(original, key.fingerprint);

  expect(said).toBe(`signed with the key ${key.fingerprint}\nVERIFIED\n`);
  expect(status).toBe(0);
  expect(await command(original)).toEqual(await run([process.execPath, verifier, original]));
});

it('nothing in the recipe closes the shell, and an empty fingerprint is no fingerprint', async () => {
  expect(recipe).not.toMatch(/\bexit\b|\bset -e/);
  expect(await paste(original, '')).toMatchObject({
    status: 1,
    said: expect.stringContaining('KEY: is empty'),
  });
});

it('an untouched folder whose signing key was replaced meanwhile is verified', async () => {
  const folder = join(home, 'older-key');
  makeFolder(folder, { before: newKey() });

  expect((await paste(folder)).said).toMatch(/VERIFIED\n$/);
});

it('an untouched folder with a time stamp is verified, and both ways say how to check the stamp itself', async () => {
  const folder = join(home, 'stamped');
  makeFolder(folder, { key, stamped: true });

  expect(await paste(folder, key.fingerprint)).toMatchObject({
    status: 0,
    said: expect.stringMatching(/VERIFIED\n$/),
  });
  expect((await command(folder)).said).toContain(
    'openssl ts -verify -data manifest.json -in manifest.tsr',
  );
  expect(page).toContain('openssl ts -verify -data manifest.json -in manifest.tsr -CAfile');
});

it('a folder that was signed again with another key is found out by the fingerprint', async () => {
  const folder = join(home, 'forged');
  const other = makeFolder(folder);

  expect(await paste(folder, key.fingerprint)).toMatchObject({
    status: 1,
    said: expect.stringContaining(`public-key.pem: is not the key`),
  });
  expect(await paste(folder)).toMatchObject({
    status: 0,
    said: expect.stringContaining(`signed with the key ${other.fingerprint}`),
  });
});

describe('the recipe, cordon evidence verify and verify.mjs agree about', () => {
  it.concurrent.each(tamperings.map((one) => [one.name, one] as const))(
    '%s',
    async (_name, { harm, names, beyondRecipe }) => {
      const folder = copy();
      harm(folder, key);
      const said: string[] = [];
      const streams = {
        stdout: (text: string) => void said.push(text),
        stderr: () => undefined,
        interactive: false,
      };

      const recipe = await paste(folder, key.fingerprint);
      const itself = await run([process.execPath, verifier, folder, '--json']);
      const door = await verifyFolder(createOutput(streams, true), folder, {});

      expect([recipe.status, itself.status, door]).toEqual([1, 1, 1]);
      expect(said.join('')).toBe(itself.said);
      const plain = Object.keys(names).filter((name) => !name.includes('\\'));
      if (beyondRecipe === undefined && plain.length > 0)
        expect(plain.filter((name) => recipe.said.includes(name))).not.toEqual([]);
    },
  );
});
