/**
 * What the rules look at. Texts hold one byte in each character, as AWS WAF compares bytes:
 * `%C3%A9` decodes to two of them.
 */
export interface Inspected {
  /** Of the client, without a port. */
  readonly address: string;
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The first part of the body; `oversize` where there is more. */
  readonly body: string;
  readonly oversize: boolean;
}

/** Bytes as a text of bytes, and a text of bytes as people read it. */
export const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
export const readable = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

/** A rule says something that this edge does not understand, so it judges nothing by it. */
export class CannotJudge extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'CannotJudge';
  }
}
