import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One mail of the local inbox. */
export interface ReceivedMail {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly at: string;
  readonly body: string;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

const fromQuotedPrintable = (text: string): string =>
  text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );

/** `undefined` for an unknown charset, which a sender may have invented. */
const decoded = (bytes: Uint8Array, charset: string): string | undefined => {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return undefined;
  }
};

/**
 * Decodes the encoded words of RFC 2047, such as `=?utf-8?b?…?=`. White space between two encoded
 * words is not part of the text.
 */
export const decodeHeader = (value: string): string =>
  value
    .replaceAll(/(\?=)\s+(?==\?)/g, '$1')
    .replaceAll(
      /=\?([\w-]+)\?([bq])\?([^?]*)\?=/gi,
      (word: string, charset: string, encoding: string, text: string) => {
        const bytes =
          encoding.toLowerCase() === 'b'
            ? Buffer.from(text, 'base64')
            : bytesOf(fromQuotedPrintable(text.replaceAll('_', ' ')));
        return decoded(bytes, charset) ?? word;
      },
    );

const decodeBody = (body: string, encoding: string): string => {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  const raw = encoding === 'quoted-printable' ? fromQuotedPrintable(body) : body;
  return new TextDecoder().decode(bytesOf(raw));
};

/** Reads an RFC 5322 message with one part. Unfolds headers and decodes encoded words. */
export const parseMail = (file: string, raw: Buffer): ReceivedMail => {
  const [head = '', ...rest] = raw.toString('latin1').split(/\r?\n\r?\n/);
  const headers = new Map(
    head
      .replaceAll(/\r?\n[ \t]+/g, ' ')
      .split(/\r?\n/)
      .map((line): [string, string] => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
  );
  const header = (name: string): string => decodeHeader(headers.get(name) ?? '');
  const sent = Date.parse(header('date'));
  const body = decodeBody(
    rest.join('\n\n'),
    header('content-transfer-encoding').toLowerCase(),
  ).replaceAll('\r\n', '\n');
  return {
    file,
    from: header('from'),
    to: header('to'),
    subject: header('subject'),
    at: Number.isNaN(sent) ? '' : new Date(sent).toISOString(),
    body,
  };
};

/** The mails that the security team has received in this run, oldest first. */
export const readInbox = (runDir: string): readonly ReceivedMail[] => {
  const folder = join(runDir, 'inbox');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.eml'));
  return files.sort().map((name) => parseMail(name, readFileSync(join(folder, name))));
};
