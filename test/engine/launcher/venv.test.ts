import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureVenv, venvState } from '../../../local/engine/venv.ts';
import { temp } from '../../support/temp.ts';
import { repository } from './checkout.ts';

/** One package of the real lock file: small, and with its hashes. */
const lockOf = (name: string): string => {
  const lock = readFileSync(join(repository, 'local/engine/requirements.txt'), 'utf8');
  return new RegExp(`^${name}==(?:.*\\\\\\n)+.*\\n`, 'm').exec(lock)?.[0] ?? '';
};

const root = temp('venv');
const requirements = join(root, 'requirements.txt');
const options = { root, requirements, env: process.env };
const packages = (): string => {
  const [python] = readdirSync(join(root, '.cordon/venv/lib'));
  return join(root, '.cordon/venv/lib', python ?? '', 'site-packages');
};
beforeAll(() => writeFileSync(requirements, lockOf('jmespath')));
afterAll(() => rmSync(root, { recursive: true }));

describe('the environment of the engine', () => {
  it('is made once, by one of several that want it', async () => {
    const said: string[] = [];

    const all = await Promise.all(
      [1, 2].map(() => ensureVenv({ ...options, say: (line) => said.push(line) })),
    );

    expect(all.map(({ made }) => made).sort()).toEqual([false, true]);
    expect(said.sort()).toEqual([
      expect.stringContaining('waiting for it'),
      expect.stringMatching(/^installing the engine .* with Python 3/),
    ]);
    expect(existsSync(join(packages(), 'jmespath/__init__.py'))).toBe(true);
    expect(venvState(options)).toBe('ready');
  });

  it('is gone on with when its making was cut short, also in the middle of a package', async () => {
    const info = readdirSync(packages()).find((name) => /^jmespath.*dist-info$/.test(name)) ?? '';
    rmSync(join(packages(), info, 'RECORD'));
    rmSync(join(packages(), 'jmespath/__init__.py'));
    renameSync(join(root, '.cordon/venv/.made'), join(root, '.cordon/venv/.making'));
    const born = readFileSync(join(root, '.cordon/venv/pyvenv.cfg'), 'utf8');
    expect(venvState(options)).toBe('half');

    expect(await ensureVenv(options)).toMatchObject({ made: true });

    expect(existsSync(join(packages(), 'jmespath/__init__.py'))).toBe(true);
    expect(readFileSync(join(root, '.cordon/venv/pyvenv.cfg'), 'utf8')).toBe(born);
  });

  it('is made again when the lock file changes', async () => {
    writeFileSync(requirements, lockOf('six'));
    expect(venvState(options)).toBe('stale');

    await ensureVenv(options);

    expect(existsSync(join(packages(), 'jmespath'))).toBe(false);
  });

  it('says which file is missing, and does not install what the hashes do not cover', async () => {
    await expect(
      ensureVenv({ ...options, requirements: join(root, 'absent.txt') }),
    ).rejects.toThrow(/absent\.txt is missing: restore it/);

    const wrong = lockOf('jmespath').replace(/sha256:\w{8}/g, 'sha256:00000000');
    writeFileSync(requirements, wrong);
    writeFileSync(
      join(root, '.cordon/venv/.making'),
      createHash('sha256').update(wrong).digest('hex'),
    );
    await expect(ensureVenv(options)).rejects.toThrow(/DO NOT MATCH THE HASHES/);
  });

  it('counts as missing when its Python is gone', () => {
    rmSync(join(root, '.cordon/venv/bin/python'));
    rmSync(join(root, '.cordon/venv/.making'));

    expect(venvState(options)).toBe('stale');
  });

  it('stops when asked to', async () => {
    await expect(ensureVenv({ ...options, signal: AbortSignal.timeout(300) })).rejects.toThrow();
    expect(existsSync(join(root, '.cordon/venv.lock'))).toBe(false);
  });
});
