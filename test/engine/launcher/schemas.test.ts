import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { freePort } from '../../../local/engine/port.ts';

const root = join(import.meta.dirname, '../../..');

/** One run of the command, as somebody's script would run it. */
const cordon = (...words: string[]): Promise<{ code: number; document: unknown; stderr: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'cli/cordon.ts'), ...words, '--json'],
      { cwd: root },
      (error, stdout, stderr) => {
        const document: unknown = JSON.parse(stdout);
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, document, stderr });
      },
    );
  });

const faults = (name: string, document: unknown): unknown => {
  const schema: unknown = JSON.parse(readFileSync(join(root, `cli/schemas/${name}.json`), 'utf8'));
  const check = new Ajv2020({ allowUnionTypes: true }).compile(
    typeof schema === 'object' && schema !== null ? schema : false,
  );
  return check(document) ? [] : check.errors;
};

it('doctor keeps its schema', async () => {
  const { document } = await cordon('doctor', '--port', String(await freePort()));
  expect(faults('doctor', document)).toEqual([]);
});

it('up keeps its schema, and so does down after it', async () => {
  const port = String(await freePort());

  const { code, document } = await cordon('up', '--exit', '--no-drill', '--port', port);
  expect(code).toBe(0);
  expect(faults('up', document)).toEqual([]);

  const down = await cordon('down', '--port', port);
  expect(faults('down', down.document)).toEqual([]);
});

it('a schema refuses what is not in it', () => {
  expect(faults('down', { runs: [{ port: 'x', did: 'y' }] })).not.toEqual([]);
  expect(faults('doctor', { ok: true, checks: [], more: 1 })).not.toEqual([]);
});
