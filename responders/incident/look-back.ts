import type { Head } from './case.ts';

const day = 86_400_000;

/**
 * How long before the first sign of an incident its records may begin, in ms. A theft is older than
 * its discovery, so a real incident looks a day further back. A drill begins with its own finding:
 * older calls of the same function belong to daily work, or to an earlier drill.
 */
export const lookBackOf = ({ drill }: Pick<Head, 'drill'>): number => (drill ? 0 : day);
