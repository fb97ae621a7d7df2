import { at } from '../shared/json.ts';

export type Taken = 'before containment' | 'after containment';

/** One stored object, as the manifest lists it. */
export interface Entry {
  readonly key: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly versionId: string | null;
  /** Which call or stage it came from. */
  readonly source: string;
  readonly requestId: string | null;
  readonly collector: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly taken: Taken;
}

/**
 * In what way a gap is one: nothing is there, or something else than wanted, or only a part of it.
 */
export const gapKinds = ['missing', 'differs', 'incomplete'] as const;
export type GapKind = (typeof gapKinds)[number];

/** What the evidence lacks, and why. */
export interface Gap {
  readonly collector?: string;
  /** `missing` unless said. */
  readonly kind?: GapKind;
  readonly what: string;
  readonly why: string;
  /** True of every collection: a limit, and no loss of this one. */
  readonly always?: true;
}

/** Of a gap as it was written or read back; older ones do not say. */
export const gapKind = (gap: unknown): GapKind =>
  gapKinds.find((kind) => kind === at(gap, 'kind')) ?? 'missing';
