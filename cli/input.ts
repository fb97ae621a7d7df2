import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CordonError } from '../operator/errors.ts';
import { errorMessage } from '../responders/shared/errors.ts';
import { printable } from '../responders/shared/printable.ts';

const reasonOf = (error: unknown): string => printable(errorMessage(error));

/** The text of a file, or of the standard input for `-`. */
export const textOf = async (file: string): Promise<string> => {
  try {
    return file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8');
  } catch (error) {
    throw new CordonError(
      `${printable(file)} cannot be read (${reasonOf(error)}): ` +
        'name another file, or - for standard input',
      { cause: error },
    );
  }
};

/** The names in the folder that a command will write into; none if it does not exist yet. */
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
