import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../local/engine/port.ts';
import { signal } from '../../../local/engine/processes.ts';
import { cordon, makeCheckout, processesOf, removeCheckout } from './checkout.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-small-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=44m', 'tmpfs', folder]).status === 0;

const addToApp = (root: string, line: string): (() => void) => {
  const app = join(root, 'infra/app.ts');
  const before = readFileSync(app, 'utf8');
  writeFileSync(app, before + line);
  return () => writeFileSync(app, before);
};
const up = async (root: string): Promise<{ code: number; said: string }> => {
  const run = cordon(root, 'up', '--exit', '--no-drill', '--port', String(await freePort()));
  return {
    code: await run.ended(),
    said: run
      .stderr()
      .split('\n')
      .filter((line) => !/^(✔| )/.test(line))
      .join('\n'),
  };
};
const sentence = (path: string): RegExp =>
  new RegExp(`^cordon: no space left on the disk that holds ${path}[^\\n]*: [^\\n]*\\n$`);

describe.runIf(mounted)('a full disk', () => {
  let root: string;
  beforeAll(async () => {
    root = await makeCheckout(folder);
  });
  afterEach(() => expect(processesOf(root)).toEqual([]));
  afterAll(async () => {
    for (const { pid } of processesOf(root)) signal(pid, 'SIGKILL');
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });

  it('is one sentence before anything starts, and no obstacle once there is space', async () => {
    writeFileSync(join(root, 'filler'), Buffer.alloc(43_000_000));
    const full = await up(root);
    rmSync(join(root, 'filler'));

    expect(full).toMatchObject({
      code: 1,
      said: expect.stringMatching(sentence(`${root}/.cordon`)),
    });
    expect(await up(root)).toEqual({ code: 0, said: '' });
  });

  it('is one sentence when the templates fill it', async () => {
    const repair = addToApp(root, `writeFileSync(out + '/big', Buffer.alloc(60_000_000));`);
    const full = await up(root);
    repair();

    expect(full).toMatchObject({
      code: 1,
      said: expect.stringMatching(sentence(`${root}/.cordon/synth`)),
    });
    expect(await up(root)).toEqual({ code: 0, said: '' });
  });

  it('is one sentence when the engine fills it', async () => {
    const random = `import { randomBytes } from 'node:crypto'; writeFileSync(out + '/asset.one/big', randomBytes(24_000_000));`;
    const repair = addToApp(root, random);
    const full = await up(root);
    repair();
    rmSync(join(root, '.cordon/synth'), { recursive: true });

    expect(full).toMatchObject({
      code: 1,
      said: expect.stringMatching(sentence(`${root}/.cordon/run-`)),
    });
    expect(await up(root)).toEqual({ code: 0, said: '' });
  });
});

describe('a program that meets a full disk', () => {
  it('is named as that, wherever it happens', async () => {
    const root = await makeCheckout();
    const repair = addToApp(root, `writeFileSync('/dev/full', 'x');`);
    const full = await up(root);
    repair();

    expect(full).toMatchObject({
      code: 1,
      said: expect.stringMatching(sentence(`${root}/.cordon`)),
    });
    expect(await up(root)).toEqual({ code: 0, said: '' });
    await removeCheckout(root);
  });
});
