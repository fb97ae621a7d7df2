import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { filesBelow } from '../../../local/engine/file-list.ts';
import { freePort } from '../../../local/engine/port.ts';
import { ensureVenv } from '../../../local/engine/venv.ts';
import { temp } from '../../support/temp.ts';
import { processesOf, repository } from './checkout.ts';

/** What the shell of a stranger has: the Node.js of the machine, and the way to a registry. */
const isStrangers = (name: string): boolean =>
  /^(HOME|npm_config_(registry|cache))$|proxy$|cert/i.test(name);
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => isStrangers(name))),
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((path) => !path.includes('node_modules'))
    .join(delimiter),
};

const folder = temp('package');
const run = async (command: string, ...words: readonly string[]) =>
  promisify(execFile)(command, words, { cwd: folder, env: environment, maxBuffer: 2 ** 26 });
const packageFolder = join(folder, 'node_modules/cordon-aws');
/** The files of the package, without the compiled code that Node.js keeps beside it. */
const files = (): readonly string[] =>
  filesBelow(packageFolder).filter((path) => !path.startsWith('.cordon/compile-cache/'));

beforeAll(async () => {
  await run('npm', 'pack', repository, '--pack-destination', folder, '--silent');
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  await run('npm', 'install', '--prefer-offline', '--no-audit', `./${tarball}`);
  // An installation of the engine takes longer than all the rest; the tests of it are others.
  const { python } = await ensureVenv({ root: repository, env: process.env });
  mkdirSync(join(folder, '.cordon'));
  symlinkSync(resolve(python, '../..'), join(folder, '.cordon/venv'));
});

const wanted = [
  /^dist\/[^.]+\.((asl|schema)\.)?(js|json|mjs|py|sql|css|txt)$/,
  /^dist\/sites\/[\w/-]+\.(html|svg)$/,
  /^dist\/sites\/\w+\/assets\/[\w.-]+\.js$/,
  /^cli\/(cordon|own-node)\.mjs$/,
  /^docs\/[\w-]+\.(md|png)$/,
  /^docs\/policy-cases\/[\w-]+\.json$/,
  /^([\w/-]+\/)?README\.md$/,
  /^((CHANGELOG|CONTRIBUTING|SECURITY)\.md|LICENSE|package\.json)$/,
];

it('holds the code as JavaScript, the pages and the licence, and nothing else', () => {
  const others = files().filter((path) => !wanted.some((pattern) => pattern.test(path)));

  expect(others).toEqual([]);
  expect(files().filter((path) => /(^|\/)(test|tools)\//.test(path))).toEqual([]);
  expect(files()).toEqual(expect.arrayContaining(['LICENSE', 'CHANGELOG.md', 'dist/cli/main.js']));
});

it('is a command under the Node.js of the machine, by both of its names', async () => {
  for (const name of ['cordon', 'cordon-aws'])
    expect((await run('npx', name, '--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('runs the first drill, and leaves all of it in the folder in which it was called', async () => {
  const before = files();
  const port = await freePort();
  const { stdout } = await run('npx', 'cordon', 'up', '--exit', '--json', '--port', `${port}`);

  const document: unknown = JSON.parse(stdout);
  expect(document).toMatchObject({
    port,
    runDir: join(folder, `.cordon/run-${port}`),
    drill: { scenario: 'lambda-credential-theft', passed: true, restored: true },
  });
  expect(files()).toEqual(before);
  expect(existsSync(join(folder, '.cordon/scorecards.jsonl'))).toBe(true);
  expect(processesOf(folder)).toEqual([]);
  expect((await run('npx', 'cordon', 'drill', 'history')).stdout).toMatch(
    /lambda-credential-theft +passed/,
  );
});
