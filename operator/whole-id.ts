import { isIncidentId } from '../responders/incident/incident-id.ts';
import { CordonError } from './errors.ts';

/** Lists some candidates of an ambiguous beginning. */
const shownCandidates = 5;

/** What the beginning of an id is looked for in. */
interface KnownIds {
  readonly ids: () => Promise<readonly string[]>;
  /** The error for a beginning that none of them has. */
  readonly unknown: () => CordonError;
}

/** The parts of an id whose beginning may be given: with or without `inc-` and the day. */
const partsOf = (id: string): readonly string[] => [
  id,
  id.slice('inc-'.length),
  id.slice('inc-20261121-'.length),
];

/**
 * The whole id for the beginning of one. Throws the candidates where several incidents begin like
 * that. What cannot be a beginning is returned as it is, for the reader of ids to refuse.
 */
export const wholeId = async (given: string, { ids, unknown }: KnownIds): Promise<string> => {
  if (isIncidentId(given) || !/^[0-9a-z-]{2,21}$/.test(given)) return given;
  const candidates = (await ids()).filter((id) =>
    partsOf(id).some((part) => part.startsWith(given)),
  );
  const [candidate] = candidates;
  if (candidate === undefined) throw unknown();
  if (candidates.length === 1) return candidate;
  const more = candidates.length - shownCandidates;
  throw new CordonError(
    `${given} is the beginning of ${candidates.length} incidents: ` +
      `${candidates.slice(0, shownCandidates).join(', ')}` +
      `${more > 0 ? ` and ${more} more` : ''}; give more of the id`,
    { code: 2 },
  );
};
