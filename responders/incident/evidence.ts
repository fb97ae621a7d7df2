import { at, listAt, textAt } from '../shared/json.ts';

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
  /** The path where it belongs, and where other bytes already lay: keys are create-only. */
  readonly insteadOf?: string;
}

/**
 * In what way a gap is one: nothing is there, or something else than wanted, or only a part of it,
 * or something that Cordon did not store.
 */
export const gapKinds = ['missing', 'differs', 'incomplete', 'foreign'] as const;
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

/** How the reasons of foreign objects begin. */
export const foreignReasons = {
  displacing: 'other bytes lay there before Cordon stored its own',
  stray: 'the stage that stored it ended before it recorded that, or somebody else stored it',
  unsigned: 'it lay there before the evidence was sealed, and Cordon has not signed it',
} as const;

/** What took the place of objects, and where these lie instead. */
export const foreignGaps = (entries: readonly Entry[]): Gap[] =>
  entries.flatMap(({ key, insteadOf }) =>
    insteadOf === undefined
      ? []
      : [
          {
            kind: 'foreign',
            what: insteadOf,
            why:
              `${foreignReasons.displacing}: an earlier try of the same stage left them, or ` +
              `somebody else; what Cordon stored is ${key}`,
          },
        ],
  );

const isForeignReason = (why: string): boolean =>
  Object.values(foreignReasons).some((beginning) => why.startsWith(beginning));

/**
 * Gaps of a manifest, which keeps no kinds: auditors check it against its schema. Foreign objects
 * are known by their reason.
 */
export const gapsOfManifest = (manifest: unknown): Gap[] =>
  listAt(manifest, 'gaps').map((gap) => {
    const [what, why] = [textAt(gap, 'what') ?? '', textAt(gap, 'why') ?? ''];
    return { ...(isForeignReason(why) && ({ kind: 'foreign' } as const)), what, why };
  });

/** Of a gap as it was written or read back; older ones do not say. */
export const gapKind = (gap: unknown): GapKind =>
  gapKinds.find((kind) => kind === at(gap, 'kind')) ?? 'missing';
