/** A hash that takes its bytes piece by piece. */
export interface StreamHash {
  update(bytes: Uint8Array): void;
  hex(): string;
}
export type NewHash = () => StreamHash;
