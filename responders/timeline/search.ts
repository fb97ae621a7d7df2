import { type Athena, type AthenaRow, ask, type QueryAnswer } from './athena.ts';
import type { Bounds, TrailTable } from './bounds.ts';
import type { Call } from './call.ts';
import { type Circle, widen } from './circle.ts';
import { countedOfRow } from './counted-calls.ts';
import { countedCallsOf, mostLines } from './counted-sql.ts';
import { callOfRow } from './rows.ts';
import { type Callers, callsOf, coverageOf, mostRows, type Statement } from './sql.ts';
import type { AskedQuestion } from './timeline.ts';
import { sessionsIn } from './who.ts';

export interface Search {
  readonly athena: Athena;
  readonly table: TrailTable;
  readonly at: Bounds;
  /** Names that the incident is about. */
  readonly about: ReadonlySet<string>;
  /** Part of the token of every query: another occasion is another query. */
  readonly occasion: string;
  readonly deadline: number;
  /** Times that a count of calls must not span. */
  readonly moments: readonly string[];
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

/** What is left out of an answer that has more rows than are read. */
interface Limit {
  readonly rows: number;
  readonly why: string;
}

const callLimit: Limit = {
  rows: mostRows,
  why: `more than ${mostRows} calls: the latest of the most frequent are left out`,
};
const lineLimit: Limit = {
  rows: mostLines,
  why: `failed calls of more than ${mostLines} kinds: the latest kinds are left out`,
};

const noted = (id: string, answer: QueryAnswer, limit = callLimit): AskedQuestion => {
  const { bytes, ms } = answer;
  if (answer.state !== 'complete')
    return { id, source: 'Athena', state: answer.state, why: answer.why, rows: 0, bytes, ms };
  const cut = answer.rows.length > limit.rows;
  return {
    id,
    source: 'Athena',
    state: cut ? 'cut off' : 'complete',
    ...(cut && { why: limit.why }),
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
  { athena, table, at, about, occasion, deadline, moments }: Search,
): Promise<Searched> => {
  const put = (statement: Statement): Promise<QueryAnswer> =>
    ask(statement, { occasion, deadline }, athena);
  // Asked first: what is delivered while the rounds run must not be promised by a horizon that they
  // did not see.
  const coverage = await put(coverageOf(at, table));
  const [asked, calls]: [AskedQuestion[], Call[]] = [[], []];
  let circle = start;
  let callers: Callers = {
    sessions: [...sessionsIn(start.wanted), ...start.wanted.principals],
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
  const everybody = {
    sessions: [...sessionsIn(circle.wanted), ...circle.wanted.principals],
    keys: [...circle.wanted.keys],
    own: [],
    about: [],
  };
  const counted = await put(countedCallsOf(everybody, moments, at, table));
  return {
    calls: [...calls, ...rowsIn(counted).flatMap((row) => countedOfRow(row) ?? [])],
    circle,
    asked: [
      ...asked,
      noted('failed calls, counted', counted, lineLimit),
      ...unasked(callers),
      noted('how far the trail has come', coverage),
    ],
    coverage: rowsIn(coverage).map(({ awsregion = '', kind = '', latest = '' }) => ({
      region: awsregion,
      kind,
      latest,
    })),
  };
};
