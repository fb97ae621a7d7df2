import type { LinkedFile } from './link-reader.ts';
import type { Progress } from './objects.ts';
import type { BucketTask, BucketVerdict } from './verify-bucket.ts';

/** What the page says to its worker. */
export type ToWorker =
  | { readonly kind: 'verify'; readonly task: BucketTask }
  | { readonly kind: 'links'; readonly links: readonly LinkedFile[] }
  | { readonly kind: 'no-links'; readonly why: string };

/** What the worker says to the page. */
export type FromWorker =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'links-wanted'; readonly paths: readonly string[] }
  | { readonly kind: 'done'; readonly verdict: BucketVerdict }
  | { readonly kind: 'lost'; readonly why: string };
