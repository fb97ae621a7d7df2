import { createHash } from 'node:crypto';

// The tree of RFC 6962: leaves and nodes are hashed with different beginnings, so that no node can
// pass for an event.
const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);

const hashOf = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** The hash of one event, of its canonical JSON. */
export const leafOf = (canonicalEvent: string): string =>
  hashOf(leafPrefix, Buffer.from(canonicalEvent)).toString('hex');

const nodeOf = (left: string, right: string): string =>
  hashOf(nodePrefix, Buffer.from(left, 'hex'), Buffer.from(right, 'hex')).toString('hex');

/** The largest power of two below the count: how many leaves lie in the left half. */
const splitOf = (count: number): number => 2 ** Math.floor(Math.log2(count - 1));

/** The hash over all leaves in their order. */
export const rootOf = (leaves: readonly string[]): string => {
  const [only] = leaves;
  if (leaves.length === 0) return hashOf().toString('hex');
  if (leaves.length === 1 && only !== undefined) return only;
  const split = splitOf(leaves.length);
  return nodeOf(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
};

/** The hashes that lead from one leaf to the root, from the bottom up. */
export const pathOf = (leaves: readonly string[], index: number): readonly string[] => {
  if (!(index >= 0 && index < leaves.length)) throw new Error(`there is no leaf ${index}`);
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...pathOf(left, index), rootOf(right)]
    : [...pathOf(right, index - split), rootOf(left)];
};
