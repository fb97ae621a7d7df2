import { readFileSync } from 'node:fs';
import { catalog } from '../../responders/contain/catalogue.ts';
import type { Case, Head } from '../../responders/incident/case.ts';
import type { IncidentState } from '../../responders/incident/incident.ts';
import { reportStage } from '../../responders/incident/stage.ts';
import type { ReportInput, ReportSettings } from '../../responders/report/input.ts';
import { at, isRecord } from '../../responders/shared/json.ts';
import { maskWith } from '../../responders/shared/redact.ts';
import type { Timeline } from '../../responders/timeline/timeline.ts';

const read = (): unknown =>
  JSON.parse(readFileSync(new URL('../../report-templates/sample.json', import.meta.url), 'utf8'));

export const place: ReportSettings = {
  zone: 'Europe/Berlin',
  bucket: 'cordon-evidence-111122223333',
  region: 'eu-west-1',
  catalog,
  mask: maskWith('preview'),
};

/** The sample of report-templates/sample.json: written by us, in the shapes of these types. */
export const sample = (): {
  readonly incident: Case;
  readonly timeline: Timeline;
  readonly documents: ReadonlyMap<string, unknown>;
} => {
  const written = read();
  const documents = at(written, 'documents');
  return {
    incident: at(written, 'case') as Case,
    timeline: at(written, 'timeline') as Timeline,
    documents: new Map(isRecord(documents) ? Object.entries(documents) : []),
  };
};

/** Version 2 of the sample, with changes. */
export const sampleInput = (over: Partial<ReportInput> = {}): ReportInput => {
  const { incident, timeline, documents } = sample();
  const base: ReportInput = {
    incident,
    version: 2,
    place,
    timeline: { ok: true, timeline },
    documents,
    previous: reportStage(incident.stages, 1)?.numbers ?? null,
    now: Date.parse('2026-11-21T10:15:12Z'),
  };
  return { ...base, ...over };
};

/** Before CloudTrail has delivered. */
export const provisional = (): ReportInput => {
  const { timeline } = sample();
  const rows = timeline.rows.slice(1, 3);
  const early: Timeline = {
    ...timeline,
    pass: 1,
    provisional: true,
    events: 3,
    rows,
    reached: [],
    leftBehind: [],
    firstDenied: null,
    lastAllowed: null,
    horizon: '2026-11-21T09:58:57Z',
    attack: { ...timeline.attack, techniques: [] },
    byWhose: { suspect: 3, followed: 0, cordon: 0 },
  };
  return sampleInput({
    version: 1,
    timeline: { ok: true, timeline: early },
    previous: null,
    now: Date.parse('2026-11-21T10:00:15Z'),
  });
};

const askedAt = Date.parse('2026-11-21T10:00:08Z');

/** A question as the sample would have asked it. */
const question: Pick<Head, 'proposal' | 'timeLimit'> = {
  proposal: {
    because: 'it is tagged cordon:tier=critical',
    changes: catalog
      .filter(({ id }) => id !== 'contain.quarantine-function')
      .map(({ id, title, stops }) => ({
        title,
        target: id === 'contain.quarantine-role' ? 'orders-role' : 'orders',
        stops,
      })),
    callers: ['POST /orders', 'events rule/nightly', 'its public URL', 'queue orders'],
  },
  timeLimit: { askedAt, endsAt: askedAt + 30 * 60_000, onTimeout: 'leave' },
};

/** The sample after its question was answered with *leave*, and contained after all. */
export const containedLate = (): ReportInput => {
  const input = sampleInput();
  const { head } = input.incident;
  const answers = [
    { at: askedAt + 120_000, by: 'jane', contain: false, reason: 'a load test of the shop team' },
    { at: askedAt + 900_000, by: 'omar', contain: true, reason: 'the load test ended yesterday' },
  ];
  const decision = { kind: 'contain', reason: `approved by omar: ${answers[1]?.reason}` } as const;
  return {
    ...input,
    incident: { ...input.incident, head: { ...head, ...question, answers, decision } },
  };
};

/** Not every change holds, so the clocks and the log show none that was seen to. */
const neverHeld: readonly IncidentState[] = ['partial', 'not-contained'];

const failedWith = (reason: string) =>
  ({
    outcome: 'not-contained',
    step: 'apply',
    reason,
    effectiveMs: null,
    acceptedMs: null,
  }) as const;

/** The same incident in another state: the words must be right in each. */
export const inState = (state: IncidentState): ReportInput => {
  const input = sampleInput();
  const { incident } = input;
  const [role, pause, ...rest] = incident.actions;
  const quota = failedWith('LimitExceededException: Cannot exceed quota for PoliciesPerRole: 10');
  const forbidden = failedWith('AccessDeniedException: denied by a service control policy');
  const partly = [...(role ? [{ ...role, ...quota }] : []), ...(pause ? [pause] : []), ...rest];
  const actions =
    state === 'partial'
      ? partly
      : state === 'not-contained'
        ? incident.actions.map((action) => ({ ...action, ...forbidden }))
        : state === 'released'
          ? incident.actions.map((action) => ({ ...action, outcome: 'released' as const }))
          : ['contained', 'contested'].includes(state)
            ? incident.actions
            : [];
  const reason = {
    'awaiting-approval': 'it is tagged cordon:tier=critical',
    'notify-only': 'it is a sample finding: nothing real is behind it',
    suppressed: 'severity 2 is below the threshold 4',
  }[String(state)];
  const release =
    state === 'released'
      ? {
          at: Date.parse('2026-11-21T12:00:00Z'),
          by: 'jane',
          reason: 'code redeployed, key rotated',
        }
      : null;
  const decision = reason ? { kind: 'notify' as const, reason } : incident.head.decision;
  const { clocks } = incident.head;
  const isHeld = !neverHeld.includes(state);
  return {
    ...input,
    ...(input.timeline.ok && {
      timeline: {
        ok: true,
        timeline: { ...input.timeline.timeline, ...(!isHeld && { firstDenied: null }) },
      },
    }),
    incident: {
      ...incident,
      actions,
      head: {
        ...incident.head,
        ...(state === 'awaiting-approval' && question),
        state,
        release,
        decision,
        clocks: isHeld ? clocks : { ...clocks, effective: null },
      },
    },
  };
};
