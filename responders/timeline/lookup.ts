import type {
  CloudTrailClient,
  LookupAttribute,
  LookupAttributeKey,
} from '@aws-sdk/client-cloudtrail';
import { historyPages } from '../shared/event-history.ts';
import { jsonIn } from '../shared/json.ts';
import { type Call, callOf } from './call.ts';
import { type Circle, widen } from './circle.ts';
import { readBeginning } from './earliest.ts';
import type { AskedQuestion } from './timeline.ts';

export interface History {
  readonly cloudtrail: CloudTrailClient;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly from: string;
  readonly to: string;
}

interface RegionalHistory extends Omit<History, 'cloudtrail'> {
  readonly cloudtrail: (region: string) => CloudTrailClient;
}

export interface HistoryCalls {
  readonly calls: readonly Call[];
  readonly circle: Circle;
  readonly asked: readonly AskedQuestion[];
}

/** AWS allows two requests a second for an account and region. */
const pauseMs = 500;
const mostPages = 20;
/**
 * Each costs half a second of the time to the first report; the second pass asks about all of them.
 */
const mostFollowed = 6;
/**
 * Of Cordon's own functions, which in a flood make thousands of calls about other incidents. What
 * they did about this one stands in the case table too, and the second pass reads all of it.
 */
const mostOwnPages = 2;

/** Names of sessions and users: whose calls are read. */
export interface NamedCallers {
  readonly suspects: readonly string[];
  /** Of Cordon's own functions. */
  readonly own: readonly string[];
}

const callsIn = (records: readonly string[]): readonly Call[] =>
  records.flatMap((record) => callOf(jsonIn(record)) ?? []);

type Completeness = Pick<AskedQuestion, 'state' | 'why'>;

const readNewest = async (
  attribute: LookupAttribute,
  pages: number,
  { cloudtrail, sleep, from, to }: History,
) => {
  const reader = { cloudtrail, pause: () => sleep(pauseMs) };
  const query = { attribute, from: new Date(from), to: new Date(to) };
  const calls: Call[] = [];
  let isComplete = true;
  for await (const { records, isLast } of historyPages(query, { ...reader, mostPages: pages })) {
    calls.push(...callsIn(records));
    isComplete = isLast;
  }
  const [since = to] = calls.map(({ at }) => at).toSorted();
  return { calls, isComplete, since, query, reader };
};

type ReadEnds = (
  attribute: LookupAttribute,
  history: History,
) => Promise<{ readonly calls: readonly Call[] } & Completeness>;

/** The newest calls; where they are too many, also the oldest, so that no flood hides a theft. */
const readBothEnds: ReadEnds = async (attribute, history) => {
  const {
    calls: newest,
    isComplete,
    since,
    ...asked
  } = await readNewest(attribute, mostPages, history);
  if (isComplete) return { calls: newest, state: 'complete' };
  const { query, reader } = asked;
  const beginning = await readBeginning({ ...query, to: new Date(since) }, reader);
  const until = beginning.until.toISOString().slice(0, 19);
  return {
    calls: [...newest, ...callsIn(beginning.records)],
    state: 'cut off',
    why: `too many events: between ${until}Z and ${since} some are left out`,
  };
};

/** The newest calls of one of Cordon's own functions. */
const readOwn: ReadEnds = async (attribute, history) => {
  const { calls, isComplete, since } = await readNewest(attribute, mostOwnPages, history);
  if (isComplete) return { calls, state: 'complete' };
  const why = `only the newest calls were read: those before ${since} are left out`;
  return { calls, state: 'cut off', why };
};

const lookUp = async (
  key: LookupAttributeKey,
  value: string,
  read: ReadEnds,
  history: History,
): Promise<{ calls: readonly Call[]; asked: AskedQuestion }> => {
  const began = Date.now();
  const { calls, ...state } = await read({ AttributeKey: key, AttributeValue: value }, history);
  return {
    calls,
    asked: {
      id: `${key} ${value}`,
      source: 'LookupEvents',
      ...state,
      rows: calls.length,
      bytes: 0,
      ms: Date.now() - began,
    },
  };
};

/**
 * Pass 1: CloudTrail's event history, which is there without a trail and a little earlier than its
 * files. Management events of one region only. A lookup finds sessions by name, so strangers of
 * the same name come along and are left out later.
 */
export const lookUpAll = async (
  start: Circle,
  { suspects, own }: NamedCallers,
  history: History,
): Promise<HistoryCalls> => {
  const [calls, asked]: [Call[], AskedQuestion[]] = [[], []];
  const add = async (
    key: LookupAttributeKey,
    value: string,
    read: ReadEnds = readBothEnds,
  ): Promise<void> => {
    if (asked.length > 0) await history.sleep(pauseMs);
    const lookup = await lookUp(key, value, read, history);
    calls.push(...lookup.calls);
    asked.push(lookup.asked);
  };
  for (const session of suspects) await add('Username', session);
  for (const session of own) await add('Username', session, readOwn);
  let circle = widen(start, calls);
  const done = new Set<string>();
  const unasked = (): readonly string[] => [...circle.wanted.keys].filter((key) => !done.has(key));
  for (let [key] = unasked(); key !== undefined && done.size < mostFollowed; [key] = unasked()) {
    done.add(key);
    await add('AccessKeyId', key);
    circle = widen(circle, calls);
  }
  const left = unasked().length;
  const why = `${left} more access keys were found, and their calls were not read`;
  if (left > 0)
    asked.push({
      id: 'further access keys',
      source: 'LookupEvents',
      state: 'cut off',
      why,
      rows: 0,
      bytes: 0,
      ms: 0,
    });
  return { calls, circle, asked };
};

const inRegion = (question: AskedQuestion, region: string): AskedQuestion => ({
  ...question,
  id: `${question.id} in ${region}`,
});

/** The same of several regions; each knows whom the ones before it have led to. */
export const lookUpRegions = async (
  start: Circle,
  callers: NamedCallers,
  regions: readonly string[],
  { cloudtrail, ...rest }: RegionalHistory,
): Promise<HistoryCalls> => {
  let together: HistoryCalls = { calls: [], circle: start, asked: [] };
  for (const region of regions) {
    const history = { ...rest, cloudtrail: cloudtrail(region) };
    const { calls, circle, asked } = await lookUpAll(together.circle, callers, history);
    const named =
      regions.length === 1 ? asked : asked.map((question) => inRegion(question, region));
    together = {
      calls: [...together.calls, ...calls],
      circle,
      asked: [...together.asked, ...named],
    };
  }
  return together;
};
