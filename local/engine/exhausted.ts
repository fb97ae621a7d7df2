import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { CordonError } from '../../operator/errors.ts';
import { errorMessage } from '../../responders/shared/errors.ts';

/** A run has some 200 descriptors open, and more in a burst of a drill. */
const DESCRIPTORS = 512;
/** Threads of the engine, its functions and Node.js. */
const PROCESSES = 256;

const speaksOfDescriptors = /\bEMFILE\b|\bENFILE\b|Too many open files/i;

const speaksOfProcesses: readonly RegExp[] = [
  /\bspawn\w*\b.* EAGAIN\b/,
  /fork\b.{0,80}Resource temporarily unavailable|cannot fork/i,
  /can't start new thread|pthread_create|BlockingIOError: \[Errno 11\]/,
  /failed to create new OS thread/, // Go, of which esbuild is made
];

const noDescriptors = (cause?: unknown): CordonError =>
  new CordonError(
    'no file descriptors are left for this user: raise the limit (ulimit -n 4096), or end ' +
      'programs that hold many files, then run the command again',
    { cause },
  );

const noProcesses = (cause?: unknown): CordonError =>
  new CordonError(
    'no processes are left for this user: raise the limit (ulimit -u 4096), or end programs ' +
      'that run many, then run the command again',
    { cause },
  );

/** The error for exhausted descriptors or processes, if a text or an error reports them. */
export const exhausted = (problem: unknown): CordonError | undefined => {
  if (problem instanceof CordonError) return undefined;
  const text = typeof problem === 'string' ? problem : errorMessage(problem);
  if (speaksOfDescriptors.test(text)) return noDescriptors(problem);
  if (speaksOfProcesses.some((pattern) => pattern.test(text))) return noProcesses(problem);
  return undefined;
};

/**
 * Fails if the limits leave too little for a run. Only Linux tells them without another process.
 */
export const assertLimits = (file = '/proc/self/limits', countThreads = threadsInUse): void => {
  if (!existsSync(file)) return;
  const limits = readFileSync(file, 'utf8');
  const descriptors = limitOf(limits, 'Max open files');
  if (descriptors < DESCRIPTORS)
    throw tooLow(`of open files is ${descriptors}`, `-n ${DESCRIPTORS}`);
  const processes = limitOf(limits, 'Max processes');
  if (processes === Number.POSITIVE_INFINITY) return;
  const inUse = countThreads();
  if (processes - inUse < PROCESSES)
    throw tooLow(`of processes is ${processes} and ${inUse} are in use`, `-u ${inUse + PROCESSES}`);
};

/** The threads of this user, which the limit of processes counts. It does not bind root. */
const threadsInUse = (): number => {
  const own = process.getuid?.();
  if (own === undefined || own === 0) return 0;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .reduce((sum, pid) => sum + threadsOf(pid, own), 0);
};

const threadsOf = (pid: string, user: number): number => {
  try {
    if (statSync(`/proc/${pid}`).uid !== user) return 0;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[17]);
  } catch {
    return 0; // it has ended meanwhile
  }
};

const limitOf = (limits: string, name: string): number => {
  const line = limits.split('\n').find((text) => text.startsWith(name));
  const [, soft] = /^Max [a-z ]+?\s{2,}(\S+)/.exec(line ?? '') ?? [];
  return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
};

const tooLow = (what: string, wanted: string): CordonError =>
  new CordonError(
    `the limit ${what}, too low for a local run: raise it (ulimit ${wanted} or more), or end ` +
      'other programs, then run the command again',
  );
