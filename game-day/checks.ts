import {
  attackDenied,
  attackWorked,
  bystandersKeptWorking,
  containedInTime,
  entryPointsRefused,
  staysDenied,
  worksAgain,
} from './judge-attack.ts';
import {
  containedAsPlanned,
  drillCompleted,
  evidenceIntact,
  mailsArrived,
  releaseComplete,
  restored,
  stagesRan,
  timelineComplete,
} from './judge-record.ts';
import type { DrillJudge } from './observations.ts';

/** The checks of every scenario whose attack must be contained, in the order of the result. */
export const containmentChecks: readonly DrillJudge[] = [
  attackWorked,
  containedAsPlanned,
  containedInTime,
  attackDenied,
  entryPointsRefused,
  bystandersKeptWorking,
  stagesRan,
  evidenceIntact,
  timelineComplete,
  releaseComplete,
  worksAgain,
  staysDenied,
  mailsArrived,
  restored,
  drillCompleted,
];
