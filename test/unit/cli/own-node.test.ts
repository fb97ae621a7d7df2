import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { processes } from '../../../local/engine/processes.ts';
import { asOld, repository } from '../../support/cli/running.ts';
import { temp } from '../../support/temp.ts';

const environment = { PATH: process.env.PATH };

const withOldNode = (folder: string, ...words: readonly string[]) => {
  const command = [...asOld, join(folder, 'cli/cordon.mjs'), ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    env: environment,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

/** An installation without its code: in place of the command a program of a test. */
const installation = (program: string): string => {
  const folder = temp('installation');
  mkdirSync(join(folder, 'dist/cli'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'dist/cli/main.js'), program);
  for (const name of ['cordon.mjs', 'own-node.mjs'])
    cpSync(join(repository, 'cli', name), join(folder, 'cli', name));
  return folder;
};
const withNode = (folder: string): string => {
  mkdirSync(join(folder, 'node_modules/node/bin'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/node/package.json'), '{"name":"node"}');
  symlinkSync(process.execPath, join(folder, 'node_modules/node/bin/node'));
  return folder;
};

it('an old Node.js hands the command on to the one that npm has installed', () => {
  expect(withOldNode(repository, '--version')).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: '',
  });
});

it('words, exit code and the end by a signal are those of the command', () => {
  const told = 'console.log(...process.argv.slice(2)); process.exit(3);';
  expect(withOldNode(withNode(installation(told)), 'show', 'a b')).toEqual({
    status: 3,
    stdout: 'show a b\n',
    stderr: '',
  });
  const killed = 'process.kill(process.pid, "SIGKILL"); setInterval(() => 0, 1000);';
  expect(withOldNode(withNode(installation(killed))).status).toBe(137);
});

it('a signal reaches the command, which ends as it sees fit', async () => {
  const folder = withNode(
    installation(
      'process.on("SIGTERM", () => { console.log("stopping"); process.exit(0); });' +
        'setInterval(() => 0, 1000); console.log("up");',
    ),
  );
  const child = spawn(process.execPath, [...asOld, join(folder, 'cli/cordon.mjs')], {
    env: environment,
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  while (!said.includes('up')) await sleep(20);
  child.kill('SIGTERM');

  expect(await ended).toBe(0);
  expect(said).toBe('up\nstopping\n');
  expect(processes().filter(({ command }) => command.includes(folder))).toEqual([]);
});

it('one that is missing is named, with the remedy', () => {
  expect(withOldNode(installation(''))).toEqual({
    status: 1,
    stdout: '',
    stderr:
      'cordon: Node.js 20.20.2 is too old, and the Node.js 24 that npm installs with Cordon is ' +
      'missing, because npm ran no install scripts: install again with --allow-scripts=node, or ' +
      'install Node.js 24\n',
  });
});
