import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { speaksOfFullDisk } from '../../local/engine/disk-errors.ts';
import { assertKept } from '../../local/expired-drills.ts';
import { writeCustody } from '../../operator/custody.ts';
import { CordonError } from '../../operator/errors.ts';
import {
  type Bucket,
  bucketWith,
  type Folder,
  foreignNote,
  type ObjectVersion,
  openFolder,
  signingKeyOf,
  streamOf,
} from '../../operator/evidence-bucket.ts';
import { type EarlierLink, earlierManifests, upTo } from '../../operator/evidence-export.ts';
import { type Manifest, manifestOf } from '../../operator/evidence-manifest.ts';
import { canonical, describe, isPath, verify } from '../../responders/evidence/verify.mjs';
import { count } from '../../responders/shared/count.ts';
import { errorText } from '../../responders/shared/errors.ts';
import { at } from '../../responders/shared/json.ts';
import { printable } from '../../responders/shared/printable.ts';
import { namesIn } from '../input.ts';
import type { ExitCode, Output } from '../output.ts';
import { type PlacedOptions, placeOf } from '../placed.ts';
import type { EvidencePullDocument } from '../schemas/evidence-pull.ts';
import type { CommandDeps } from '../verb.ts';
import { openPullFolder, type PullFolder, targetFull } from './pull-folder.ts';

interface PullRequest extends PlacedOptions {
  readonly incident: string;
  /** The round of containment; without it the latest whose evidence is sealed. */
  readonly round?: number;
  /** The new folder on this machine. */
  readonly to: string;
  /** Why the evidence is read; becomes part of the custody entry. */
  readonly purpose: string;
}

/** How many objects are downloaded at once. */
const atOnce = 8;

/**
 * Writes a custody entry about the copy, copies the evidence together with that entry, and verifies
 * the copy. The space is taken before the entry is written, so that a full disk leaves no entry
 * about a copy that was not handed out.
 */
export const pull = async (
  deps: CommandDeps,
  out: Output,
  { to, purpose, ...selection }: PullRequest,
): Promise<ExitCode> => {
  await assertEmpty(to);
  const place = await placeOf(deps, selection);
  assertKept(place, selection.incident);
  const { bucket, incident } = await bucketWith(place, selection.incident);
  const sealedFolder = await openFolder(bucket, incident, selection.round);
  const manifest = await manifestOf(bucket, sealedFolder);
  const copy = await openPullFolder(to);
  deps.signal.addEventListener('abort', copy.discard);
  try {
    await copy.reserve(sizesOf(versionsToPull(sealedFolder, manifest)));
    const entryNumber = await writeCustody(bucket, sealedFolder, {
      what: 'export',
      purpose,
      objects: manifest.objects.length,
    });
    out.note(
      `custody entry added: ${count(manifest.objects.length, 'object')}, "${printable(purpose)}"`,
    );
    await copy.releaseSlack();
    const folder = upTo(entryNumber, await openFolder(bucket, incident, sealedFolder.round));
    for (const path of folder.foreign) out.note(foreignNote(path));
    const problems = [...touchedIn(folder), ...(await download(bucket, folder, manifest, copy))];
    await writeExport(copy.path, folder, await chain(bucket, manifest, copy));
    const result = await verify(copy.path, { key: await publicKey(bucket, manifest) });
    await copy.publish();
    for (const problem of problems) out.line(problem);
    out.line(describe(result));
    out.document<EvidencePullDocument>({ folder: to, problems, ...result });
    return result.ok && problems.length === 0 ? 0 : 1;
  } catch (error) {
    copy.discard();
    throw isFullDisk(error) ? targetFull(to, undefined, error) : error;
  }
};

const isFullDisk = (error: unknown): boolean =>
  !(error instanceof CordonError) && speaksOfFullDisk(errorText(error));

const assertEmpty = async (dir: string): Promise<void> => {
  if ((await namesIn(dir)).length > 0)
    throw new CordonError(
      `${dir} is not empty: name a new folder, so that only evidence is in it`,
      { code: 2 },
    );
};

/** A problem for each object that was overwritten or deleted in the bucket. */
const touchedIn = ({ touched }: Folder): string[] =>
  touched.map(
    (path) =>
      `${printable(path)}: it was overwritten or deleted in the bucket; ` +
      'its first version was pulled',
  );

/**
 * Exactly the versions that the manifest lists, and the first version of everything else that lies
 * in the folder.
 */
const versionsToPull = (
  { prefix, versions }: Folder,
  { objects }: Manifest,
): ReadonlyMap<string, ObjectVersion> => {
  const wanted = new Map<string, ObjectVersion>(versions);
  for (const { path, versionId } of objects)
    wanted.set(path, { key: `${prefix}${path}`, versionId, bytes: versions.get(path)?.bytes });
  return wanted;
};

/** The sizes of what can be pulled, as the bucket lists them. */
const sizesOf = (wanted: ReadonlyMap<string, ObjectVersion>): ReadonlyMap<string, number> =>
  new Map(
    [...wanted].flatMap(([path, { bytes = 0 }]): [string, number][] =>
      isPath(path) && bytes > 0 ? [[path, bytes]] : [],
    ),
  );

const download = async (
  bucket: Bucket,
  folder: Folder,
  manifest: Manifest,
  copy: PullFolder,
): Promise<string[]> => {
  const problems: string[] = [];
  const queue = [...versionsToPull(folder, manifest)].sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [path, version] = next;
      const problem = isPath(path)
        ? await save(bucket, version, copy, path)
        : 'its name is not one that Cordon gives, so it was not pulled';
      if (problem) problems.push(`${printable(path)}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return problems;
};

/** Streams one object into a file; returns why that failed. A full disk ends the pull. */
const save = async (
  bucket: Bucket,
  version: ObjectVersion,
  copy: PullFolder,
  path: string,
): Promise<string | undefined> => {
  try {
    await copy.save(path, await streamOf(bucket, version));
    return undefined;
  } catch (error) {
    if (isFullDisk(error)) throw error;
    return `it could not be pulled: ${printable(errorText(error), 300)}`;
  }
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Pulls the earlier manifests with their signatures. */
const chain = async (
  bucket: Bucket,
  manifest: Manifest,
  copy: PullFolder,
): Promise<readonly EarlierLink[]> => {
  const links = await earlierManifests(bucket, manifest);
  for (const { files } of links)
    for (const [path, file] of files) await save(bucket, file, copy, path);
  return links;
};

/**
 * Records what was pulled. Without it the verifier could not notice that the last custody entries
 * or the earliest manifests were removed from the copy.
 */
const writeExport = async (
  to: string,
  { incident, round, versions }: Folder,
  earlier: readonly EarlierLink[],
): Promise<void> => {
  const entries = [...versions.keys()].filter((path) => /^custody\/\d{6}\.json$/.test(path)).sort();
  const last = await readFile(join(to, entries.at(-1) ?? 'manifest.json'));
  const timestampHash = versions.has('manifest.tsr')
    ? { timestamp: sha256(await readFile(join(to, 'manifest.tsr'))) }
    : {};
  const pulled = { incident, round, custodyEntries: entries.length, lastCustody: sha256(last) };
  const links = earlier.map(({ sequence, sha256: hash }) => ({ sequence, sha256: hash }));
  const value = { schema: 'cordon-export/1', ...pulled, chain: links, ...timestampHash };
  await writeFile(join(to, 'export.json'), canonical(value), { flag: 'wx', mode: 0o600 });
};

/**
 * The key from KMS, if the manifest was signed with the key of this deployment. It proves more than
 * the key in the folder, which an intruder could replace.
 */
const publicKey = async ({ place }: Bucket, { value }: Manifest): Promise<string | undefined> => {
  const { keyId, pem } = await signingKeyOf(place);
  return at(value, 'signing.keyId') === keyId ? pem : undefined;
};
