import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPython } from '../../../local/engine/python.ts';
import { temp } from '../../support/temp.ts';

/** A PATH of one folder with programs that answer as a Python would. */
const pathWith = (programs: Readonly<Record<string, string>>): string => {
  const folder = temp('path');
  for (const [name, answer] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${answer}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
};
const find = (programs: Readonly<Record<string, string>>, platform = 'linux') =>
  findPython({ env: { PATH: pathWith(programs) }, platform });

describe('finding Python', () => {
  it('takes the first that is new enough and can make environments', async () => {
    const programs = {
      python3: 'echo cordon 3.9.2',
      'python3.12': 'echo cordon 3.12.1 ensurepip',
      'python3.11': 'echo cordon 3.11.7',
      python: 'echo cordon 3.10.1',
    };

    expect(await find(programs)).toMatchObject({
      version: '3.11.7',
      path: expect.stringMatching(/python3\.11$/),
    });
  });

  it('passes over the shim of a version manager that has no version behind it', async () => {
    expect(
      await find({
        python3: 'echo "command not found" >&2; exit 127',
        python: 'echo cordon 3.13.0',
      }),
    ).toMatchObject({
      version: '3.13.0',
    });
  });

  it('does not take a folder for a program', async () => {
    const PATH = pathWith({ python: 'echo cordon 3.13.0' });
    mkdirSync(join(PATH, 'python3'));

    expect(await findPython({ env: { PATH } })).toMatchObject({ version: '3.13.0' });
  });

  it('names the package to install where only the venv module is missing', async () => {
    await expect(find({ python3: 'echo cordon 3.12.3 ensurepip' })).rejects.toThrow(
      /3\.12\.3 was found.*apt install python3-venv \(or python3\.12-venv\)/,
    );
    await expect(find({ python3: 'echo cordon 3.12.3 venv ensurepip' }, 'darwin')).rejects.toThrow(
      'brew install python@3.13',
    );
  });

  it('says what to install where Python is too old or missing', async () => {
    await expect(find({ python3: 'echo cordon 3.8.10' })).rejects.toThrow(
      /needs Python 3\.10 or newer and only Python 3\.8\.10 was found; .*apt install python3 python3-venv/,
    );
    await expect(find({})).rejects.toThrow(/no Python was found in PATH/);
    await expect(find({}, 'darwin')).rejects.toThrow('brew install python@3.13');
  });
});
