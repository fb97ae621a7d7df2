import { PORTS } from './run-dir.ts';

/**
 * The "bad ports" of the Fetch standard (https://fetch.spec.whatwg.org/#port-blocking), from 1024
 * on. `fetch` and browsers refuse them without a connection, so nothing on them can be reached.
 */
export const badPorts: readonly number[] = [
  ...[1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566],
  ...[6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080],
];

/** The bad port of the block that begins here, or undefined if there is none. */
export const badPortOf = (first: number): number | undefined =>
  badPorts.find((port) => port >= first && port < first + PORTS);

/** Where the next block begins that has no bad port. */
export const nextBlock = (first: number): number => {
  const next = first + PORTS;
  return badPortOf(next) === undefined ? next : nextBlock(next);
};
