import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../local/engine/port.ts';
import { environmentOf } from '../../support/cli/running.ts';
import { temp } from '../../support/temp.ts';

const repository = resolve(import.meta.dirname, '../../..');
const emptyCheckout = (): string => temp('cli');
const cordon = (root: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repository, 'cli/cordon.ts'), ...args],
    { encoding: 'utf8', env: environmentOf(root) },
  );
  return { status, stdout, stderr };
};
const verbs = [...cordon(emptyCheckout(), '--help').stdout.matchAll(/^ {2}([a-z]+) .*/gm)].flatMap(
  ([, name]) => name ?? [],
);

describe('the cordon command', () => {
  it.each(verbs.filter((name) => !['help', 'cordon'].includes(name)))(
    '%s --help shows --json and two examples',
    (name) => {
      const { status, stdout } = cordon(emptyCheckout(), name, '--help');

      expect(status).toBe(0);
      expect(stdout.split('Examples:\n')[1]?.match(/^ {2}.*\bcordon /gm)?.length).toBe(2);
    },
  );

  it.each([
    [['frob']],
    [['up', '--frob']],
    [['up', '--port', '80']],
    [['up', '--port', '4566x']],
    [['down', '--port']],
    [['doctor', 'extra']],
    [[]],
  ])('ends with 2 for %j, and says how to go on', (args) => {
    const { status, stdout, stderr } = cordon(emptyCheckout(), ...args);

    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/--help/);
  });

  it('down finds nothing to do in a fresh checkout', () => {
    expect(cordon(emptyCheckout(), 'down')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('nothing to stop'),
    });
    expect(JSON.parse(cordon(emptyCheckout(), 'down', '--json').stdout)).toEqual({ runs: [] });
  });

  it('down removes what a dead run left, and touches no process that is not its own', () => {
    const root = emptyCheckout();
    mkdirSync(join(root, '.cordon/run-4599/s3'), { recursive: true });
    const note = {
      pid: process.pid,
      born: 'before',
      engine: process.pid,
      engineBorn: 'before',
      port: 4599,
    };
    writeFileSync(join(root, '.cordon/run-4599/up.json'), JSON.stringify(note));

    expect(JSON.parse(cordon(root, 'down', '--json').stdout)).toEqual({
      runs: [{ port: 4599, did: 'nothing was running, removed its folder' }],
    });
    expect(cordon(root, 'down').stdout).toContain('nothing to stop');
  });

  it('doctor fails with the fix for each missing thing', () => {
    const { status, stdout, stderr } = cordon(emptyCheckout(), 'doctor', '--json');

    const document: unknown = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(stderr).toBe('');
    expect(document).toMatchObject({ ok: false });
    expect(document).toHaveProperty(
      'checks',
      expect.arrayContaining([
        { name: 'CDK command line', ok: false, detail: expect.any(String), fix: 'run "npm ci"' },
      ]),
    );
  });

  it('doctor is content with this checkout', async () => {
    const { status, stdout } = cordon(repository, 'doctor', '--port', String(await freePort()));

    expect(stdout).not.toContain('✘');
    expect(status).toBe(0);
  });

  it('doctor and up name the port that is taken, and another one', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = String(typeof address === 'object' && address ? address.port : 0);

    const doctor = cordon(repository, 'doctor', '--port', port);
    const up = cordon(repository, 'up', '--port', port);

    expect(doctor).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(`✘ Ports .*in use: ${port} \\(by process ${process.pid}\\)`),
    });
    expect(up).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(`^cordon: port ${port} is in use by process ${process.pid} `),
    });
    server.close();
  });

  it.each([
    [['up'], 10_080, 10_080, 10_090],
    [['app', 'up'], 10_080, 10_080, 10_090],
    [['up'], 6_558, 6_566, 6_568],
  ])('%j refuses port %i at once, because fetch would', (words, port, bad, next) => {
    const { status, stdout, stderr } = cordon(emptyCheckout(), ...words, '--port', String(port));

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(
      `cordon: port ${port} cannot be used: browsers and fetch refuse port ${bad} of its block of 10; ` +
        `choose another with --port ${next}\n`,
    );
  });

  it('doctor names a port that fetch refuses, and another one', () => {
    const { status, stdout } = cordon(repository, 'doctor', '--port', '10080');

    expect(status).toBe(1);
    expect(stdout).toMatch(/✘ Ports .*refuse port 10080.*--port 10090/s);
  });

  it('prints an error as one sentence, and as a document for --json', async () => {
    const root = emptyCheckout();

    writeFileSync(join(root, '.cordon'), 'no folder');

    const { status, stdout, stderr } = cordon(
      root,
      'up',
      '--json',
      '--port',
      String(await freePort()),
    );

    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^cordon: .*\.cordon cannot be used \(EEXIST: .*\): move it away, then run the command again\n$/,
    );
    expect(JSON.parse(stdout)).toEqual({ error: stderr.slice('cordon: '.length).trim() });
  });
});
