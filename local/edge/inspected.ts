/**
 * The parts of a request that rules inspect. Texts hold one byte in each character, because AWS WAF
 * compares bytes: `%C3%A9` decodes to two characters.
 */
export interface Inspected {
  /** The IP address of the client, without a port. */
  readonly address: string;
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The beginning of the body; `oversize` says that the body is longer. */
  readonly body: string;
  readonly oversize: boolean;
}

/** UTF-8 bytes of a text, one in each character. */
export const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
/** The text that such bytes encode. */
export const readable = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

/** A rule uses something that this edge does not implement. The rule is reported and ignored. */
export class CannotJudge extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'CannotJudge';
  }
}
