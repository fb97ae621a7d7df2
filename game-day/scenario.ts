import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Place } from '../operator/place.ts';
import type { ScenarioId } from '../responders/incident/score.ts';
import type { AttackTechnique } from '../responders/shared/attack-techniques.ts';
import type { Targets } from './account-state.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import type { FindingDetail } from './findings.ts';
import type { DrillJudge, Workload } from './observations.ts';
import type { Probe } from './probe.ts';

/** What a scenario works with: clients of the drill role, the place, the clock, the cleanup. */
export interface ScenarioContext extends Cleanup {
  readonly place: Place;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  /** As the person at the keyboard: reads what a finding must name. */
  readonly iam: IAMClient;
  readonly now: () => number;
}

/**
 * A way to run the function. It is tried at three moments: it must be open before, refused while
 * contained, and open again after the release.
 */
export interface EntryPoint {
  readonly name: string;
  /** What a refusal looks like; another failure is no refusal. */
  readonly refusedBy: RegExp;
  /** Throws when the function did not run. May wait no longer than this. */
  attempt(patienceMs: number): Promise<unknown>;
}

/** The attack under way. */
export interface Attack {
  readonly detail: FindingDetail;
  readonly probes: readonly Probe[];
  readonly entryPoints: readonly EntryPoint[];
  /**
   * Calls of the attacker that CloudTrail's event history shows. Made once before the finding and
   * once while contained.
   */
  discover(): Promise<void>;
}

/** One rehearsed incident: everything about it is in its file. */
export interface Scenario {
  readonly id: ScenarioId;
  readonly title: string;
  readonly story: string;
  readonly techniques: readonly AttackTechnique[];
  readonly steps: readonly string[];
  /** What must be contained, and by which responders: these and no others. */
  workload(place: Place): Promise<Workload>;
  readonly responders: readonly string[];
  /** The functions that the attack and the bystanders use: no other incident may contain them. */
  neededFunctions(place: Place): Promise<readonly string[]>;
  /** What is compared before and after: all that may change, and all that must not. */
  targets(place: Place): Promise<Targets>;
  /** Calls `addCleanup` before each change, because the next step may fail. */
  attack(context: Omit<ScenarioContext, 'cleanUp'>): Promise<Attack>;
  readonly checks: readonly DrillJudge[];
}

export const contextOf = async (place: Place, now: () => number): Promise<ScenarioContext> => {
  const drill = await place.config('drill');
  // A refusal must be noticed at once, so the SDK does not retry.
  const withoutRetries = { ...drill, maxAttempts: 1 };
  return {
    ...createCleanup(),
    place,
    lambda: new LambdaClient(withoutRetries),
    sqs: new SQSClient(drill),
    iam: new IAMClient(await place.config('operator')),
    now,
  };
};
