import {
  attackDenied,
  attackWorked,
  bystandersKeptWorking,
  doorsRefused,
  inTime,
  worksAgain,
} from './judge-attack.ts';
import {
  containedAsPlanned,
  evidenceHolds,
  mailsArrived,
  ranToTheEnd,
  releasedWhole,
  restored,
  stagesRan,
  timelineTells,
} from './judge-record.ts';
import type { Judge } from './seen.ts';

/** What every contained attack is judged by, in the order in which a reader asks. */
export const containmentChecks: readonly Judge[] = [
  attackWorked,
  containedAsPlanned,
  inTime,
  attackDenied,
  doorsRefused,
  bystandersKeptWorking,
  stagesRan,
  evidenceHolds,
  timelineTells,
  releasedWhole,
  worksAgain,
  mailsArrived,
  restored,
  ranToTheEnd,
];
