import { existsSync } from 'node:fs';
import { type DiskFullError, diskFull } from './disk-errors.ts';
import { type DiskSpace, mountOf, shortageOf, spaceFor } from './disk-space.ts';

/** A look costs some microseconds. */
const EVERY_MS = 250;

/**
 * A run ends while there is still room for the writes that are under way, so that its mails and its
 * evidence are whole.
 */
const RESERVE_MEGABYTES = 8;

/** `full` resolves once, when the disk is full or nearly full. */
export interface DiskWatch {
  readonly full: Promise<DiskFullError>;
  /** Ends the run for a write that failed, although the disk still reports space. */
  report(cause: string): void;
  stop(): void;
}

interface WatchOptions {
  readonly everyMs?: number;
  readonly look?: (folder: string) => DiskSpace;
}

/** The error of a run whose disk is full. */
export const runOutOfSpace = (runDir: string, shortage?: string, cause?: unknown): DiskFullError =>
  diskFull(runDir, {
    cause,
    ...(existsSync(runDir) && { mount: mountOf(runDir) }),
    ...(shortage !== undefined && { shortage }),
    nextStep: 'run "cordon up" again (it starts clean)',
  });

/** Watches the disk of a run's folder, until it is full or the watch is stopped. */
export const watchDisk = (
  runDir: string,
  { everyMs = EVERY_MS, look = spaceFor }: WatchOptions = {},
): DiskWatch => {
  let settle: (error: DiskFullError) => void = () => undefined;
  const full = new Promise<DiskFullError>((resolve) => {
    settle = resolve;
  });
  const timer = setInterval(() => {
    if (!existsSync(runDir)) return;
    const shortage = shortageOf(look(runDir), RESERVE_MEGABYTES);
    if (shortage === undefined) return;
    clearInterval(timer);
    settle(runOutOfSpace(runDir, shortage));
  }, everyMs);
  timer.unref();
  return {
    full,
    report: (cause) => settle(runOutOfSpace(runDir, 'a write failed', cause)),
    stop: () => clearInterval(timer),
  };
};
