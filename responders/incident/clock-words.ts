import type { ClockName } from './incident.ts';

/** What each clock of an incident means, to somebody who reads it for the first time. */
export const clockMeanings: Readonly<Record<ClockName, string>> = {
  activity: 'Latest activity that GuardDuty saw',
  finding: 'GuardDuty wrote the finding',
  event: 'The event was sent, in whole seconds',
  received: 'Cordon had the finding',
  accepted: 'AWS accepted the first containment call',
  effective: 'Every change was seen to hold',
  flash: 'The first mail was sent',
  evidence: 'The evidence was collected',
  timeline1: 'The provisional timeline was ready',
  report1: 'Report version 1 was ready',
  timeline2: 'The timeline after CloudTrail’s delay was ready',
  report2: 'Report version 2 was ready',
  released: 'Containment was taken back',
};
