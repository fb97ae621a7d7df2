// An ordinary user whose limit of processes is reached: before a start, and at two moments of it. The
// limit does not bind root. In a namespace the processes of other tests do not count against it.
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../local/engine/port.ts';
import { processes, signal } from '../../../local/engine/processes.ts';
import {
  type Command,
  cordonWords,
  makeCheckout,
  processesOf,
  program,
  removeCheckout,
  until,
} from './checkout.ts';
import { uninstall } from './signal-table.ts';

/** No account has this number, as that of a user in a container. */
const inNamespace = ['unshare', '--user', '--map-user=61999', '--map-group=61999'] as const;
const limited = ['prlimit', '--nproc=300'] as const;
const isBound =
  process.getuid?.() !== 0 &&
  spawnSync(inNamespace[0], [...inNamespace.slice(1), ...limited, 'true']).status === 0;

/** Shell code that starts so many processes, and then the command. */
const take = (count: number, seconds: number): string =>
  `i=0; while [ $i -lt ${count} ]; do sleep ${seconds} >/dev/null 2>&1 & i=$((i + 1)); done; exec "$@"`;

describe.runIf(isBound)('a user with too few processes', () => {
  let root: string;
  beforeAll(async () => {
    root = await makeCheckout();
  });
  afterAll(() => removeCheckout(root));

  const start = async (...before: readonly string[]): Promise<Command> => {
    const words = ['up', '--exit', '--no-drill', '--port', String(await freePort())];
    return program(root, [...inNamespace, ...before, ...cordonWords, ...words]);
  };
  const saidBy = async (run: Command): Promise<readonly (number | string)[]> => {
    const code = await run.ended();
    expect(processesOf(root)).toEqual([]);
    return [
      code,
      ...run
        .stderr()
        .split('\n')
        .filter((line) => !/^(✔| {2}(installing the engine into|stopping)|$)/.test(line)),
    ];
  };
  /** From now on this process, and what it starts, can start nothing more. */
  const exhaust = (pid: number | undefined): void =>
    void execFileSync('prlimit', ['--pid', String(pid), '--nproc=1']);

  it('is told before anything starts, and starts once they have ended', async () => {
    const seconds = 1_000_000 + (await freePort());
    const run = await start(...limited, 'sh', '-c', take(100, seconds), 'sh');
    const said = await saidBy(run);
    for (const { pid, command } of processes())
      if (command === `sleep ${seconds}`) signal(pid, 'SIGKILL');

    expect(said).toEqual([
      1,
      expect.stringMatching(
        /^cordon: the limit of processes is 300 and \d+ are in use, .*\(ulimit -u \d+ or more\)/,
      ),
    ]);
    expect(await saidBy(await start())).toEqual([0]);
  });

  it.each([
    ['is installed', '/.cordon/venv'],
    ['starts', 'adapter/main.py'],
  ])('is told while the engine %s', async (what, text) => {
    const isInstalling = what === 'is installed';
    const repair = isInstalling ? uninstall(root) : () => undefined;
    const run = await start();
    const ofText = () => processesOf(root).find(({ command }) => command.includes(text));
    await until(() => ofText() !== undefined || run.child.exitCode !== null);
    exhaust(isInstalling ? run.child.pid : ofText()?.pid);

    const said = await saidBy(run);
    repair();

    expect(said).toEqual([
      1,
      expect.stringMatching(/^cordon: no processes are left for this user: .*\(ulimit -u 4096\)/),
    ]);
    expect(await saidBy(await start())).toEqual([0]);
  });
});
