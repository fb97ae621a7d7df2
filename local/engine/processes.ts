import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A living process. `born` tells it from a later process with the same pid. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly born: string;
  readonly command: string;
}

/** Every living process of this machine that we may see. */
export const processes = (): readonly Process[] =>
  existsSync('/proc/self/stat') ? fromProc() : fromPs();

/** The living process with this pid. */
export const processOf = (pid: number): Process | undefined =>
  existsSync('/proc/self/stat') ? readProc(pid) : fromPs().find((process) => process.pid === pid);

/**
 * Ends a process group: SIGTERM, and SIGKILL after `graceMs`. Returns how many processes it had.
 */
export const endGroup = async (group: number, graceMs = 5_000): Promise<number> => {
  const members = (): number => processes().filter((process) => process.group === group).length;
  const membersAtStart = members();
  signal(-group, 'SIGTERM');
  for (let waited = 0; members() > 0; waited += 50) {
    if (waited >= graceMs) signal(-group, 'SIGKILL');
    // a process in uninterruptible sleep does not end; waiting longer does not help
    if (waited >= graceMs + 5_000) break;
    await sleep(50);
  }
  return membersAtStart;
};

/** Sends a signal. A process that no longer exists is not an error. */
export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // gone, or not ours to stop: the caller looks again
  }
};

const fromProc = (): readonly Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProc(Number(name)))
    .filter((process) => process !== undefined);

const readProc = (pid: number): Process | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent, group, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const born = rest[16];
    if (state === 'Z' || state === 'X' || born === undefined) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, parent: Number(parent), group: Number(group), born, command };
  } catch {
    return undefined;
  }
};

const fromPs = (): readonly Process[] =>
  parsePs(
    execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,pgid=,stat=,lstart=,command='], {
      encoding: 'utf8',
      env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' },
    }),
  );

/** The table of `ps` where the system has no /proc. */
export const parsePs = (table: string): readonly Process[] =>
  table.split('\n').flatMap((line) => {
    const [, pid, parent, group, state, born, command] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line) ??
      [];
    if (born === undefined || state?.startsWith('Z')) return [];
    return [
      {
        ...{ pid: Number(pid), parent: Number(parent), group: Number(group) },
        ...{ born, command: command ?? '' },
      },
    ];
  });
