/**
 * Everything that a report may show. All of it is text that is fit to be shown: masked, capped,
 * without control characters.
 */
export interface ReportView {
  readonly incident: string;
  readonly version: 1 | 2;
  readonly title: string;
  /** The workload and its account. */
  readonly where: string;
  /**
   * The address of the incident in the console, behind `https://`, which the page writes itself;
   * nothing where none is configured.
   */
  readonly console: string | null;
  /** `DRILL`, or nothing. */
  readonly drill: string | null;
  readonly made: Time;
  readonly verdict: ReportVerdict;
  /** The three questions of somebody who was woken up. */
  readonly glance: {
    readonly contained: string;
    /** Who acted and from where; nothing where it is not known. */
    readonly who: string | null;
    /** What the attacker reached, or why that is not known. */
    readonly lost: string;
    readonly open: string;
    readonly now: string;
  };
  readonly about: readonly Fact[];
  /** What version 2 says differently from version 1. */
  readonly changed: readonly string[];
  readonly contained: { readonly proof: readonly Fact[]; readonly actions: readonly ActionLine[] };
  readonly open: readonly Point[];
  readonly blast: { readonly sentences: readonly string[]; readonly exposure: readonly Exposure[] };
  readonly reached: Reach;
  readonly rotate: readonly RotateStep[];
  readonly decisions: readonly DecisionPoint[];
  readonly release: { readonly command: string | null; readonly note: string };
  readonly timeline: TimelineView;
  readonly attack: { readonly version: string; readonly techniques: readonly Technique[] };
  readonly evidence: EvidenceView;
  readonly clocks: readonly Clock[];
  readonly limits: readonly string[];
  /** What AWS Support asks for, to be copied. */
  readonly support: readonly Fact[];
  /** Where each part comes from: objects in the incident's folder, by their paths. */
  readonly sources: Readonly<Record<Section, readonly string[]>>;
  readonly counted: readonly Counted[];
}

export type Section =
  | 'about'
  | 'changed'
  | 'contained'
  | 'open'
  | 'blast'
  | 'reached'
  | 'rotate'
  | 'timeline'
  | 'attack'
  | 'evidence'
  | 'clocks';

/** A number, the object that it was counted in, and how to count it again: a filter of `jq`. */
export interface Counted {
  readonly label: string;
  readonly value: string;
  readonly path: string;
  readonly count: string;
}

export interface Time {
  /** For `<time datetime>`. */
  readonly iso: string;
  /** `2026-11-21 10:00:07 UTC (11:00:07 UTC+01:00)` */
  readonly text: string;
}

/** `good` only where everything holds; said in words and by a sign, never by colour alone. */
export type Tone = 'good' | 'warn' | 'bad';

export interface ReportVerdict {
  readonly tone: Tone;
  readonly sign: string;
  readonly headline: string;
  readonly sentence: string;
  readonly state: string;
  readonly severity: string;
  readonly confidence: { readonly word: 'high' | 'medium' | 'low'; readonly why: string };
  /** What is missing until this can be final; nothing in a final report. */
  readonly provisional: string | null;
}

export interface Fact {
  readonly label: string;
  readonly text: string;
}

export interface Point {
  readonly what: string;
  readonly why: string;
}

export interface ActionLine {
  readonly title: string;
  readonly target: string;
  readonly tone: Tone;
  readonly outcome: string;
  readonly stops: string;
  /** Empty where it does not hold. */
  readonly since: string;
}

/** What the role's policies allow, against what the timeline shows. */
export interface Exposure {
  readonly kind: string;
  readonly could: readonly string[];
  readonly did: readonly string[];
}

export interface Reach {
  readonly sentence: string;
  readonly rows: readonly {
    readonly kind: string;
    readonly what: string;
    readonly how: string;
    readonly when: string;
  }[];
  readonly followed: readonly Point[];
  readonly left: readonly { readonly what: string; readonly how: string; readonly check: string }[];
}

export interface RotateStep {
  readonly what: string;
  readonly why: string;
  readonly how: string;
}

export interface DecisionPoint {
  readonly question: string;
  readonly who: string;
  readonly by: string;
  readonly command: string | null;
}

export interface CallLine {
  readonly iso: string;
  readonly clock: string;
  readonly who: string;
  readonly what: string;
  /** Names of the resources. */
  readonly on: string;
  /** Their ARNs, shown on demand; empty where the names are all there is. */
  readonly onInFull: string;
  readonly from: string;
  readonly outcome: string;
  readonly tone: Tone;
  readonly mark: string | null;
}

export interface TimelineView {
  readonly sentence: string;
  /** The words of the column *Who*, and what each means. */
  readonly legend: readonly Fact[];
  readonly picture: Picture | null;
  readonly phases: readonly { readonly title: string; readonly calls: readonly CallLine[] }[];
  /** How many rows are only in the files. */
  readonly left: string | null;
}

/** A strip of time, 360 units wide. Told by height, shape and outline, so that it reads in grey. */
export interface Picture {
  readonly title: string;
  readonly text: string;
  readonly height: number;
  /** Where the lines end, and where the clock stands. */
  readonly bottom: number;
  readonly tickY: number;
  readonly lanes: readonly {
    readonly name: string;
    readonly y: number;
    readonly base: number;
    readonly hollow: boolean;
    readonly bars: readonly {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }[];
  }[];
  readonly moments: readonly {
    readonly x: number;
    readonly labelX: number;
    readonly y: number;
    readonly anchor: string;
    readonly label: string;
  }[];
  readonly ticks: readonly {
    readonly x: number;
    readonly anchor: string;
    readonly label: string;
  }[];
}

export interface Technique {
  readonly id: string;
  readonly name: string;
  readonly calls: string;
}

export interface EvidenceView {
  readonly sentence: string;
  readonly folder: string;
  readonly verify: string;
  readonly objects: readonly {
    readonly path: string;
    readonly bytes: string;
    readonly sha256: string;
    readonly taken: string;
    readonly source: string;
  }[];
  readonly gaps: readonly (Point & {
    readonly kind: 'missing' | 'differs' | 'incomplete' | 'foreign';
  })[];
}

export interface Clock {
  readonly name: string;
  readonly meaning: string;
  readonly at: Time;
  readonly after: string;
}
