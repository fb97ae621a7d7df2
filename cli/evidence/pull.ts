import { createHash, createPublicKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { speaksOfFullDisk } from '../../local/engine/disk-errors.ts';
import { writeCustody } from '../../operator/custody.ts';
import { CordonError } from '../../operator/errors.ts';
import {
  type Bucket,
  bucketWith,
  bytesOf,
  type Folder,
  firstOf,
  type ObjectVersion,
  openFolder,
  streamOf,
} from '../../operator/evidence-bucket.ts';
import { type Manifest, manifestOf, parseManifest } from '../../operator/evidence-manifest.ts';
import { output } from '../../operator/place.ts';
import { canonical, describe, isPath, verify } from '../../responders/evidence/verify.mjs';
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
  readonly round?: number;
  readonly to: string;
  readonly purpose: string;
}

/** How many objects are read at once, and how many previous manifests are pulled. */
const atOnce = 8;
const links = 10;

/**
 * Copies the evidence with the custody entry of this very copy, and verifies the copy. The space is
 * taken before the entry is written, so that a full disk leaves no entry about a copy that was not
 * handed out.
 */
export const pull = async (
  deps: CommandDeps,
  out: Output,
  { to, purpose, ...wanted }: PullRequest,
): Promise<ExitCode> => {
  await assertEmpty(to);
  const bucket = await bucketWith(await placeOf(deps, wanted), wanted.incident);
  const before = await openFolder(bucket, wanted.incident, wanted.round);
  const manifest = await manifestOf(bucket, before);
  const copy = await openPullFolder(to);
  deps.signal.addEventListener('abort', copy.discard);
  try {
    await copy.reserve(sizesOf(wantedIn(before, manifest)));
    const entryNumber = await writeCustody(bucket, before, {
      what: 'export',
      purpose,
      objects: manifest.objects.length,
    });
    out.note(`written down: ${manifest.objects.length} objects, "${printable(purpose)}"`);
    await copy.releaseSlack();
    const folder = upTo(entryNumber, await openFolder(bucket, wanted.incident, before.round));
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

/**
 * The folder up to our own custody entry. An entry of a concurrent reader may be there before its
 * signature, so later entries are left out.
 */
const upTo = (entryNumber: number, { versions, ...folder }: Folder): Folder => {
  const later = (path: string): boolean =>
    Number(/^custody\/(\d{6})\.(json|sig)$/.exec(path)?.[1] ?? 0) > entryNumber;
  return { ...folder, versions: new Map([...versions].filter(([path]) => !later(path))) };
};

const touchedIn = ({ touched }: Folder): string[] =>
  touched.map(
    (path) =>
      `${printable(path)}: somebody overwrote or deleted it in the bucket; ` +
      'its first version was pulled',
  );

/**
 * Exactly the versions that the manifest lists, and the first version of everything else that lies
 * in the folder.
 */
const wantedIn = (
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
  const queue = [...wantedIn(folder, manifest)].sort(([left], [right]) => (left < right ? -1 : 1));
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [path, version] = next;
      const problem = isPath(path)
        ? await save(bucket, version, copy, path)
        : 'its name cannot be one of evidence, so it was left where it is';
      if (problem) problems.push(`${printable(path)}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return problems;
};

/** Streams one object into a file; returns why where that fails. A full disk ends the pull. */
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

interface ChainLink {
  readonly sequence: number;
  readonly sha256: string;
}

/** The manifests before this one, with what their signatures are checked with. */
const chain = async (
  bucket: Bucket,
  manifest: Manifest,
  copy: PullFolder,
): Promise<readonly ChainLink[]> => {
  const own = at(manifest.value, 'signing.publicKeySha256');
  const pulled: ChainLink[] = [];
  let { value } = manifest;
  for (
    let key = at(value, 'previous.key');
    typeof key === 'string' && pulled.length < links;
    key = at(value, 'previous.key')
  ) {
    const folder = key.replace(/manifest\.json$/, '');
    const there = await firstOf(bucket, key);
    // Evidence of drills expires. The verifier reports a missing predecessor.
    if (!there) break;
    const bytes = await bytesOf(bucket, there);
    const sequence = Number(at(value, 'sequence')) - 1;
    ({ value } = parseManifest(bytes));
    const keyToo = at(value, 'signing.publicKeySha256') === own ? [] : ['public-key.pem'];
    for (const name of ['manifest.json', 'manifest.sig', ...keyToo]) {
      const file = await firstOf(bucket, `${folder}${name}`);
      if (file) await save(bucket, file, copy, `chain/${sequence}/${name}`);
    }
    pulled.push({ sequence, sha256: sha256(bytes) });
  }
  return pulled;
};

/** Records what was pulled, so that the verifier notices when the end of a chain is missing. */
const writeExport = async (
  to: string,
  { incident, round, versions }: Folder,
  links: readonly ChainLink[],
): Promise<void> => {
  const entries = [...versions.keys()].filter((path) => /^custody\/\d{6}\.json$/.test(path)).sort();
  const last = await readFile(join(to, entries.at(-1) ?? 'manifest.json'));
  const stamp = versions.has('manifest.tsr')
    ? { timestamp: sha256(await readFile(join(to, 'manifest.tsr'))) }
    : {};
  const counted = { incident, round, custodyEntries: entries.length, lastCustody: sha256(last) };
  const value = { schema: 'cordon-export/1', ...counted, chain: links, ...stamp };
  await writeFile(join(to, 'export.json'), canonical(value), { flag: 'wx', mode: 0o600 });
};

/**
 * The key from KMS, if the manifest was signed with the key of this deployment. It proves more than
 * the key in the folder, which an intruder could replace.
 */
const publicKey = async ({ place }: Bucket, { value }: Manifest): Promise<string | undefined> => {
  const KeyId = output(place, 'CordonResponse', 'SigningKeyArn');
  if (at(value, 'signing.keyId') !== KeyId) return undefined;
  const { PublicKey: der } = await new KMSClient(await place.config('auditor')).send(
    new GetPublicKeyCommand({ KeyId }),
  );
  if (!der) return undefined;
  return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
    .export({ format: 'pem', type: 'spki' })
    .toString();
};
