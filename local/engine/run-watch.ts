import { CordonError } from '../../operator/errors.ts';
import type { Connection } from './connect.ts';
import { DiskFullError } from './disk-errors.ts';
import { watchDisk } from './disk-watch.ts';
import { ownerLives, readUp } from './run-dir.ts';

const EVERY_MS = 1_000;

/** The run of another process, while a command works on it. */
export interface RunWatch {
  /** Resolves with an error when the run has ended, or when a full disk is about to end it. */
  readonly ended: Promise<CordonError>;
  hasEnded(): boolean;
  stop(): void;
}

/** Watches a local run; a deployment on AWS never ends. */
export const watchRun = (run: Pick<Connection, 'runDir' | 'port'> | null): RunWatch => {
  if (run === null)
    return { ended: new Promise(() => undefined), hasEnded: () => false, stop: () => undefined };
  const { runDir, port } = run;
  const disk = watchDisk(runDir);
  let timer: NodeJS.Timeout | undefined;
  const gone = new Promise<CordonError>((resolve) => {
    timer = setInterval(() => {
      const up = readUp(runDir);
      if (up && ownerLives(up)) return;
      resolve(
        new CordonError(
          `the run on port ${port} has ended, and this command with it: its terminal says why; ` +
            'run "cordon up" again',
        ),
      );
    }, EVERY_MS);
    timer.unref();
  });
  const full = disk.full.then(
    (error) =>
      new DiskFullError(
        error.path,
        `${error.message}; the run ends, and its terminal says where to find what it collected`,
        error.cause,
      ),
  );
  let hasEnded = false;
  const stop = (): void => {
    disk.stop();
    clearInterval(timer);
  };
  const ended = Promise.race([gone, full]).then((error) => {
    hasEnded = true;
    stop();
    return error;
  });
  return { ended, hasEnded: () => hasEnded, stop };
};
