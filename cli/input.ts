import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CordonError } from '../operator/errors.ts';
import { errorMessage } from '../responders/shared/errors.ts';
import { printable } from '../responders/shared/printable.ts';

const reasonOf = (error: unknown): string => printable(errorMessage(error));

/** The text of a file that somebody named, or of the standard input. */
export const textOf = async (file: string): Promise<string> => {
  try {
    return file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8');
  } catch (error) {
    throw new CordonError(
      `${printable(file)} cannot be read (${reasonOf(error)}): name another file, or - for standard input`,
      {
        cause: error,
      },
    );
  }
};

/** What is in the folder that a command is to write into; nothing where there is none yet. */
export const namesIn = async (dir: string): Promise<readonly string[]> => {
  try {
    return await readdir(dir);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new CordonError(
      `${printable(dir)} cannot be written into (${reasonOf(error)}): name a new folder`,
      { code: 2, cause: error },
    );
  }
};
