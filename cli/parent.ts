import { basename } from 'node:path';
import { type Process, processOf } from '../local/engine/processes.ts';
import type { Env } from '../local/engine/run-program.ts';

/** How often the command looks whether npm still runs. */
const everyMs = 1_000;

/** `npm start` as npm calls itself, or `node /usr/bin/npm start` before it does. */
const isPackageManager = ({ command }: Process): boolean =>
  command
    .split(' ')
    .slice(0, 2)
    .some((word) => /^(npm|npx|pnpm|yarn)(-cli)?(\.c?js)?$/.test(basename(word)));

/**
 * The processes that must live as long as the command: npm, npx or their like, and the shell
 * between. None if no such program started the command. npm's variables alone do not say so,
 * because every program that an npm script ever started inherits them. A process group of its own,
 * as `setsid` and the jobs of an interactive shell have it, says that the command was detached.
 */
export const startersOf = (
  pid: number,
  env: Env,
  look: (pid: number) => Process | undefined = processOf,
): readonly Process[] => {
  const own = env.npm_lifecycle_event === undefined ? undefined : look(pid);
  const starters: Process[] = [];
  let next = own && look(own.parent);
  while (next && next.group === own?.group) {
    starters.push(next);
    if (isPackageManager(next)) return starters;
    next = look(next.parent);
  }
  return [];
};

/** Calls `end` once the older Node.js has ended that has handed the command on to this one. */
const watchOlderNode = (end: (reason: Error) => void): void => {
  if (!process.channel) return;
  process.once('disconnect', () => end(new Error('stopped, because what started it has ended')));
  process.channel.unref();
};

/** Calls `end` once npm or the shell between has ended: npm hands on two signals only. */
export const watchStarters = (env: Env, end: (reason: Error) => void): void => {
  watchOlderNode(end);
  const starters = startersOf(process.pid, env);
  if (starters.length === 0) return;
  const timer = setInterval(() => {
    const gone = starters.find(({ pid, born }) => processOf(pid)?.born !== born);
    if (gone === undefined) return;
    clearInterval(timer);
    end(new Error(`stopped, because "${gone.command.slice(0, 60)}" has ended`));
  }, everyMs);
  timer.unref();
};
