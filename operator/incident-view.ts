import { gapKind } from '../responders/evidence/store.ts';
import type { Case, Stage } from '../responders/incident/case.ts';
import { evidencePrefix } from '../responders/incident/incident-id.ts';
import { isRecord } from '../responders/shared/json.ts';
import type { Mask } from '../responders/shared/redact.ts';
import { recordedOf } from './download.ts';

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOr = (value: unknown): number | null => (typeof value === 'number' ? value : null);

const byName = ({ stages }: Case, ...names: string[]): Stage | undefined =>
  names
    .map((name) => stages.find((stage) => stage.name === name))
    .find((stage) => stage !== undefined);

/** What a view needs besides the incident. */
interface ViewOptions {
  readonly mask: Mask;
  /** Where the evidence of this incident lies. */
  readonly bucket: string;
}

const evidence = (found: Case, { mask, bucket }: ViewOptions) => {
  const objects = recordedOf(found);
  const gaps = found.stages
    .flatMap((stage) => (Array.isArray(stage.gaps) ? stage.gaps : []))
    .filter(isRecord);
  return {
    bucket,
    prefix: evidencePrefix(found.head.id),
    objects: objects.size,
    bytes: [...objects.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    manifest: [...objects.keys()].find((key) => key.endsWith('/manifest.json')) ?? null,
    gaps: gaps.map((gap) => ({
      kind: gapKind(gap),
      what: mask(String(gap.what)),
      why: mask(String(gap.why)),
    })),
  };
};

const timeline = (stage: Stage | undefined) => ({
  pass: numberOr(stage?.pass),
  events: numberOr(stage?.events),
  horizon: textOr(stage?.horizon),
  csv: textOr(stage?.csv),
  json: textOr(stage?.json),
});

const report = (stage: Stage | undefined) => ({
  html: textOr(stage?.html),
  json: textOr(stage?.json),
  text: textOr(stage?.text),
});

/** The order in which stages run; the table keeps them by name. */
const order = [
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
const rank = ({ name }: Stage): number =>
  order.includes(name) ? order.indexOf(name) : order.length;

/**
 * One incident as `cordon show --json` prints it, without secrets. Scripts rely on it; its schema
 * is cli/schemas/show.json.
 */
export const incidentView = (found: Case, options: ViewOptions) => {
  const { mask } = options;
  const { head, actions, stages, mails } = found;
  const { id, type, severity, title, account, region, updatedAt, revisions } = head.finding;
  return {
    id: head.id,
    state: head.state,
    drill: head.drill,
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
    suspect: head.suspect,
    clocks: head.clocks,
    decision: { kind: head.decision.kind, reason: mask(head.decision.reason) },
    actions: actions.map(({ responder, target, outcome, reason, acceptedMs, effectiveMs }) => ({
      responder,
      target,
      outcome,
      ...(reason !== undefined && { reason: mask(reason) }),
      acceptedMs,
      effectiveMs,
    })),
    stages: stages
      .toSorted((one, other) => rank(one) - rank(other))
      .map(({ name, status, ms, error }) => ({
        name,
        status,
        ms,
        ...(error !== undefined && { error: mask(error) }),
      })),
    evidence: evidence(found, options),
    timeline: timeline(byName(found, 'timeline2', 'timeline1')),
    report: report(byName(found, 'report2', 'report1')),
    mails: mails
      .map(({ kind, subject, at }) => ({ kind, subject, at }))
      .sort((one, other) => one.at - other.at),
    release: head.release && {
      at: head.release.at,
      by: head.release.by,
      reason: mask(head.release.reason),
    },
  };
};

export type IncidentView = ReturnType<typeof incidentView>;
