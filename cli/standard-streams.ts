import type { Writable } from 'node:stream';

/** How long a command that was told to stop waits for a reader that takes nothing. */
const patienceMs = 5_000;

const remedy = 'make room or name another place, then try again';

/** The reader closed its end of the pipe. `head` does so on purpose, so this is no error. */
const readerIsGone = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'EPIPE' || error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_DESTROYED';

/** Resolves when the system has taken everything that was written, or the reader is gone. */
const drain = (stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => resolve());
  });

/**
 * The output streams of the process. Writes to a pipe are asynchronous, and `process.exit` drops
 * what is still waiting.
 */
export interface StandardStreams {
  /** Whether the reader has closed stdout; known after a write that failed. */
  isStdoutClosed(): boolean;
  /**
   * Waits until stdout and stderr are drained. Returns why output was lost, or undefined if it is
   * whole. An abort of `signal` ends the wait, because a reader may hold its pipe open for ever.
   */
  finish(signal: AbortSignal): Promise<string | undefined>;
}

interface OutputStreams {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

export const watchStreams = ({ stdout, stderr }: OutputStreams): StandardStreams => {
  let isStdoutClosed = false;
  let failure: string | undefined;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (readerIsGone(error)) isStdoutClosed = true;
    else failure ??= `the output could not be written (${error.message}): ${remedy}`;
  });
  stderr.on('error', () => undefined); // there is no other place to say it
  return {
    isStdoutClosed: () => isStdoutClosed,
    finish: async (signal) => {
      const drained = Promise.all([stdout, stderr].map(drain)).then(() => failure);
      const gaveUp = new Promise<string>((resolve) => {
        const giveUp = (): void => resolve('stopped before all of the output was read');
        if (signal.aborted) setTimeout(giveUp, patienceMs);
        else signal.addEventListener('abort', giveUp);
      });
      return Promise.race([drained, gaveUp]);
    },
  };
};
