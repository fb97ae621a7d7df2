import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Of } from '../../../../local/engine/file-list.ts';
import { damagedPackageFiles, recordedFiles } from '../../../../local/engine/pip-records.ts';

describe('the RECORD of a package', () => {
  it('names files with their hashes; commas and quotes are quoted, bytecode has no hash', () => {
    const record = [
      '../../../bin/tool,sha256=ab-_1,12',
      'a/b.py,sha256=cd,3\r',
      '"a/b,""c"".py",sha256=ef,',
      'a/__pycache__/b.cpython-311.pyc,,',
      'a-1.dist-info/RECORD,,',
      '',
    ].join('\n');

    expect(recordedFiles(record)).toEqual([
      { path: '../../../bin/tool', sha256: 'ab-_1' },
      { path: 'a/b.py', sha256: 'cd' },
      { path: 'a/b,"c".py', sha256: 'ef' },
    ]);
  });

  it('shows which files are missing or differ from what pip has installed', () => {
    const venv = mkdtempSync(join(tmpdir(), 'cordon-records-'));
    const packages = join(venv, 'lib/python3.13/site-packages');
    mkdirSync(join(packages, 'a-1.dist-info'), { recursive: true });
    mkdirSync(join(venv, 'bin'));
    writeFileSync(join(venv, 'bin/tool'), 'tool');
    writeFileSync(join(packages, 'a.py'), 'changed');
    const lines = ['../../../bin/tool', 'a.py', 'b.py'].map(
      (path, index) => `${path},sha256=${sha256Of(['tool', 'a', 'b'][index] ?? '')},1`,
    );
    writeFileSync(join(packages, 'a-1.dist-info/RECORD'), lines.join('\n'));

    expect(damagedPackageFiles(venv)).toEqual([
      'lib/python3.13/site-packages/a.py',
      'lib/python3.13/site-packages/b.py',
    ]);
    rmSync(venv, { recursive: true });
  });
});
