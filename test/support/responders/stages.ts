import type { Entry } from '../../../responders/incident/evidence.ts';
import type {
  ClosingStage,
  EvidenceStage,
  OutcomeStage,
  ReportStage,
  SealingStage,
  TimelineStage,
} from '../../../responders/incident/stage.ts';

/** Stages as a run writes them; a test says what is special. */
export const entryOf = (key: string, over: Partial<Entry> = {}): Entry => ({
  key,
  sha256: 'ab',
  bytes: 10,
  versionId: 'v1',
  source: 's',
  requestId: null,
  collector: 'collect.finding',
  startedAt: '2026-11-21T10:00:12.000Z',
  endedAt: '2026-11-21T10:00:12.000Z',
  taken: 'after containment',
  ...over,
});

const ran = { round: 1, status: 'ok', ms: 1 } as const;

export const evidenceStageOf = (over: Partial<EvidenceStage> = {}): EvidenceStage => ({
  ...ran,
  kind: 'evidence',
  name: 'evidence',
  entries: [],
  gaps: [],
  notYet: '',
  ...over,
});

export const timelineStageOf = (pass: 1 | 2, over: Partial<TimelineStage> = {}): TimelineStage => ({
  ...ran,
  kind: 'timeline',
  name: `timeline${pass}`,
  pass,
  json: null,
  csv: null,
  entries: [],
  events: null,
  horizon: null,
  provisional: pass === 1,
  complete: true,
  pending: null,
  asked: [],
  notYet: '',
  why: null,
  ...over,
});

export const reportStageOf = (version: 1 | 2, over: Partial<ReportStage> = {}): ReportStage => ({
  ...ran,
  kind: 'report',
  name: `report${version}`,
  html: 'k',
  text: 't',
  json: 'j',
  csv: 'c',
  ocsf: 'o',
  entries: [],
  numbers: null,
  now: '',
  open: [],
  rotate: [],
  changed: [],
  ...over,
});

export const sealingStageOf = (over: Partial<SealingStage> = {}): SealingStage => ({
  ...ran,
  kind: 'sealing',
  name: 'manifest',
  manifest: { key: 'm', sha256: 'cd', bytes: 10 },
  sequence: 1,
  entries: [],
  gaps: [],
  ...over,
});

export const closingStage: ClosingStage = { ...ran, kind: 'closing', name: 'close', at: 1 };

export const failedStageOf = (name: string, error: string): OutcomeStage => ({
  ...ran,
  kind: 'outcome',
  name,
  status: 'failed',
  error,
});
