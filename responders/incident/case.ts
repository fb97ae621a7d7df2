import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { UnknownIncidentError } from '../shared/errors.ts';
import {
  type Action,
  type ClockName,
  type Clocks,
  clockNames,
  type Decision,
  type IncidentState,
  type Suspect,
} from './incident.ts';

/**
 * The case table: one partition per incident, one per claim, one per held target, one per hour of
 * the breaker.
 */
export interface Table {
  readonly dynamo: DynamoDBClient;
  readonly name: string;
}

/** The incident as a whole; everything that has many of it is an item of its own. */
export interface Head {
  readonly id: string;
  readonly state: IncidentState;
  readonly drill: boolean;
  /**
   * Counts containments of this incident: after a release and new activity it is contained again.
   */
  readonly round: number;
  /**
   * The execution that opened it: its retry goes on where it broke off, a stranger's repeat does
   * not.
   */
  readonly execution: string;
  /**
   * Until when somebody may be changing what it holds, at the latest; in the past when nobody is.
   * Missing in what an older Cordon wrote.
   */
  readonly busyUntil?: number;
  readonly openedAt: string;
  readonly finding: {
    readonly id: string;
    readonly type: string;
    readonly severity: number;
    readonly title: string;
    readonly account: string;
    readonly region: string;
    readonly updatedAt: number;
    readonly revisions: number;
  };
  readonly suspect: Suspect | null;
  /**
   * The SHA-256, in base64, of the code that was there when Cordon decided: what is collected later
   * may be other code.
   */
  readonly code?: string | undefined;
  readonly decision: Decision;
  readonly clocks: Clocks;
  readonly release: { readonly at: number; readonly by: string; readonly reason: string } | null;
}

export interface BeforeRecord {
  readonly responder: string;
  readonly target: string;
  readonly before: unknown;
  /** Its place among what was applied. */
  readonly order: number;
  /**
   * When it was read: of several incidents that need one target contained, the earliest knows what
   * it really looked like.
   */
  readonly since: number;
}

export type StageStatus = 'ok' | 'failed' | 'skipped';

/** How a stage went, with whatever it wants to be remembered by. */
export interface Stage {
  readonly name: string;
  readonly status: StageStatus;
  readonly ms: number;
  readonly error?: string;
  readonly [more: string]: unknown;
}

export interface Mail {
  readonly kind: string;
  readonly subject: string;
  readonly at: number;
  readonly round: number;
}

/** All that the case table knows about one incident. */
export interface Case {
  readonly head: Head;
  /** Raw event texts, oldest first. */
  readonly findings: readonly { readonly updatedAt: number; readonly raw: string }[];
  readonly befores: readonly BeforeRecord[];
  readonly actions: readonly Action[];
  readonly stages: readonly Stage[];
  readonly mails: readonly Mail[];
}

/** A responder and a target, by their names. */
export type About = Pick<BeforeRecord, 'responder' | 'target'>;

const about =
  ({ responder, target }: About) =>
  (one: About): boolean =>
    one.responder === responder && one.target === target;

/** What a target looked like before, where that was saved. */
export const recordOf = ({ befores }: Case, one: About): BeforeRecord | undefined =>
  befores.find(about(one));

/** What is known to have happened to a target. */
export const actionOf = ({ actions }: Case, one: About): Action | undefined =>
  actions.find(about(one));

export const incidentKey = (id: string) => `INC#${id}`;

type Item = Readonly<Record<string, unknown>>;

/** Every item of a partition, oldest key first. */
export const partition = async ({ dynamo, name }: Table, pk: string): Promise<Item[]> => {
  const items = [];
  const query = {
    TableName: name,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: pk } },
    ConsistentRead: true,
  };
  for await (const page of paginateQuery({ client: dynamo }, query))
    items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
  return items;
};

/** Reads our own writing: case-table.ts is the only writer, so the shape is known. */
const own = <T>({ pk: _pk, sk: _sk, ...item }: Item): T => item as T;

/** One incident as a whole. */
export const readCase = async (table: Table, id: string): Promise<Case> => {
  const items = await partition(table, incidentKey(id));
  const of = (prefix: string) => items.filter(({ sk }) => String(sk).startsWith(prefix));
  const [head] = of('HEAD');
  if (!head) throw new UnknownIncidentError(id);
  return {
    head: own<Head>(head),
    findings: of('FINDING#').map(({ sk, raw }) => ({
      updatedAt: Number(String(sk).slice('FINDING#'.length)),
      raw: String(raw),
    })),
    befores: of('BEFORE#')
      .map((item) => ({
        ...own<BeforeRecord>(item),
        before: JSON.parse(String(item.before)) as unknown,
      }))
      .sort((one, other) => one.order - other.order),
    actions: of('ACTION#').map(own<Action>),
    stages: of('STAGE#').map(own<Stage>),
    mails: of('MAIL#').map(own<Mail>),
  };
};

export const noClocks = (): Clocks =>
  Object.fromEntries(clockNames.map((name): [ClockName, null] => [name, null])) as Record<
    ClockName,
    null
  >;
