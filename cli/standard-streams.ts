import { fstatSync, writeSync } from 'node:fs';
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
  /** Writes all of a text to stdout. */
  print(text: string): void;
  /** Whether the reader has closed stdout; known after a write that failed. */
  isStdoutClosed(): boolean;
  /**
   * Waits until stdout and stderr are drained. Returns why output was lost, or undefined if it is
   * whole. An abort of `signal` ends the wait, because a reader may hold its pipe open for ever.
   */
  finish(signal: AbortSignal): Promise<string | undefined>;
}

interface OutputStreams {
  readonly stdout: Writable & { readonly fd?: number };
  readonly stderr: Writable;
}

const isFile = (descriptor: number | undefined): descriptor is number => {
  try {
    return descriptor !== undefined && fstatSync(descriptor).isFile();
  } catch {
    return false; // closed by the caller, as `>&-` does
  }
};

/**
 * Writes all of a text to a file, or throws. Node itself would drop the rest where a nearly full
 * disk takes a part only, and report no error.
 */
export const writeWhole = (text: string, write: (bytes: Uint8Array) => number): void => {
  for (let rest: Uint8Array = Buffer.from(text); rest.length > 0; )
    rest = rest.subarray(write(rest));
};

export const watchStreams = ({ stdout, stderr }: OutputStreams): StandardStreams => {
  let isStdoutClosed = false;
  let failure: string | undefined;
  const fail = (error: NodeJS.ErrnoException): void => {
    if (readerIsGone(error)) isStdoutClosed = true;
    else failure ??= `the output could not be written (${error.message}): ${remedy}`;
  };
  stdout.on('error', fail);
  stderr.on('error', () => undefined); // there is no other place to say it
  const file = isFile(stdout.fd) ? stdout.fd : undefined;
  const printToFile = (text: string, descriptor: number): void => {
    if (failure !== undefined) return;
    try {
      writeWhole(text, (bytes) => writeSync(descriptor, bytes));
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return {
    print: (text) => (file === undefined ? void stdout.write(text) : printToFile(text, file)),
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
