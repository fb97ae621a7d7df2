import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { command, environmentOf, makeRunning, receive } from '../../support/cli/running.ts';

const mebibyte = 2 ** 20;

/** A run whose inbox holds more than any pipe does. */
const runWithLongMail = (): string => {
  const { root, runDir } = makeRunning('pipes');
  receive(runDir, 'long', 'x'.repeat(mebibyte));
  return root;
};

const cordon = `"${command.join('" "')}"`;

/** Runs a line of shell. The exit codes of the commands in its pipe come in `codes`. */
const shell = (root: string, line: string) => {
  const script = `${line}; echo "\${PIPESTATUS[*]}" >&3`;
  const { stdout, stderr, output } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: environmentOf(root),
    maxBuffer: 16 * mebibyte,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  return { stdout, stderr, codes: String(output[3]).trim() };
};

it.each(['cat', '(sleep 2; cat)'])(
  'the document of 1 MiB is whole behind a pipe to %s',
  (reader) => {
    const { stdout, stderr, codes } = shell(runWithLongMail(), `${cordon} mail --json | ${reader}`);

    expect(JSON.parse(stdout)).toMatchObject({ mails: [{ body: 'x'.repeat(mebibyte) }] });
    expect({ stderr, codes }).toEqual({ stderr: '', codes: '0 0' });
  },
);

it('text is whole too', () => {
  const { stdout } = shell(runWithLongMail(), `${cordon} mail | (sleep 2; cat)`);

  expect(stdout).toContain('x'.repeat(mebibyte));
});

it('what goes to stderr is whole, also for wrong usage', () => {
  const name = 'frob'.repeat(25_000);
  const { stderr } = shell(
    runWithLongMail(),
    `${cordon} ${name} 2>&1 >/dev/null | (sleep 2; cat >&2)`,
  );

  expect(stderr).toContain(`${name}'\n(--help shows the options)`);
});

it.each(['head -1', 'true', 'head -c 70000'])(
  'a reader that goes away ends the command quietly: %s',
  (reader) => {
    const { stderr, codes } = shell(runWithLongMail(), `${cordon} mail --json | ${reader}`);

    expect({ stderr, codes }).toEqual({ stderr: '', codes: '0 0' });
  },
);

it('a reader of stderr that goes away changes nothing of the result', () => {
  const { codes } = shell(
    runWithLongMail(),
    `${cordon} show inc-20261121-7f3k2m8q 2>&1 >/dev/null | true`,
  );

  expect(codes).toBe('1 0');
});

it('output that cannot be stored is an error', () => {
  const { stderr, codes } = shell(runWithLongMail(), `${cordon} mail --json > /dev/full`);

  expect(codes).toBe('1');
  expect(stderr).toMatch(/^cordon: the output could not be written \(ENOSPC.*\): .*\n$/);
});

it('a command whose reader takes nothing can be interrupted, and says with 1 that the output is cut', async () => {
  const child = spawn(command[0], [command[1], 'mail', '--json'], {
    env: environmentOf(runWithLongMail()),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child.stdout, 'readable');
  const said = text(child.stderr);
  child.kill('SIGINT');

  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(await said).toBe('cordon: stopped before all of the output was read\n');
});

it('mails are followed as long as somebody reads', async () => {
  const { root, runDir } = makeRunning('followed');
  receive(runDir, 'a', 'the first');
  const child = spawn(command[0], [command[1], 'mail', '--follow', 'yes'], {
    env: environmentOf(root),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  receive(runDir, 'b', 'the second');

  expect(await ended).toEqual([0, null]);
});
