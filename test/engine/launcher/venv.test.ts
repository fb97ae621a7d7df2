import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureVenv } from '../../../local/engine/venv.ts';
import { condemnDamagedVenv, venvState } from '../../../local/engine/venv-state.ts';
import { temp } from '../../support/temp.ts';
import { repository } from './checkout.ts';

/** One package of the real lock file: small, and with its hashes. */
const lockOf = (name: string): string => {
  const lock = readFileSync(join(repository, 'local/engine/requirements.txt'), 'utf8');
  return new RegExp(`^${name}==(?:.*\\\\\\n)+.*\\n`, 'm').exec(lock)?.[0] ?? '';
};

const root = temp('venv');
const requirements = join(root, 'requirements.txt');
/** An installation uses no temporary folder of the machine. */
const options = { root, requirements, env: { ...process.env, TMPDIR: '/nowhere' } };
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

  it('that was copied is read once, and one of an earlier version gets its list', async () => {
    const init = join(packages(), 'jmespath/__init__.py');
    utimesSync(init, new Date(), new Date());
    expect(await ensureVenv(options)).toMatchObject({ made: false });

    rmSync(join(root, '.cordon/venv/.files'));
    expect(await ensureVenv(options)).toMatchObject({ made: false });
    expect(existsSync(join(root, '.cordon/venv/.files'))).toBe(true);
  });

  it('is made anew when files are damaged, and says so in one line', async () => {
    const init = join(packages(), 'jmespath/__init__.py');
    rmSync(init);
    truncateSync(join(packages(), 'jmespath/parser.py'), 100);
    const said: string[] = [];
    expect(venvState(options)).toBe('damaged');

    const { made } = await ensureVenv({ ...options, say: (line) => said.push(line) });

    expect({ made, state: venvState(options) }).toEqual({ made: true, state: 'ready' });
    expect(existsSync(init)).toBe(true);
    expect(said).toEqual([
      expect.stringMatching(
        /^\.cordon\/venv is damaged \(lib.*jmespath\/\S+\.py and 1 more\): making it anew$/,
      ),
      expect.stringMatching(/^installing the engine/),
    ]);
  });

  it('whose files changed under the same size and time is found when it is read in full', async () => {
    const init = join(packages(), 'jmespath/__init__.py');
    const { atime, mtimeMs } = statSync(init);
    writeFileSync(init, readFileSync(init, 'utf8').replace('import', 'imporT'));
    utimesSync(init, atime, (Math.floor(mtimeMs) + 0.5) / 1_000);
    const said: string[] = [];
    expect(venvState(options)).toBe('ready');

    const damaged = condemnDamagedVenv({ ...options, say: (line) => said.push(line) });

    expect({ damaged, state: venvState(options) }).toEqual({ damaged: true, state: 'stale' });
    expect(said).toEqual([expect.stringMatching(/jmespath\/__init__\.py\): making it anew$/)]);
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
