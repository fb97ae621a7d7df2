import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Case } from './case.ts';
import type { Gap, Piece } from './evidence.ts';
import type { Grant } from './grant.ts';

export interface Collecting {
  readonly lambda: LambdaClient;
  /** Follows the link to a function's code; links are bearer credentials and are never stored. */
  readonly download: (url: string) => Promise<Uint8Array>;
}

/** One source of evidence. A gap is an answer too; a throw becomes one. */
export interface Collector {
  /** Also its address: `collect.finding` is responders/collect/finding.ts. */
  readonly id: `collect.${string}`;
  readonly title: string;
  readonly calls: readonly Grant[];
  collect(found: Case, from: Collecting): Promise<{ readonly pieces: readonly Piece[]; readonly gaps?: readonly Gap[] }>;
}
