import { catalog } from '../../../../responders/contain/catalogue.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import type { Case } from '../../../../responders/incident/case.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import type { ReportInput, ReportSettings } from '../../../../responders/report/input.ts';
import { forms } from '../../../../responders/report/make.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import type { Timeline, TimelineRow } from '../../../../responders/timeline/timeline.ts';
import { fakeDeps } from '../../fakes/deps.ts';
import { lambdaFinding } from '../../fakes/findings.ts';
import fc from '../../property.ts';
import { entryOf, evidenceStageOf, failedStageOf } from '../stages.ts';

export const place: ReportSettings = {
  zone: 'Europe/Berlin',
  bucket: 'evidence',
  region: 'eu-west-1',
  catalog,
  mask: maskWith('test'),
};

/** An incident as containment leaves it behind. */
export const aCase = async (): Promise<Case> => {
  const { deps } = fakeDeps();
  const { incidentId } = await containFinding(
    { event: lambdaFinding(), execution: 'e', drill: false },
    deps,
  );
  return readCase(deps.table, incidentId);
};

/** Report 1 before the timeline has run. */
export const firstReport = (incident: Case, over: Partial<ReportInput> = {}) =>
  forms({
    incident,
    version: 1,
    place,
    timeline: { ok: false, why: 'the timeline stage has not run' },
    documents: new Map(),
    previous: null,
    now: Date.parse('2026-11-21T10:00:20Z'),
    ...over,
  });

export const evil = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{constructor.constructor "return 1"}}',
  '{{{html}}}',
  '__proto__',
  "=cmd|' /C calc'!A0",
  'a\r\nBcc: x@example.com',
  '\u001b[31mred\u001b[0m\u0007',
  '\u202Egnp.exe\u2066',
  'javascript:alert(1)',
  'https://evil.example.com/a?b=c',
  'x'.repeat(100_000),
  '</style></title></svg>',
  '\u0000\uD800',
  '&lt;b&gt;',
] as const;

export const evilText = fc.oneof(
  fc.constantFrom(...evil),
  fc.string({ unit: 'binary', maxLength: 300 }),
);

export const rowOf = (text: string, over: Partial<TimelineRow> = {}): TimelineRow => ({
  at: '2026-11-21T10:00:01Z',
  until: '2026-11-21T10:00:39Z',
  count: 412,
  distinct: 9,
  id: text,
  whose: 'suspect',
  actor: text,
  key: text,
  account: text,
  region: text,
  action: text,
  reads: true,
  resources: [text, text, text],
  sourceIp: text,
  userAgent: text,
  outcome: text,
  phase: 'activity',
  techniques: [text],
  ...over,
});

/** A timeline in which every text is this one. */
export const timelineOf = (
  text: string,
  rows: readonly TimelineRow[] = [rowOf(text)],
): Timeline => {
  const moment = { at: '2026-11-21T10:00:01Z', id: text, action: text, actor: text, outcome: text };
  return {
    incident: 'inc-20261121-7f3k2m9q',
    pass: 2,
    provisional: false,
    events: 412,
    byWhose: { suspect: 412, followed: 0, cordon: 0 },
    horizon: '2026-11-21T10:14:52Z',
    window: { from: '2026-11-21T09:00:00Z', to: '2026-11-21T10:15:00Z' },
    complete: true,
    pending: null,
    blindSpots: [{ what: text, why: text }],
    firstSeen: '2026-11-21T10:00:01Z',
    lastSeen: '2026-11-21T10:00:39Z',
    lastAllowed: moment,
    firstDenied: moment,
    followed: [{ kind: 'user', who: text, by: moment, events: 2 }],
    leftBehind: [{ kind: 'key', what: text, by: moment, check: text }],
    attack: { version: text, techniques: [{ id: text, name: text, events: 1 }] },
    asked: [{ id: text, source: 'Athena', state: 'failed', why: text, rows: 0, bytes: 0, ms: 0 }],
    reached: [
      {
        kind: 'secret',
        what: text,
        reads: 1,
        changes: 0,
        denied: 0,
        first: '2026-11-21T10:00:01Z',
        last: '2026-11-21T10:00:01Z',
      },
    ],
    rows,
    all: [],
  };
};

/** A report in which every field that others write holds this text. */
export const inputWith = async (
  text: string,
  rows?: readonly TimelineRow[],
): Promise<ReportInput> => {
  const incident = await aCase();
  const evidence = evidenceStageOf({
    entries: [entryOf(text, { sha256: text, bytes: 1, source: text })],
    gaps: [{ what: text, why: text }],
  });
  const failed = failedStageOf(text, text);
  const head = {
    ...incident.head,
    finding: {
      ...incident.head.finding,
      id: text,
      type: text,
      title: text,
      account: text,
      region: text,
    },
    decision: { ...incident.head.decision, reason: text },
    release: { at: 1, by: text, reason: text },
  };
  const policy = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue', text], Resource: [text] },
    ],
  };
  return {
    incident: {
      ...incident,
      head,
      actions: incident.actions.map((action) => ({
        ...action,
        target: text,
        outcome: 'not-contained',
        reason: text,
      })),
      stages: [evidence, failed],
    },
    version: 2,
    place,
    timeline: { ok: true, timeline: timelineOf(text, rows) },
    documents: new Map<string, unknown>([
      ['role/inline/1.json', { answer: { document: policy } }],
      ['role/functions.json', { answer: { items: [{ FunctionName: text }] } }],
      ['function/environment-names.json', [{ name: `password ${text}` }]],
    ]),
    previous: null,
    now: Date.parse('2026-11-21T10:15:12Z'),
  };
};
