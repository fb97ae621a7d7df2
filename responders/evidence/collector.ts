import type { Readable } from 'node:stream';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Case } from '../incident/case.ts';
import type { Gap } from '../incident/evidence.ts';
import type { Suspect } from '../incident/suspect.ts';
import type { Aws } from '../shared/aws.ts';
import type { Grant } from '../shared/grant.ts';
import type { Download, Piece } from './store.ts';

/** What a collector may use. Made once per container in responders/handlers, faked in tests. */
export interface Sources {
  /** The region of the function that the incident is about, in which its clients ask. */
  readonly region: string;
  readonly lambda: LambdaClient;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudtrail: CloudTrailClient;
  /**
   * ARNs of our own deny policies: what the evidence shows of them is not the attacker's work.
   */
  readonly quarantine: Aws['quarantine'];
  /** Follows a link to code. */
  readonly follow: (
    url: string,
    signal: AbortSignal,
  ) => Promise<{ readonly body: Readable; readonly bytes: number }>;
  /** The key of what replaces secrets; different in each deployment. */
  readonly salt: string;
  readonly now: () => number;
}

export interface Collecting extends Sources {
  /** Aborted when the collector's time is up. Every call hears it. */
  readonly signal: AbortSignal;
  /**
   * A range of what this collector has just stored: large archives are looked into without being
   * held in memory.
   */
  readonly readBack: (path: string, start: number, length: number) => Promise<Uint8Array>;
  /** Of what this collector has stored; nothing where it could not be. */
  readonly sizeOf: (path: string) => number | undefined;
}

/**
 * One by one: what came before a failure is kept, and the next is asked for when the last is
 * stored.
 */
export type CollectorOutput = AsyncGenerator<Piece | Download | Gap, void, void>;

/** One source of evidence. A gap is an answer too; a throw becomes one. */
export interface Collector {
  /** Also its address: `collect.finding` is responders/evidence/sources/finding.ts. */
  readonly id: `collect.${string}`;
  readonly title: string;
  /** `sealing` where the source is complete only at the end of the incident. */
  readonly when: 'at once' | 'sealing';
  /**
   * The incident as a whole, or suspects of these kinds. Of several suspects each is read; about
   * the first every collector is asked, so that what cannot be read of it is a gap.
   */
  readonly about: 'incident' | readonly Suspect['kind'][];
  readonly calls: readonly Grant[];
  collect(incident: Case, from: Collecting): CollectorOutput;
}
