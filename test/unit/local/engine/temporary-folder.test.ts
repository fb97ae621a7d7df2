import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { assertTemporaryFolder } from '../../../../local/engine/temporary-folder.ts';

it('a temporary folder that cannot be written is named, with the remedy', () => {
  const root = mkdtempSync(join(tmpdir(), 'cordon-temporary-'));

  expect(() => assertTemporaryFolder({ root, env: { TMPDIR: join(root, 'absent') } })).toThrow(
    /^the temporary folder \S+absent cannot be written \(ENOENT\): .*TMPDIR=.*again$/,
  );
  expect(() => assertTemporaryFolder({ root, env: { TMPDIR: root } })).not.toThrow();
  expect(readdirSync(root)).toEqual([]);
  rmSync(root, { recursive: true });
});
