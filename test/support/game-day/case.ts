import { type Case, noClocks } from '../../../responders/incident/case.ts';
import {
  closingStage,
  evidenceStageOf,
  reportStageOf,
  sealingStageOf,
  timelineStageOf,
} from '../responders/stages.ts';

const stages = [
  evidenceStageOf(),
  timelineStageOf(1),
  reportStageOf(1),
  timelineStageOf(2),
  reportStageOf(2),
  sealingStageOf(),
  closingStage,
];
const mails = ['flash', 'report1', 'report2', 'release'];

/** A closed incident with everything in it. */
export const everyCase = (): Case => ({
  head: {
    id: 'inc-20261121-7f3k2m8q',
    state: 'contained',
    drill: true,
    round: 1,
    execution: 'x',
    openedAt: '2026-11-21T10:00:00.000Z',
    finding: {
      id: 'a1b2',
      type: 'Backdoor:Lambda/C&CActivity.B',
      severity: 8,
      title: 'title',
      account: '111122223333',
      region: 'eu-west-1',
      updatedAt: 1,
      revisions: 1,
    },
    suspect: { kind: 'function', functionName: 'orders', roleName: 'orders-role', sharing: 'sole' },
    decision: { kind: 'contain', reason: 'because' },
    clocks: { ...noClocks(), event: 1_000, effective: 1_400 },
    release: null,
  },
  findings: [],
  befores: [],
  actions: [
    {
      responder: 'contain.quarantine-role',
      target: 'orders-role',
      outcome: 'contained',
      acceptedMs: 1,
      effectiveMs: 2,
    },
  ],
  stages,
  earlierStages: [],
  drifts: [],
  mails: mails.map((kind) => ({
    kind,
    subject: `Cordon ${kind} inc-20261121-7f3k2m8q`,
    at: 1,
    round: 1,
  })),
});
