import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { environmentOf } from '../../support/cli/running.ts';
import { temp } from '../../support/temp.ts';

const repository = resolve(import.meta.dirname, '../../..');
const root = temp('wrong-input');
const cordon = (...args: string[]) => {
  const env = {
    ...environmentOf(root),
    HOME: root,
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return spawnSync(process.execPath, [join(repository, 'cli/cordon.ts'), ...args], {
    encoding: 'utf8',
    env,
    cwd: root,
  });
};
beforeAll(() => writeFileSync(join(root, 'file'), ''));

const id = 'inc-20261121-7f3k2m8q';

it.each([
  [
    ['evidence', 'pull', id, '--to', 'file', '--purpose', 'x'],
    2,
    /^cordon: file cannot be written into \(ENOTDIR.*\): name a new folder\n$/,
  ],
  [
    ['evidence', 'index', '--to', 'file'],
    2,
    /^cordon: file cannot be written into \(ENOTDIR.*\): name a new folder\n$/,
  ],
  [
    ['evidence', 'index', '--to', 'new', '--from', '2026-02-30'],
    2,
    /wanted a day such as 2026-11-21/,
  ],
  [
    ['up', '--with', 'nothing'],
    2,
    /^cordon: option '--with <names>' argument 'nothing' is invalid\. No system is called 'nothing'/,
  ],
  [
    ['incidents', '--aws'],
    1,
    /^cordon: AWS did not tell whose credentials these are \(.+\): sign in .*\n$/,
  ],
])('%j is answered in one sentence that says what to do', (args, code, sentence) => {
  const { status, stdout, stderr } = cordon(...args);

  expect([status, stdout]).toEqual([code, '']);
  expect(stderr).toMatch(sentence);
});

it('doctor says of AWS what to do where nobody is signed in', () => {
  const { stdout } = cordon('doctor', '--aws', '--json');

  expect(JSON.parse(stdout)).toHaveProperty(
    'checks',
    expect.arrayContaining([
      expect.objectContaining({
        name: 'AWS identity',
        ok: false,
        fix: expect.stringContaining('sign in'),
      }),
    ]),
  );
});

it('down claims to have removed nothing where nothing was left', () => {
  const { status, stdout } = cordon('down', '--port', '4990');

  expect([status, stdout]).toEqual([0, 'port 4990: nothing was running, and nothing was left\n']);
  expect(existsSync(join(root, '.cordon/run-4990'))).toBe(false);
});
