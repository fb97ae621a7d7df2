import { type Athena, type AthenaRow, ask, type QueryAnswer } from './athena.ts';
import type { Call } from './call.ts';
import { type Circle, widen } from './circle.ts';
import { callOfRow } from './rows.ts';
import {
  type Bounds,
  type Callers,
  callsOf,
  coverageOf,
  mostRows,
  type Statement,
  type TrailTable,
} from './sql.ts';
import type { AskedQuestion } from './timeline.ts';

export interface Search {
  readonly athena: Athena;
  readonly table: TrailTable;
  readonly at: Bounds;
  /** Names that the incident is about. */
  readonly about: ReadonlySet<string>;
  /** Part of the token of every query: another occasion is another query. */
  readonly occasion: string;
  readonly deadline: number;
}

export interface Searched {
  readonly calls: readonly Call[];
  readonly circle: Circle;
  readonly asked: readonly AskedQuestion[];
  /** What the trail holds, by region and kind; empty when it could not be asked. */
  readonly coverage: readonly {
    readonly region: string;
    readonly kind: string;
    readonly latest: string;
  }[];
}

const noted = (id: string, answer: QueryAnswer): AskedQuestion => {
  const { bytes, ms } = answer;
  if (answer.state !== 'complete')
    return { id, source: 'Athena', state: answer.state, why: answer.why, rows: 0, bytes, ms };
  const cut = answer.rows.length > mostRows;
  const why = { why: `more than ${mostRows} calls: the oldest are left out` };
  return {
    id,
    source: 'Athena',
    state: cut ? 'cut off' : 'complete',
    ...(cut && why),
    rows: answer.rows.length,
    bytes,
    ms,
  };
};

/**
 * Who was found in the last round: their calls are nowhere in the timeline, which must not look as
 * if they had made none.
 */
const unasked = ({ sessions, keys }: Pick<Callers, 'sessions' | 'keys'>): AskedQuestion[] => {
  const left = sessions.length + keys.length;
  const why = `${left} more sessions, users or keys were found, and their calls were not read`;
  return left === 0
    ? []
    : [
        {
          id: 'further roles, users and keys',
          source: 'Athena',
          state: 'cut off',
          why,
          rows: 0,
          bytes: 0,
          ms: 0,
        },
      ];
};

const rowsIn = (answer: QueryAnswer): readonly AthenaRow[] =>
  answer.state === 'complete' ? answer.rows : [];
const callsIn = (answer: QueryAnswer): Call[] =>
  rowsIn(answer).flatMap((row) => callOfRow(row) ?? []);

/**
 * Hops are followed once and what is made is followed from there: the suspect, whom it led to, whom
 * those made.
 */
const rounds = [
  'the session',
  'roles, users and keys that it used or made',
  'what those made',
] as const;

/**
 * Pass 2: the trail's files, one round after the other, because each round says whom to ask about
 * in the next.
 */
export const search = async (
  start: Circle,
  { athena, table, at, about, occasion, deadline }: Search,
): Promise<Searched> => {
  const put = (statement: Statement): Promise<QueryAnswer> =>
    ask(statement, { occasion, deadline }, athena);
  // Asked first: what is delivered while the rounds run must not be promised by a horizon that they
  // did not see.
  const coverage = await put(coverageOf(at, table));
  const [asked, calls]: [AskedQuestion[], Call[]] = [[], []];
  let circle = start;
  let callers: Callers = {
    sessions: [start.wanted.session, ...start.wanted.principals],
    keys: [...start.wanted.keys],
    own: [...start.wanted.own],
    about: [...about],
  };
  for (const round of rounds) {
    const answer = await put(callsOf(callers, at, table));
    asked.push(noted(round, answer));
    calls.push(...callsIn(answer));
    const before = circle;
    circle = widen(circle, calls);
    const fresh = (now: ReadonlySet<string>, then: ReadonlySet<string>) =>
      [...now].filter((caller) => !then.has(caller));
    callers = {
      sessions: fresh(circle.wanted.principals, before.wanted.principals),
      keys: fresh(circle.wanted.keys, before.wanted.keys),
      own: [],
      about: [],
    };
    if (answer.state !== 'complete' || callers.sessions.length + callers.keys.length === 0) break;
  }
  return {
    calls,
    circle,
    asked: [...asked, ...unasked(callers), noted('how far the trail has come', coverage)],
    coverage: rowsIn(coverage).map(({ awsregion = '', kind = '', latest = '' }) => ({
      region: awsregion,
      kind,
      latest,
    })),
  };
};
