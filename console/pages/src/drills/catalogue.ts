import { shallowRef } from 'vue';
import type { Drills } from '../api/calls.ts';
import known from '../drills.json' with { type: 'json' };

export type DrillRun = Drills['items'][number];

export interface DrillStory {
  readonly id: string;
  readonly title: string;
  readonly story: string;
  readonly steps: readonly string[];
  readonly techniques: readonly { readonly id: string; readonly name: string }[];
}

type KnownStory = Omit<DrillStory, 'id'>;
const stories = new Map<string, KnownStory>(Object.entries(known.scenarios));

export const attackVersion = known.attack;

/**
 * The ids of the scenarios, as the API has last said: its list of runs has them on every page, and
 * is kept while somebody looks at another page.
 */
export const knownScenarios = shallowRef<readonly string[]>([...stories.keys()]);

/** What a drill is called and does; an older deployment may know others than these pages. */
export const storyOf = (id: string): DrillStory => ({
  id,
  ...(stories.get(id) ?? { title: id, story: '', steps: [], techniques: [] }),
});

/** The function that the heartbeat has contained and released: nobody rehearses with it. */
const heartbeatCanary = 'canary-heartbeat';

export const isHeartbeat = ({ about }: DrillRun): boolean => about === heartbeatCanary;

/** The latest run of a scenario that has a score; the runs stand newest first. */
export const lastRunOf = (id: string, runs: readonly DrillRun[]): DrillRun | undefined =>
  runs.find(({ score }) => score?.scenario === id);

export interface Rehearsed {
  readonly id: string;
  readonly name: string;
  /** The latest scored run that rehearses it. */
  readonly run: DrillRun | undefined;
}

/** Each technique of the scenarios, with the latest run in which an attack used it. */
export const techniquesRehearsed = (
  scenarios: readonly string[],
  runs: readonly DrillRun[],
): readonly Rehearsed[] => {
  const byId = new Map<string, Rehearsed>();
  for (const scenario of scenarios) {
    const run = lastRunOf(scenario, runs);
    for (const { id, name } of storyOf(scenario).techniques) {
      const before = byId.get(id)?.run;
      const isNewer = run !== undefined && (!before || before.openedAt < run.openedAt);
      byId.set(id, { id, name, run: isNewer ? run : before });
    }
  }
  return [...byId.values()].sort((left, right) => left.id.localeCompare(right.id));
};

/** Each finding type that a drill has sent, with its latest run. */
export const typesRehearsed = (runs: readonly DrillRun[]): readonly Rehearsed[] => {
  const byType = new Map<string, Rehearsed>();
  for (const run of runs)
    if (run.score !== null && !byType.has(run.type))
      byType.set(run.type, { id: run.type, name: '', run });
  return [...byType.values()].sort((left, right) => left.id.localeCompare(right.id));
};
