import { randomBytes } from 'node:crypto';

/** In a folder of evidence: `own-` and sixteen digits that no one can know before. */
const ownFolder = /^own-[0-9a-f]{16}\//;

/** What the keys of all such folders begin with. */
export const ownPrefix = 'own-';

/**
 * Another place for what Cordon stores, if other bytes already lie in its own place: keys are
 * create-only, so an intruder who is faster could otherwise keep evidence from being stored.
 */
export const ownPlace = (path: string): string =>
  `${ownPrefix}${randomBytes(8).toString('hex')}/${path}`;

/** The place that a path would have if nothing had taken it. */
export const usualPlace = (path: string): string => path.replace(ownFolder, '');
