import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { connect } from '../../../local/engine/connect.ts';
import { freePort } from '../../../local/engine/port.ts';
import { signal } from '../../../local/engine/processes.ts';
import { command, environmentOf, makeRunning, receive } from '../../support/cli/running.ts';
import { mountSmallDisk, type SmallDisk } from '../../support/local/small-disk.ts';
import { temp } from '../../support/temp.ts';
import {
  type Command,
  cordon,
  makeCheckout,
  processesOf,
  removeCheckout,
  until,
} from './checkout.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-small-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=44m', 'tmpfs', folder]).status === 0;

const addToApp = (root: string, line: string): (() => void) => {
  const app = join(root, 'infra/app.ts');
  const before = readFileSync(app, 'utf8');
  writeFileSync(app, before + line);
  return () => writeFileSync(app, before);
};
const up = async (root: string): Promise<{ code: number; said: string }> => {
  const run = cordon(root, 'up', '--exit', '--no-drill', '--port', String(await freePort()));
  return {
    code: await run.ended(),
    said: run
      .stderr()
      .split('\n')
      .filter((line) => !/^(✔| )/.test(line))
      .join('\n'),
  };
};
/** What a person reads, of each test: when the disk was full, the sentence, what follows. */
const rows = ['disk full | sentence | next start'];
const tell = (when: string, said: string, next: { code: number }): number =>
  rows.push([when, said.trim(), next.code === 0 ? 'works' : `exit ${next.code}`].join(' | '));
afterAll(() => {
  process.stdout.write(`${rows.join('\n')}\n`);
});
const sentence = (path: string): RegExp =>
  new RegExp(`^cordon: no space left on the disk that holds ${path}[^\\n]*: [^\\n]*\\n$`);

describe.runIf(mounted)('a full disk', () => {
  let root: string;
  beforeAll(async () => {
    root = await makeCheckout(folder);
  });
  afterEach(() => expect(processesOf(root)).toEqual([]));
  afterAll(async () => {
    for (const { pid } of processesOf(root)) signal(pid, 'SIGKILL');
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });

  it('is one sentence before anything starts, and no obstacle once there is space', async () => {
    writeFileSync(join(root, 'filler'), Buffer.alloc(43_000_000));
    const full = await up(root);
    rmSync(join(root, 'filler'));

    expect(full).toMatchObject({
      code: 1,
      said: expect.stringMatching(sentence(`${root}/.cordon`)),
    });
    const next = await up(root);
    tell('before anything starts', full.said, next);
    expect(next).toEqual({ code: 0, said: '' });
  });

  it('is one sentence when the templates fill it', async () => {
    const repair = addToApp(root, `writeFileSync(out + '/big', Buffer.alloc(60_000_000));`);
    const full = await up(root);
    repair();

    // The engine starts meanwhile, and whoever meets the full disk first names its own folder.
    expect(full).toMatchObject({
      code: 1,
      said: expect.stringMatching(sentence(`${root}/.cordon/(synth|run-)`)),
    });
    const next = await up(root);
    tell('while templates are made', full.said, next);
    expect(next).toEqual({ code: 0, said: '' });
  });

  it('is one sentence when the engine fills it', async () => {
    const random = `import { randomBytes } from 'node:crypto'; writeFileSync(out + '/asset.one/big', randomBytes(24_000_000));`;
    const repair = addToApp(root, random);
    const full = await up(root);
    repair();
    rmSync(join(root, '.cordon/synth'), { recursive: true });

    expect(full).toMatchObject({
      code: 1,
      said: expect.stringMatching(sentence(`${root}/.cordon/run-`)),
    });
    const next = await up(root);
    tell('while the engine deploys', full.said, next);
    expect(next).toEqual({ code: 0, said: '' });
  });
});

describe.runIf(mounted)('a disk that fills while Cordon is up', () => {
  let root: string;
  let disk: SmallDisk | undefined;
  let inbox: SmallDisk | undefined;
  beforeAll(async () => {
    root = await makeCheckout(temp('filled'));
    const venv = readlinkSync(join(root, '.cordon/venv'));
    disk = mountSmallDisk(join(root, '.cordon'), 80);
    symlinkSync(venv, join(root, '.cordon/venv'));
  });
  afterEach(() => expect(processesOf(root)).toEqual([]));
  afterAll(async () => {
    for (const { pid } of processesOf(root)) signal(pid, 'SIGKILL');
    inbox?.unmount();
    disk?.unmount();
    await removeCheckout(root);
  });

  /** Waits with nothing to do, as after the first drill. */
  const waiting = async (): Promise<{ run: Command; runDir: string }> => {
    const port = await freePort();
    const run = cordon(root, 'up', '--no-drill', '--port', String(port));
    await until(() => run.stderr().includes('Ctrl-C') || run.child.exitCode !== null);
    expect(run.stderr()).toContain('Ctrl-C stops everything');
    return { run, runDir: join(root, `.cordon/run-${port}`) };
  };
  const lastLine = (run: Command): string => run.stderr().trim().split('\n').at(-1) ?? '';

  it('ends the run with one sentence, and keeps what was collected', async () => {
    const { run, runDir } = await waiting();
    writeFileSync(join(runDir, 'inbox/flash.eml'), 'Subject: CONTAINED\r\n\r\nby Cordon');
    disk?.fill();
    const code = await run.ended();

    expect(code).toBe(1);
    expect(`${lastLine(run)}\n`).toMatch(sentence(runDir));
    expect(lastLine(run)).toContain(`(mounted at ${root}/.cordon)`);
    expect(lastLine(run)).toContain('free some space there, then run "cordon up" again');
    const kept = / had collected is in (.+) \(the newest/.exec(lastLine(run))?.[1] ?? '';
    expect(readFileSync(join(kept, 'inbox/flash.eml'), 'utf8')).toContain('by Cordon');
    expect(existsSync(runDir)).toBe(false);
    disk?.free();
    const older = [1, 2, 3].map((day) => join(root, `.cordon/kept-4566-2020010${day}T000000Z`));
    for (const path of older) mkdirSync(path);
    const next = await up(root);
    tell('while it is up', lastLine(run), next);
    expect(next).toEqual({ code: 0, said: '' });
    expect(older.map((path) => existsSync(path))).toEqual([false, true, true]);
    expect(readFileSync(join(kept, 'inbox/flash.eml'), 'utf8')).toContain('by Cordon');
  });

  it('ends the run if only the engine meets it, and prints the lost mail', async () => {
    const { run, runDir } = await waiting();
    const connection = connect({ root });
    inbox = mountSmallDisk(join(runDir, 'inbox'), 1);
    inbox.fill();
    const sns = new SNSClient(clientConfig(connection));
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'team' }));
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'soc@example.com' }),
    );
    await sns
      .send(new PublishCommand({ TopicArn, Subject: 'CONTAINED inc-1', Message: 'all of it' }))
      .catch(() => undefined);
    const code = await run.ended();
    inbox.unmount();

    expect(code).toBe(1);
    expect(run.stderr()).toContain(
      'a mail to soc@example.com is NOT in the inbox, because the disk is full: ' +
        'CONTAINED inc-1\n  | all of it\n',
    );
    expect(`${lastLine(run)}\n`).toMatch(sentence(runDir));
    const next = await up(root);
    tell('only for a mail', lastLine(run), next);
    expect(next).toEqual({ code: 0, said: '' });
  });
});

describe.runIf(mounted)('output on a full disk', () => {
  it('is an error also where the disk still takes a part of it', async () => {
    const { root, runDir } = makeRunning('part');
    receive(runDir, 'long', 'x'.repeat(2 ** 21));
    const folder = temp('output');
    const disk = mountSmallDisk(folder, 1);
    const file = openSync(join(folder, 'mails.json'), 'w');
    const { status, stderr } = spawnSync(command[0], [command[1], 'mail', '--json'], {
      encoding: 'utf8',
      env: environmentOf(root),
      stdio: ['ignore', file, 'pipe'],
    });
    closeSync(file);
    disk.unmount();

    expect(status).toBe(1);
    expect(stderr).toMatch(/^cordon: the output could not be written \(ENOSPC[^\n]*\n$/);
  });
});

describe('a program that meets a full disk', () => {
  it('is named as that, wherever it happens', async () => {
    const root = await makeCheckout();
    const repair = addToApp(root, `writeFileSync('/dev/full', 'x');`);
    const full = await up(root);
    repair();

    expect(full).toMatchObject({
      code: 1,
      said: expect.stringMatching(sentence(`${root}/.cordon`)),
    });
    expect(await up(root)).toEqual({ code: 0, said: '' });
    await removeCheckout(root);
  });
});
