import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { field } from './parse.ts';

/** A write of the engine that failed because a disk is full. */
export interface WriteFault {
  /** What the engine says about it. */
  readonly error: string;
  /** The mail that is therefore not in the inbox. */
  readonly mail: { readonly to: string; readonly subject: string; readonly text: string } | null;
}

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // cut off by the end of the engine
  }
};

/** Reads a line of the adapter; undefined if it is none. */
export const parseFault = (line: string): WriteFault | undefined => {
  const report = parsed(line);
  const error = field(report, 'error');
  if (typeof error !== 'string') return undefined;
  const mail = field(report, 'mail');
  const text = (key: string): string => String(field(mail, key) ?? '');
  return {
    error,
    mail:
      mail === undefined || mail === null
        ? null
        : { to: text('to'), subject: text('subject'), text: text('text') },
  };
};

/** Calls `listener` for each fault that the engine reports. */
export const listenToFaults = (pipe: Readable, listener: (fault: WriteFault) => void): void => {
  const lines = createInterface({ input: pipe, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    const fault = parseFault(line);
    if (fault) listener(fault);
  });
  lines.on('error', () => undefined); // the engine has ended
  pipe.on('error', () => undefined);
};

/** The mail as a person reads it who will not find it in the inbox. */
export const lostMailText = ({ to, subject, text }: NonNullable<WriteFault['mail']>): string =>
  [
    `a mail to ${to} is NOT in the inbox, because the disk is full: ${subject}`,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `  | ${line}`),
  ].join('\n');
