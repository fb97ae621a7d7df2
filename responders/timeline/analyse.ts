import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { Case } from '../incident/case.ts';
import { regionOf, type TimedSuspect } from '../incident/suspect.ts';
import { errorText } from '../shared/errors.ts';
import { printable } from '../shared/printable.ts';
import type { Athena } from './athena.ts';
import { historyBlind, trailBlind } from './blind.ts';
import { bounds, type TrailTable } from './bounds.ts';
import { buildTimeline, horizonOf } from './build.ts';
import { alone, type Circle } from './circle.ts';
import { notCounted } from './counted-calls.ts';
import { type HistoryCalls, lookUpRegions } from './lookup.ts';
import { momentsOf } from './phases.ts';
import { search } from './search.ts';
import type { AskedQuestion, Timeline } from './timeline.ts';
import { callerArn, callerName } from './who.ts';
import { scopeOf, windowOf } from './window.ts';

/** Where to look, as the deployment made it. */
export interface TrailSettings {
  readonly partition: string;
  readonly region: string;
  readonly table: TrailTable;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** Cordon's functions and their roles: whose calls are Cordon's. */
  readonly own: Readonly<Record<string, string>>;
}

export interface Analysing {
  readonly place: TrailSettings;
  /** CloudTrail’s event history in a region. */
  readonly cloudtrail: (region: string) => CloudTrailClient;
  readonly athena: Athena;
}

export interface Occasion {
  /** End of the window. A later look at the same queries names the same moment. */
  readonly now: number;
  /** Counts queries that failed: the next one is asked anew. */
  readonly attempt: number;
  readonly deadline: number;
}

const circleOf = (
  { head }: Case,
  suspects: readonly TimedSuspect[],
  { partition, own, ...place }: TrailSettings,
): Circle => {
  const { account } = head.finding;
  return alone({
    suspects: suspects.map((suspect) => ({
      session: callerArn(partition, account, suspect),
      role: suspect.kind === 'user' ? null : suspect.roleName,
      region: regionOf(suspect, place.region),
    })),
    account,
    own: new Set(Object.values(own)),
  });
};

/**
 * The regions whose event history is read: of the deployment, of the functions, and of the finding,
 * which is where the calls were made.
 */
const historyRegions = (
  { head }: Case,
  suspects: readonly TimedSuspect[],
  { region }: TrailSettings,
): readonly string[] => [
  ...new Set([
    region,
    ...suspects.map((suspect) => regionOf(suspect, region)),
    head.finding.region,
  ]),
];

const namesOf = (suspects: readonly TimedSuspect[]): readonly string[] => [
  ...new Set(suspects.map(callerName)),
];

/** Pass 1: at once, from CloudTrail's event history. */
export const firstPass = async (
  incident: Case,
  suspects: readonly TimedSuspect[],
  { place, cloudtrail, athena }: Analysing,
): Promise<Timeline> => {
  const window = windowOf(incident, athena.now());
  const start = circleOf(incident, suspects, place);
  const callers = { suspects: namesOf(suspects), own: Object.keys(place.own) };
  const regions = historyRegions(incident, suspects, place);
  const { calls, circle, asked } = await lookUpRegions(start, callers, regions, {
    cloudtrail,
    sleep: athena.sleep,
    ...window,
  });
  return buildTimeline({
    incident: incident.head.id,
    pass: 1,
    window,
    calls,
    circle,
    asked,
    horizon: horizonOf(calls),
    blindSpots: historyBlind(circle, asked, regions),
    ...scopeOf(incident, suspects, place),
  });
};

/**
 * The event history, read a second time: it may hold calls that the trail's files do not hold yet.
 * It is optional, so a failure becomes a failed question of the second pass.
 */
const history = async (
  circle: Circle,
  suspects: readonly string[],
  { regions, ...window }: Timeline['window'] & { readonly regions: readonly string[] },
  from: Analysing,
): Promise<HistoryCalls> => {
  try {
    return await lookUpRegions(circle, { suspects, own: [] }, regions, {
      cloudtrail: from.cloudtrail,
      sleep: from.athena.sleep,
      ...window,
    });
  } catch (error) {
    const why = printable(errorText(error), 200);
    const failed: AskedQuestion = {
      id: 'event history',
      source: 'LookupEvents',
      state: 'failed',
      why,
      rows: 0,
      bytes: 0,
      ms: 0,
    };
    return { calls: [], circle, asked: [failed] };
  }
};

/**
 * Pass 2: from the trail's files, merged with the event history. `unanswered`: what is pending or
 * failed, and worth another look.
 */
export const secondPass = async (
  incident: Case,
  suspects: readonly TimedSuspect[],
  { now, attempt, deadline }: Occasion,
  from: Analysing,
): Promise<{ readonly unanswered: readonly AskedQuestion[]; finish(): Promise<Timeline> }> => {
  const { place, athena } = from;
  const { accounts, regions, table } = place;
  const window = windowOf(incident, now);
  const occasion = `${incident.head.id} round ${incident.head.round} attempt ${attempt}`;
  const at = bounds({ accounts, regions, ...window });
  const scope = scopeOf(incident, suspects, place);
  const searched = await search(circleOf(incident, suspects, place), {
    athena,
    table,
    at,
    about: scope.about,
    occasion,
    deadline,
    moments: momentsOf(scope.turns),
  });
  return {
    unanswered: searched.asked.filter(({ state }) => state === 'pending' || state === 'failed'),
    finish: async () => {
      const where = { ...window, regions: historyRegions(incident, suspects, place) };
      const looked = await history(searched.circle, namesOf(suspects), where, from);
      const [calls, asked] = [
        [...searched.calls, ...notCounted(looked.calls, searched.calls)],
        [...searched.asked, ...looked.asked],
      ];
      return buildTimeline({
        incident: incident.head.id,
        pass: 2,
        window,
        calls,
        circle: looked.circle,
        asked,
        horizon: horizonOf(
          searched.calls,
          searched.coverage.map(({ latest }) => latest),
        ),
        blindSpots: trailBlind(looked.circle, asked, searched.coverage, { regions, accounts }),
        ...scope,
      });
    },
  };
};
