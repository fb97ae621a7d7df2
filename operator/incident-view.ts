import type { Case } from '../responders/incident/case.ts';
import { gapKind } from '../responders/incident/evidence.ts';
import { evidencePrefix } from '../responders/incident/incident-id.ts';
import type { Proposal } from '../responders/incident/question.ts';
import {
  gapsOf,
  reportStage,
  type Stage,
  seenIn,
  timelineStage,
} from '../responders/incident/stage.ts';
import { functionRecord, suspectNames, suspectsOf } from '../responders/incident/suspect.ts';
import { countedYeses } from '../responders/incident/yeses.ts';
import type { AttackerFacts } from '../responders/report/attacker-words.ts';
import type { Mask } from '../responders/shared/redact.ts';
import { recordedOf } from './recorded-evidence.ts';

/** What the view needs besides the incident. */
interface ViewOptions {
  /** Replaces secrets in text. */
  readonly mask: Mask;
  /** The bucket that holds the evidence of this incident. */
  readonly bucket: string;
  /** This local run has let go of its evidence, reports and timeline. */
  readonly expired?: boolean;
}

/** As the manifest counts: it lists every object but itself. */
const objectCount = (keys: Iterable<string>): number =>
  [...keys].filter((key) => !key.endsWith('/manifest.json')).length;

const evidence = (incident: Case, { mask, bucket, expired = false }: ViewOptions) => {
  const objects = recordedOf(incident);
  return {
    bucket,
    expired,
    prefix: evidencePrefix(incident.head.id),
    objects: objectCount(objects.keys()),
    bytes: [...objects.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    manifest: [...objects.keys()].find((key) => key.endsWith('/manifest.json')) ?? null,
    gaps: gapsOf(incident.stages).map((gap) => ({
      kind: gapKind(gap),
      what: mask(gap.what),
      why: mask(gap.why),
    })),
  };
};

/**
 * Keys and numbers of the timeline: of pass 2 once it has run, of pass 1 until then. The last call
 * that was allowed is known with the report.
 */
const timeline = ({ stages }: Case) => {
  const stage = timelineStage(stages, 2) ?? timelineStage(stages, 1);
  const told = reportStage(stages, 2) ?? reportStage(stages, 1);
  return {
    pass: stage?.pass ?? null,
    events: stage?.events ?? null,
    horizon: stage?.horizon ?? null,
    lastAllowed: told?.numbers?.lastAllowed ?? null,
    csv: stage?.csv ?? null,
    json: stage?.json ?? null,
  };
};

/** The keys of the report: of version 2 once it is written, of version 1 until then. */
const report = ({ stages }: Case) => {
  const stage = reportStage(stages, 2) ?? reportStage(stages, 1);
  return { html: stage?.html ?? null, json: stage?.json ?? null, text: stage?.text ?? null };
};

/**
 * Names of stages, in the order in which the state machine starts them; the table returns stages by
 * name. `flash` and `watch` become stages only when they fail. Failures of other names come last.
 */
const stageOrder = [
  'flash',
  'evidence',
  'watch',
  'timeline1',
  'report1',
  'timeline2',
  'report2',
  'manifest',
  'close',
];
const stageRank = ({ name }: Stage): number =>
  stageOrder.includes(name) ? stageOrder.indexOf(name) : stageOrder.length;

/** The case table has the finding's text as it came, so it is masked here. */
const attackerFacts = ({ head, stages }: Case, mask: Mask): AttackerFacts => {
  const seen = seenIn(stages);
  const { attacker } = head;
  return {
    ...(attacker && {
      attacker: {
        ...attacker,
        addresses: attacker.addresses.map((address) => ({
          ...address,
          ...(address.organisation && { organisation: mask(address.organisation) }),
        })),
        userAgents: attacker.userAgents.map(mask),
        ...(attacker.action && { action: mask(attacker.action) }),
      },
    }),
    ...(seen && { seen }),
  };
};

/** What was asked, until when it waits or waited, and what was answered. */
const question = ({ head }: Case, mask: Mask) => {
  const { proposal, timeLimit, answers } = head;
  const yeses = countedYeses(head).map(({ at, by, reason }) => ({ at, by, reason: mask(reason) }));
  return {
    ...(proposal && { proposal: maskedProposal(proposal, mask) }),
    ...(timeLimit && { timeLimit }),
    ...(yeses.length > 0 && { yeses }),
    answers: (answers ?? []).map((answer) => ({ ...answer, reason: mask(answer.reason) })),
  };
};

const maskedProposal = ({ because, callers, ...rest }: Proposal, mask: Mask): Proposal => ({
  ...rest,
  because: mask(because),
  callers: callers?.map(mask) ?? null,
});

/** Everybody whom the incident is about, unless that is one function, which `suspect` shows. */
const identities = ({ suspect, suspects }: Case['head']) => {
  const everybody = suspectsOf({ suspect, suspects });
  return everybody.some(({ kind }) => kind !== 'function') || everybody.length > 1
    ? { suspects: everybody.map((about) => ({ kind: about.kind, names: suspectNames(about) })) }
    : {};
};

/**
 * One incident as `cordon show --json` prints it, without secrets. Scripts rely on it; its schema
 * is cli/schemas/show.json.
 */
export const incidentView = (incident: Case, options: ViewOptions) => {
  const { mask } = options;
  const { head, actions, stages, mails } = incident;
  const { id, type, severity, title, account, region, updatedAt, revisions } = head.finding;
  return {
    id: head.id,
    state: head.state,
    drill: head.drill,
    ...(head.byHand && { byHand: { ...head.byHand, reason: mask(head.byHand.reason) } }),
    round: head.round,
    finding: {
      id,
      type: mask(type),
      severity,
      title: mask(title),
      account,
      region,
      updatedAt,
      revisions,
    },
    suspect: functionRecord(head.suspect),
    ...identities(head),
    ...attackerFacts(incident, mask),
    clocks: head.clocks,
    decision: { kind: head.decision.kind, reason: mask(head.decision.reason) },
    ...question(incident, mask),
    actions: actions.map(({ responder, target, outcome, reason, acceptedMs, effectiveMs }) => ({
      responder,
      target,
      outcome,
      ...(reason !== undefined && { reason: mask(reason) }),
      acceptedMs,
      effectiveMs,
    })),
    stages: stages
      .toSorted((left, right) => stageRank(left) - stageRank(right))
      .map(({ name, status, ms, error }) => ({
        name,
        status,
        ms,
        ...(error !== undefined && { error: mask(error) }),
      })),
    evidence: evidence(incident, options),
    timeline: timeline(incident),
    report: report(incident),
    mails: mails
      .map(({ kind, subject, at }) => ({ kind, subject, at }))
      .sort((left, right) => left.at - right.at),
    release: head.release && {
      at: head.release.at,
      by: head.release.by,
      reason: mask(head.release.reason),
    },
  };
};

export type IncidentView = ReturnType<typeof incidentView>;
