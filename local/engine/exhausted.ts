import { existsSync, readFileSync } from 'node:fs';
import { CordonError } from '../../operator/errors.ts';
import { errorMessage } from '../../responders/shared/errors.ts';

/** A run has some 200 descriptors open, and more in a burst of a drill. */
const DESCRIPTORS = 512;
/** Threads of the engine, its functions and Node.js. */
const PROCESSES = 256;

const speaksOfDescriptors = /\bEMFILE\b|\bENFILE\b|Too many open files/i;

const speaksOfProcesses: readonly RegExp[] = [
  /\bspawn\w* \S*\s*EAGAIN/,
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
 * Fails if the limits of this process are too low for a run. Only Linux tells them without another
 * process.
 */
export const assertLimits = (file = '/proc/self/limits'): void => {
  if (!existsSync(file)) return;
  const limits = readFileSync(file, 'utf8');
  const descriptors = limitOf(limits, 'Max open files');
  const processes = limitOf(limits, 'Max processes');
  if (descriptors < DESCRIPTORS) throw tooLow('open files', descriptors, `-n ${DESCRIPTORS}`);
  if (processes < PROCESSES) throw tooLow('processes', processes, `-u ${PROCESSES}`);
};

const limitOf = (limits: string, name: string): number => {
  const line = limits.split('\n').find((text) => text.startsWith(name));
  const [, soft] = /^Max [a-z ]+?\s{2,}(\S+)/.exec(line ?? '') ?? [];
  return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
};

const tooLow = (what: string, limit: number, wanted: string): CordonError =>
  new CordonError(
    `the limit of ${what} is ${limit}, too low for a local run: raise it (ulimit ${wanted} or ` +
      'more), then run the command again',
  );
