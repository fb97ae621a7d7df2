import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Place } from '../operator/place.ts';
import type { ScenarioId } from '../responders/incident/score.ts';
import type { Targets } from './account-state.ts';
import type { Detail } from './findings.ts';
import type { Probe } from './probe.ts';
import type { Judge, Suspect } from './seen.ts';
import { type TakingBack, takingBack } from './taking-back.ts';

/** A technique of MITRE ATT&CK; `maps to`, never `proves`. */
export interface Technique {
  readonly id: string;
  readonly name: string;
}

/** The version that the ids and names of techniques are taken from. */
export const attackVersion = '18.1';

/**
 * What a scenario acts with: the drill role's clients, the place, the clock, and where it says how
 * everything is taken back.
 */
export interface Stage extends TakingBack {
  readonly place: Place;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  /** The person at the keyboard: reads what a finding must name. */
  readonly iam: IAMClient;
  readonly now: () => number;
}

/**
 * A way in that is tried at three moments: open before, refused while contained, open again after
 * the release.
 */
export interface Door {
  readonly name: string;
  /** What a refusal looks like; another failure is no refusal. */
  readonly refusedBy: RegExp;
  /** Throws when it is shut. May wait no longer than this. */
  knock(patienceMs: number): Promise<unknown>;
}

/** The attack under way. */
export interface Attack {
  readonly detail: Detail;
  readonly probes: readonly Probe[];
  readonly doors: readonly Door[];
  /**
   * Calls that leave a trace in CloudTrail's event history; made once before the finding and once
   * after containment.
   */
  lookAround(): Promise<void>;
}

/** One rehearsed incident: everything about it is in its file. */
export interface Scenario {
  readonly id: ScenarioId;
  readonly title: string;
  readonly story: string;
  readonly techniques: readonly Technique[];
  readonly steps: readonly string[];
  /** Who must be contained, and by which responders: these and no others. */
  suspect(place: Place): Promise<Suspect>;
  readonly responders: readonly string[];
  /** What is compared before and after: all that may change, and all that must not. */
  targets(place: Place): Promise<Targets>;
  /** Says `afterwards` of everything before it makes or changes it: it may fail at any step. */
  attack(stage: Omit<Stage, 'takeBack'>): Promise<Attack>;
  readonly checks: readonly Judge[];
}

export const stageOf = async (place: Place, now: () => number): Promise<Stage> => {
  const drill = await place.config('drill');
  // A refusal must be seen at once, so nothing is tried twice.
  const once = { ...drill, maxAttempts: 1 };
  return {
    ...takingBack(),
    place,
    lambda: new LambdaClient(once),
    sqs: new SQSClient(drill),
    iam: new IAMClient(await place.config('operator')),
    now,
  };
};
