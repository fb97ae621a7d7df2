import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import type { Head } from '../incident/case.ts';
import { type Entry, foreignReasons, type Gap } from '../incident/evidence.ts';
import { errorText } from '../shared/errors.ts';
import type { Locked } from './manifest.ts';
import { isManifestFile } from './sealed-manifest.ts';
import { folderOf, provenance, type Store, stored } from './store.ts';
import { streamHash } from './stream-hash.ts';

/** A later round is inside the first one's folder, and another manifest's business. */
const later = /^round-\d+\//;
/** What comes after the list that the manifest is. */
const isUnlisted = (path: string): boolean => isManifestFile(path) || path.startsWith('custody/');

/** What the stages have recorded of this round. */
export const recorded = (head: Head, entries: readonly Entry[]): Entry[] => {
  const folder = folderOf(head);
  const own = entries.filter(
    ({ key }) => key.startsWith(folder) && !later.test(key.slice(folder.length)),
  );
  return [...new Map(own.map((entry) => [entry.key, entry])).values()];
};

/** The keys of every object that lies below a prefix, or did. */
export const keysIn = async ({ s3, bucket }: Store, folder: string): Promise<string[]> => {
  const keys: string[] = [];
  let [KeyMarker, VersionIdMarker]: (string | undefined)[] = [];
  do {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: folder, KeyMarker, VersionIdMarker }),
    );
    keys.push(...(page.Versions ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    [KeyMarker, VersionIdMarker] = [page.NextKeyMarker, page.NextVersionIdMarker];
  } while (KeyMarker);
  return keys;
};

/** Instead of a collector: no stage has recorded that it stored the object. */
const strayCollector = 'unknown';

/** Of an object that was stored without a checksum of this kind, as Cordon never does. */
const hashOf = async ({ s3, bucket }: Store, key: string): Promise<string> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return streamHash(Body instanceof Readable ? Body : Readable.from([]));
};

/**
 * What lies in the folder and nobody recorded, such as the last object of a function that was
 * stopped: it is listed too.
 */
export const strays = async (
  to: Store,
  head: Head,
  known: readonly Entry[],
): Promise<{ entries: Entry[]; gaps: Gap[] }> => {
  const folder = folderOf(head);
  const names = new Set(known.map(({ key }) => key));
  const displacing = new Set(known.map(({ insteadOf }) => insteadOf));
  const wanted = (key: string) =>
    !names.has(key) &&
    !later.test(key.slice(folder.length)) &&
    !isUnlisted(key.slice(folder.length));
  const keys = [...new Set(await keysIn(to, folder))].filter(wanted);
  const entries = await each(keys, async (key) => {
    const object = await stored(to, key);
    if (!object) return [];
    const origin = { collector: strayCollector, startedAt: Date.now() };
    const { bytes, versionId } = object;
    return [
      {
        ...provenance(head, key, { path: '', type: '', source: 'unknown' }, origin),
        sha256: object.sha256 || (await hashOf(to, key)),
        ...{ bytes, versionId },
      },
    ];
  });
  return {
    entries: entries.flat(),
    gaps: keys
      .map((key) => key.slice(folder.length))
      .filter((path) => !displacing.has(path))
      .map((path) => ({ kind: 'foreign', what: path, why: foreignReasons.stray })),
  };
};

const isStray = ({ collector }: Entry): boolean => collector === strayCollector;

const atOnce = 8;

/** Some at a time, results in order. */
const each = async <T, R>(list: readonly T[], work: (element: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  for (let start = 0; start < list.length; start += atOnce)
    results.push(...(await Promise.all(list.slice(start, start + atOnce).map(work))));
  return results;
};

/**
 * Asks S3 about exactly the versions that are to be listed: until when they are locked, and whether
 * the checksum is still ours.
 */
export const readBack = async (
  to: Store,
  entries: readonly Entry[],
  folder: string,
): Promise<{ locked: Locked[]; gaps: Gap[] }> => {
  const gaps: Gap[] = [];
  const locked = await each(entries, async (entry) => {
    const what = entry.key.slice(folder.length);
    const now = await stored(to, entry.key, entry.versionId ?? undefined).catch(
      (error: unknown) => {
        gaps.push({
          what: `lock of ${what}`,
          why: errorText(error),
        });
        return null;
      },
    );
    if (now === undefined) gaps.push({ what, why: 'it was stored, but S3 no longer finds it' });
    else if (now && now.sha256 !== entry.sha256 && (now.sha256 || !isStray(entry)))
      gaps.push({
        kind: 'differs',
        what,
        why: `S3 says that its SHA-256 is ${now.sha256 || 'not known'}`,
      });
    else if (now && now.retainUntil === null)
      gaps.push({ what: `lock of ${what}`, why: 'S3 names no retention for it' });
    return { ...entry, retainUntil: now?.retainUntil ?? null };
  });
  return { locked, gaps };
};
