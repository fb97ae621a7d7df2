import { at, isRecord, listAt, numberAt, textAt } from '../shared/json.ts';
import { type Entry, type Gap, gapKinds } from './evidence.ts';
import {
  type EvidenceStage,
  type Question,
  type ReportNumbers,
  type ReportStage,
  type SealingStage,
  type SeenCalls,
  type Stage,
  type StageRun,
  type StageStatus,
  type Stamp,
  stageKinds,
  stageStatuses,
  type TimelineStage,
} from './stage.ts';
import type { CaseItem } from './table.ts';

const insteadOf = (value: unknown): Pick<Entry, 'insteadOf'> => {
  const path = textAt(value, 'insteadOf');
  return path === null ? {} : { insteadOf: path };
};

const entryFrom = (value: unknown): Entry => ({
  ...insteadOf(value),
  key: textAt(value, 'key') ?? '',
  sha256: textAt(value, 'sha256') ?? '',
  bytes: numberAt(value, 'bytes') ?? 0,
  versionId: textAt(value, 'versionId'),
  source: textAt(value, 'source') ?? '',
  requestId: textAt(value, 'requestId'),
  collector: textAt(value, 'collector') ?? '',
  startedAt: textAt(value, 'startedAt') ?? '',
  endedAt: textAt(value, 'endedAt') ?? '',
  taken:
    textAt(value, 'taken') === 'before containment' ? 'before containment' : 'after containment',
});

const gapFrom = (value: unknown): Gap => {
  const collector = textAt(value, 'collector');
  const kind = gapKinds.find((known) => known === at(value, 'kind'));
  return {
    ...(collector !== null && { collector }),
    ...(kind && { kind }),
    what: textAt(value, 'what') ?? '',
    why: textAt(value, 'why') ?? '',
    ...(isRecord(value) && value.always === true && { always: true }),
  };
};

const questionFrom = (value: unknown): Question => {
  const why = textAt(value, 'why');
  return {
    id: textAt(value, 'id') ?? '',
    source: textAt(value, 'source') ?? '',
    state: textAt(value, 'state') ?? '',
    ...(why !== null && { why }),
  };
};

const entriesOf = (item: CaseItem): Entry[] =>
  listAt(item, 'entries').filter(isRecord).map(entryFrom);
const gapsOf = (item: CaseItem): Gap[] => listAt(item, 'gaps').filter(isRecord).map(gapFrom);
const linesOf = (item: CaseItem, path: string): string[] => listAt(item, path).map(String);

const numbersOf = (item: CaseItem): ReportNumbers | null => {
  const state = textAt(item, 'numbers.state');
  if (state === null) return null;
  const number = (name: string) => numberAt(item, `numbers.${name}`);
  const text = (name: string) => textAt(item, `numbers.${name}`);
  return {
    state,
    events: number('events'),
    horizon: text('horizon'),
    objects: number('objects') ?? 0,
    gaps: number('gaps') ?? 0,
    reached: number('reached') ?? 0,
    followed: number('followed') ?? 0,
    leftBehind: number('leftBehind') ?? 0,
    lastAllowed: text('lastAllowed'),
    firstDenied: text('firstDenied'),
  };
};

const folder = /^incidents\/\d{4}\/\d\d\/\d\d\/[^/]+\/(?:round-(\d+)\/)?/;

/**
 * An older Cordon wrote no round, so it is read from the keys of what the stage stored; where there
 * are none, it may be the round that the incident is in.
 */
const olderRound = (item: CaseItem): number | undefined => {
  const keys = [
    ...['prefix', 'json', 'html', 'manifest.key'].map((path) => textAt(item, path)),
    ...entriesOf(item).map(({ key }) => key),
  ];
  const match = keys.map((key) => folder.exec(key ?? '')).find((parts) => parts !== null);
  return match ? Number(match[1] ?? 1) : undefined;
};

const olderKinds: Readonly<Record<string, Stage['kind']>> = {
  evidence: 'evidence',
  timeline1: 'timeline',
  timeline2: 'timeline',
  report1: 'report',
  report2: 'report',
  manifest: 'sealing',
};

/** An older Cordon wrote no kind; what only failed has recorded no objects. */
const kindOf = (item: CaseItem, name: string): Stage['kind'] => {
  const kind = stageKinds.find((known) => known === item.kind);
  if (kind) return kind;
  if (name === 'close') return 'closing';
  return Array.isArray(item.entries) ? (olderKinds[name] ?? 'outcome') : 'outcome';
};

const statusOf = (item: CaseItem): StageStatus =>
  stageStatuses.find((status) => status === item.status) ?? 'failed';

const whos = ['attacker', 'function', 'unclear', 'followed'] as const;

const seenFrom = (item: CaseItem): SeenCalls | undefined => {
  const seen = at(item, 'seen');
  if (!isRecord(seen)) return undefined;
  const texts = (path: string) => listAt(seen, path).map(String);
  return {
    by: listAt(seen, 'by').flatMap((group) => {
      const who = whos.find((known) => known === at(group, 'who'));
      const failed = numberAt(group, 'failed') ?? 0;
      const calls = numberAt(group, 'calls') ?? 0;
      return who ? [{ who, calls, ...(failed > 0 && { failed }) }] : [];
    }),
    addresses: texts('addresses'),
    userAgents: texts('userAgents'),
    keyEnds: texts('keyEnds'),
    reached: listAt(seen, 'reached').map((resource) => ({
      kind: textAt(resource, 'kind') ?? '',
      what: textAt(resource, 'what') ?? '',
      reads: numberAt(resource, 'reads') ?? 0,
      changes: numberAt(resource, 'changes') ?? 0,
      denied: numberAt(resource, 'denied') ?? 0,
    })),
    resources: numberAt(seen, 'resources') ?? 0,
    dataEvents: seen.dataEvents === true,
  };
};

const timelineFrom = (item: CaseItem, run: StageRun, pass: 1 | 2): TimelineStage => {
  const seen = seenFrom(item);
  return {
    ...run,
    kind: 'timeline',
    name: `timeline${pass}`,
    pass,
    json: textAt(item, 'json'),
    csv: textAt(item, 'csv'),
    entries: entriesOf(item),
    events: numberAt(item, 'events'),
    horizon: textAt(item, 'horizon'),
    provisional: item.provisional === true,
    complete: item.complete === true,
    pending: textAt(item, 'pending'),
    asked: listAt(item, 'asked').map(questionFrom),
    notYet: textAt(item, 'notYet') ?? '',
    why: textAt(item, 'why'),
    ...(seen && { seen }),
  };
};

const reportFrom = (item: CaseItem, run: StageRun, version: 1 | 2): ReportStage => ({
  ...run,
  kind: 'report',
  name: `report${version}`,
  html: textAt(item, 'html') ?? '',
  text: textAt(item, 'text') ?? '',
  json: textAt(item, 'json') ?? '',
  csv: textAt(item, 'csv') ?? '',
  ocsf: textAt(item, 'ocsf') ?? '',
  entries: entriesOf(item),
  numbers: numbersOf(item),
  now: textAt(item, 'now') ?? '',
  open: linesOf(item, 'open'),
  rotate: linesOf(item, 'rotate'),
  changed: linesOf(item, 'changed'),
});

const stampOf = (item: CaseItem): Stamp | null => {
  const [key, why] = [textAt(item, 'timestamp.key'), textAt(item, 'timestamp.why')];
  if (key !== null) return { status: 'stored', key };
  return why === null ? null : { status: 'failed', why };
};

const sealingFrom = (item: CaseItem, run: StageRun): SealingStage => {
  const timestamp = stampOf(item);
  return {
    ...run,
    kind: 'sealing',
    name: 'manifest',
    manifest: {
      key: textAt(item, 'manifest.key') ?? '',
      sha256: textAt(item, 'manifest.sha256') ?? '',
      bytes: numberAt(item, 'manifest.bytes') ?? 0,
    },
    sequence: numberAt(item, 'sequence') ?? 0,
    entries: entriesOf(item),
    gaps: gapsOf(item),
    ...(timestamp && { timestamp }),
  };
};

const evidenceFrom = (item: CaseItem, run: StageRun): EvidenceStage => ({
  ...run,
  kind: 'evidence',
  name: 'evidence',
  entries: entriesOf(item),
  gaps: gapsOf(item),
  notYet: textAt(item, 'notYet') ?? '',
});

/** One stage as the case table holds it, of this Cordon or an older one. */
export const stageFrom = (item: CaseItem, roundOfIncident: number): Stage => {
  const [name, error] = [textAt(item, 'name') ?? '', textAt(item, 'error')];
  const run: StageRun = {
    round: numberAt(item, 'round') ?? olderRound(item) ?? roundOfIncident,
    status: statusOf(item),
    ms: numberAt(item, 'ms') ?? 0,
    ...(error !== null && { error }),
  };
  switch (kindOf(item, name)) {
    case 'evidence':
      return evidenceFrom(item, run);
    case 'timeline':
      return timelineFrom(item, run, name === 'timeline1' ? 1 : 2);
    case 'report':
      return reportFrom(item, run, name === 'report1' ? 1 : 2);
    case 'sealing':
      return sealingFrom(item, run);
    case 'closing':
      return { ...run, kind: 'closing', name: 'close', at: numberAt(item, 'at') ?? 0 };
    case 'outcome':
      return { ...run, kind: 'outcome', name };
  }
};
