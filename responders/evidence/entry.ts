import type { Head } from '../incident/case.ts';
import type { Gap } from '../incident/evidence.ts';
import { indexPrefix } from '../incident/incident-id.ts';
import { suspectNames, suspectsOf } from '../incident/suspect.ts';
import { isRecord, jsonIn } from '../shared/json.ts';
import { bytesOf, createBytes, folderOf, type Store } from './store.ts';
import { canonical } from './verify.mjs';

/**
 * One line of the index over the bucket's incidents. Keys are create-only, so an index page could
 * never be written again: each incident adds two small objects of its own, and the page is rendered
 * when somebody asks for it.
 */
export interface IndexEntry {
  readonly incident: string;
  readonly round: number;
  readonly folder: string;
  readonly openedAt: string;
  readonly type: string;
  readonly severity: string;
  readonly drill: boolean;
  readonly about: string;
  readonly state: string;
  readonly sealed: {
    readonly sequence: number;
    readonly sha256: string;
    readonly objects: number;
    readonly bytes: number;
    readonly gaps: number;
  } | null;
}

/** The incident of an index entry's key. */
export const incidentOfEntry = (key: string): string =>
  key.slice(key.lastIndexOf('/') + 1).replace(/-round-\d+\.\w+\.json$/, '');

/** `incidents/index/2026/11/21/inc-20261121-7f3k2m8q-round-1.opened.json` */
const keyOf = ({ id, round }: Pick<Head, 'id' | 'round'>, kind: 'opened' | 'sealed'): string =>
  `${indexPrefix(id)}round-${round}.${kind}.json`;

/** The state is another one at each try; everything else is the same. */
const withoutState = (line: Uint8Array): string => {
  const read = jsonIn(Buffer.from(line).toString());
  return isRecord(read) ? canonical({ ...read, state: '' }) : '';
};

/**
 * Adds an incident to the index, or says that it is sealed. Repeating it changes nothing. A line
 * that somebody else wrote stays, and is a gap: an index only helps to find.
 */
export const enter = async (
  to: Store,
  head: Head,
  sealed: IndexEntry['sealed'],
): Promise<Gap[]> => {
  const { id, round, finding } = head;
  const suspects = suspectsOf(head);
  const entry: IndexEntry = {
    incident: id,
    round,
    folder: folderOf(head),
    openedAt: head.openedAt,
    type: finding.type.slice(0, 200),
    severity: String(finding.severity),
    drill: head.drill,
    about:
      suspects.length > 0
        ? [...new Set(suspects.flatMap(suspectNames))].join(', ')
        : 'not confirmed',
    state: head.state,
    sealed,
  };
  const body = Buffer.from(canonical({ schema: 'cordon-index/1', ...entry }));
  const key = keyOf(head, sealed ? 'sealed' : 'opened');
  const made = await createBytes(to, { key, body, type: 'application/json' });
  if (made || withoutState(await bytesOf(to, key)) === withoutState(body)) return [];
  const why = 'another line lay there before, which Cordon did not write for this incident';
  return [{ kind: 'foreign', what: key, why }];
};
