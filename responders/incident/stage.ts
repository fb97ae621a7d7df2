import { type Entry, foreignGaps, type Gap } from './evidence.ts';

export const stageStatuses = ['ok', 'failed', 'skipped'] as const;
export type StageStatus = (typeof stageStatuses)[number];

/** What every stage says of itself. */
export interface StageRun {
  /** The round of containment that it worked for. */
  readonly round: number;
  readonly status: StageStatus;
  readonly ms: number;
  readonly error?: string;
}

export interface EvidenceStage extends StageRun {
  readonly kind: 'evidence';
  readonly name: 'evidence';
  readonly entries: readonly Entry[];
  readonly gaps: readonly Gap[];
  /** What no collection can hold. */
  readonly notYet: string;
}

/** One question to CloudTrail or Athena, and how it ended. */
export interface Question {
  readonly id: string;
  readonly source: string;
  readonly state: string;
  readonly why?: string;
}

/** What a timeline shows of the attacker, for mails and the command. */
export interface SeenCalls {
  readonly by: readonly {
    /** `followed`: the principals that the session led to. */
    readonly who: 'attacker' | 'function' | 'unclear' | 'followed';
    readonly calls: number;
    /** Of these; missing where none failed, and in what an older Cordon wrote. */
    readonly failed?: number;
  }[];
  /** Of the attacker's calls and of those that the session led to, the most frequent first. */
  readonly addresses: readonly string[];
  readonly userAgents: readonly string[];
  /** The ends of the ids of their keys. Missing in what an older Cordon wrote. */
  readonly keyEnds?: readonly string[];
  /** What holds data or rights, the most used first. */
  readonly reached: readonly {
    readonly kind: string;
    readonly what: string;
    readonly reads: number;
    readonly changes: number;
    readonly denied: number;
  }[];
  /** How many there are in all. */
  readonly resources: number;
  /** The first pass has none, so it cannot say what was read. */
  readonly dataEvents: boolean;
}

export interface TimelineStage extends StageRun {
  readonly kind: 'timeline';
  readonly name: 'timeline1' | 'timeline2';
  readonly pass: 1 | 2;
  /** The keys of what it stored; nothing where it was skipped, or waits for Athena. */
  readonly json: string | null;
  readonly csv: string | null;
  readonly entries: readonly Entry[];
  readonly events: number | null;
  readonly horizon: string | null;
  readonly provisional: boolean;
  readonly complete: boolean;
  /** Why a later look may show more. */
  readonly pending: string | null;
  readonly asked: readonly Question[];
  /** What it could not see, and why. */
  readonly notYet: string;
  /** Why it was skipped. */
  readonly why: string | null;
  /** Missing in what an older Cordon wrote, and where there is no timeline. */
  readonly seen?: SeenCalls;
}

/** The numbers of a report that the next version compares itself with. */
export interface ReportNumbers {
  readonly state: string;
  readonly events: number | null;
  readonly horizon: string | null;
  readonly objects: number;
  readonly gaps: number;
  readonly reached: number;
  readonly followed: number;
  readonly leftBehind: number;
  readonly lastAllowed: string | null;
  readonly firstDenied: string | null;
}

export interface ReportStage extends StageRun {
  readonly kind: 'report';
  readonly name: 'report1' | 'report2';
  /** The keys of what it stored. */
  readonly html: string;
  readonly text: string;
  readonly json: string;
  readonly csv: string;
  readonly ocsf: string;
  readonly entries: readonly Entry[];
  readonly numbers: ReportNumbers | null;
  /** What its mail says: what to do now, what is open, what to rotate, what has changed. */
  readonly now: string;
  readonly open: readonly string[];
  readonly rotate: readonly string[];
  readonly changed: readonly string[];
}

/** What a time stamping authority has answered about the manifest. */
export type Stamp =
  | { readonly status: 'stored'; readonly key: string }
  | { readonly status: 'failed'; readonly why: string };

export interface SealingStage extends StageRun {
  readonly kind: 'sealing';
  readonly name: 'manifest';
  readonly manifest: Pick<Entry, 'key' | 'sha256' | 'bytes'>;
  readonly sequence: number;
  /** What sealing itself has stored and missed. */
  readonly entries: readonly Entry[];
  readonly gaps: readonly Gap[];
  /** Where one was asked for. */
  readonly timestamp?: Stamp;
}

/** Every stage has run, and the security team was told. */
export interface ClosingStage extends StageRun {
  readonly kind: 'closing';
  readonly name: 'close';
  readonly at: number;
}

/** A stage that ended before it could write more than how it ended. */
export interface OutcomeStage extends StageRun {
  readonly kind: 'outcome';
  readonly name: string;
}

/** How a stage went, and what the later ones need to know of it. */
export type Stage =
  | EvidenceStage
  | TimelineStage
  | ReportStage
  | SealingStage
  | ClosingStage
  | OutcomeStage;

export const stageKinds = [
  'evidence',
  'timeline',
  'report',
  'sealing',
  'closing',
  'outcome',
] as const satisfies readonly Stage['kind'][];

type Stages = readonly Stage[];

/** Every object that the stages have recorded. */
export const entriesOf = (stages: Stages): Entry[] =>
  stages.flatMap((stage) => ('entries' in stage ? stage.entries : []));

/** The keys of all that the stages have stored. */
export const keysOf = (stages: Stages): string[] => [
  ...entriesOf(stages).map(({ key }) => key),
  ...stages.flatMap((stage) => {
    if (stage.kind === 'report') return [stage.html, stage.json, stage.csv];
    return stage.kind === 'timeline' ? [stage.json, stage.csv].filter((key) => key !== null) : [];
  }),
];

const gapsIn = (stage: Stage): readonly Gap[] => [
  ...('gaps' in stage ? stage.gaps : []),
  ...('entries' in stage ? foreignGaps(stage.entries) : []),
];

/** Everything that the stages have missed, each gap once: sealing repeats what collecting said. */
export const gapsOf = (stages: Stages): Gap[] => {
  const gaps = new Map<string, Gap>();
  for (const stage of stages)
    for (const gap of gapsIn(stage)) {
      const key = JSON.stringify([gap.kind ?? 'missing', gap.what, gap.why]);
      if (!gaps.has(key)) gaps.set(key, gap);
    }
  return [...gaps.values()];
};

export const evidenceStage = (stages: Stages): EvidenceStage | undefined =>
  stages.find((stage) => stage.kind === 'evidence');

export const timelineStage = (stages: Stages, pass: 1 | 2): TimelineStage | undefined =>
  stages.filter((stage) => stage.kind === 'timeline').find((stage) => stage.pass === pass);

/** What the latest timeline shows. */
export const seenIn = (stages: Stages): SeenCalls | undefined =>
  timelineStage(stages, 2)?.seen ?? timelineStage(stages, 1)?.seen;

export const reportStage = (stages: Stages, version: 1 | 2): ReportStage | undefined =>
  stages.filter((stage) => stage.kind === 'report').find(({ name }) => name === `report${version}`);

export const isClosed = (stages: Stages): boolean => stages.some(({ kind }) => kind === 'closing');
