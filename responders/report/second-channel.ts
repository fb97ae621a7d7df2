import { errorText } from '../shared/errors.ts';
import { printable } from '../shared/printable.ts';
import type { QueuedNotice } from './digest.ts';
import type { Letter } from './mail.ts';

/** Tells the notices of a mail beside it. */
export type TellBeside = (notices: readonly QueuedNotice[]) => Promise<void>;

/**
 * Tells the second channel, before the mail goes: its queue is not encrypted with the key of the
 * topic, so it works where that key was disabled. A failure is told in the mail, and keeps nobody
 * from sending it.
 */
export const toldBeside = async (
  tellBeside: TellBeside | undefined,
  taken: readonly QueuedNotice[],
  letter: Letter,
): Promise<Letter> => {
  if (!tellBeside) return letter;
  try {
    await tellBeside(taken);
    return letter;
  } catch (error) {
    const why = printable(errorText(error), 300);
    return { ...letter, body: `${letter.body}\nThe webhook was NOT told of this mail: ${why}\n` };
  }
};
