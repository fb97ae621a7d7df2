import { QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { cursorOf, positionIn } from '../../protected-app/shared/cursor.ts';
import { type IncidentState, incidentStates } from '../../responders/incident/incident.ts';
import { stateIndex } from '../../responders/incident/keys.ts';
import { hasPassed, type KeptScore, keptScore } from '../../responders/incident/score.ts';
import type { Table } from '../../responders/incident/table.ts';
import { at, isRecord, numberAt, textAt } from '../../responders/shared/json.ts';
import { printable } from '../../responders/shared/printable.ts';
import type { Mask } from '../../responders/shared/redact.ts';

/** What a list says of an incident. */
export interface ShownIncident {
  readonly id: string;
  readonly state: string;
  readonly drill: boolean;
  readonly openedAt: string;
  readonly type: string;
  readonly severity: number;
  readonly title: string;
  /** Whom it is about, by name; null where nobody was confirmed. */
  readonly about: string | null;
  readonly decision: string;
  /** Until when an open question waits, in epoch ms. */
  readonly endsAt: number | null;
  /** How a drill went; null for what is none, and until it has ended. */
  readonly score: ShownScore | null;
}

interface ShownScore extends Omit<KeptScore, 'incidentId'> {
  readonly passed: boolean;
}

/** Names of scenarios and checks are Cordon's own words: NotifyLambda takes no others. */
const scoreIn = (head: Readonly<Record<string, unknown>>): ShownScore | null => {
  const score = head.drill === true ? keptScore(head.score) : undefined;
  if (score === undefined) return null;
  const { incidentId: _own, ...shown } = score;
  return { ...shown, passed: hasPassed(score) };
};

const nameOf = (suspect: unknown): string | null => {
  if (!isRecord(suspect)) return null;
  const names = ['functionName', 'userName', 'roleName'].map((field) => textAt(suspect, field));
  return names.find((name) => name !== null) ?? null;
};

/** Titles, types and names are written by an attacker: masked, shortened, and in one line. */
const listed = (head: Readonly<Record<string, unknown>>, mask: Mask): ShownIncident => {
  const shown = (text: string | null, most = 200): string => printable(mask(text ?? ''), most);
  const about = nameOf(head.suspect);
  return {
    id: textAt(head, 'id') ?? '',
    state: textAt(head, 'state') ?? '',
    drill: at(head, 'drill') === true,
    openedAt: textAt(head, 'openedAt') ?? '',
    type: shown(textAt(head, 'finding.type'), 100),
    severity: numberAt(head, 'finding.severity') ?? 0,
    title: shown(textAt(head, 'finding.title')),
    about: about === null ? null : shown(about, 140),
    decision: shown(textAt(head, 'decision.reason'), 400),
    endsAt: numberAt(head, 'timeLimit.endsAt'),
    score: scoreIn(head),
  };
};

/** Which incidents are listed. */
export interface IncidentFilter {
  readonly states?: readonly IncidentState[];
  readonly drills: 'hide' | 'show' | 'only';
  readonly type?: string | undefined;
}

interface IncidentPosition {
  readonly openedAt: string;
  readonly id: string;
}

const position = z.tuple([z.string().max(40), z.string().max(40)]);

const isWanted =
  ({ drills, type }: IncidentFilter) =>
  (incident: ShownIncident): boolean =>
    (drills === 'show' || incident.drill === (drills === 'only')) &&
    (type === undefined || incident.type.startsWith(type.replace(/\*$/, '')));

const isAfter = (incident: ShownIncident, { openedAt, id }: IncidentPosition): boolean =>
  incident.openedAt < openedAt || (incident.openedAt === openedAt && incident.id < id);

const newestFirst = (left: IncidentPosition, right: IncidentPosition): number =>
  right.openedAt.localeCompare(left.openedAt) || right.id.localeCompare(left.id);

interface ListDeps {
  readonly table: Table;
  readonly mask: Mask;
}

interface Wanted {
  readonly filter: IncidentFilter;
  readonly from: IncidentPosition | undefined;
  readonly limit: number;
}

/** How many pages of one state are read for one page of the list. */
const mostReads = 8;

/** What was read of one state. */
interface StateList {
  readonly incidents: readonly ShownIncident[];
  /** Where reading stopped before the end; nothing behind it is known. */
  readonly stoppedAt: IncidentPosition | undefined;
}

/** Incidents of one state after a position; one more than wanted shows that there are more. */
const ofState = async (
  state: IncidentState,
  { filter, from, limit }: Wanted,
  { table: { dynamo, name }, mask }: ListDeps,
): Promise<StateList> => {
  const incidents: ShownIncident[] = [];
  let last: ShownIncident | undefined;
  let start: QueryCommandOutput['LastEvaluatedKey'];
  for (let reads = 0; reads < mostReads; reads += 1) {
    const page: QueryCommandOutput = await dynamo.send(
      new QueryCommand({
        TableName: name,
        IndexName: stateIndex,
        KeyConditionExpression: `#state = :state${from ? ' AND openedAt <= :from' : ''}`,
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':state': { S: state },
          ...(from && { ':from': { S: from.openedAt } }),
        },
        ScanIndexForward: false,
        Limit: Math.max(limit + 1, 50),
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    const read = (page.Items ?? []).map((item) => listed(unmarshall(item), mask));
    last = read.at(-1) ?? last;
    incidents.push(
      ...read.filter((incident) => !from || isAfter(incident, from)).filter(isWanted(filter)),
    );
    start = page.LastEvaluatedKey;
    if (!start || incidents.length > limit) break;
  }
  return { incidents, stoppedAt: start && last && { openedAt: last.openedAt, id: last.id } };
};

export interface IncidentPage {
  readonly items: readonly ShownIncident[];
  readonly cursor: string | null;
}

/** A page of incidents, the newest first. */
export const incidentPage = async (
  filter: IncidentFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  deps: ListDeps,
): Promise<IncidentPage> => {
  const [openedAt = '', id = ''] = cursor === undefined ? [] : positionIn(position, cursor);
  const from = cursor === undefined ? undefined : { openedAt, id };
  const read = await Promise.all(
    (filter.states ?? incidentStates).map((state) => ofState(state, { filter, from, limit }, deps)),
  );
  // An incident may change its state between two questions.
  const byId = new Map(
    read.flatMap(({ incidents }) => incidents).map((incident) => [incident.id, incident]),
  );
  // Behind the newest place where a state was not read on, another one may come first.
  const [stoppedAt] = read.flatMap(({ stoppedAt: stop }) => stop ?? []).sort(newestFirst);
  const sorted = [...byId.values()]
    .filter((incident) => !stoppedAt || newestFirst(incident, stoppedAt) <= 0)
    .sort(newestFirst);
  const items = sorted.slice(0, limit);
  const end = sorted.length > limit ? items.at(-1) : stoppedAt;
  return { items, cursor: end ? cursorOf([end.openedAt, end.id]) : null };
};
