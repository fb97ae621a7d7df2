import * as z from 'zod';
import { forEachBounded } from '../../shared/bounded.ts';
import type { AppLog } from '../../shared/log.ts';
import type { CountMetric } from '../../shared/metrics.ts';
import type { AuditTables } from '../ingest/keep.ts';
import { canonicalJson, sha256Hex } from '../schemas/canonical.ts';
import { type AuditEvent, auditEvent } from '../schemas/event.ts';
import { createObject, createOrKeep, readObject, type SealBucket } from './bucket.ts';
import { claimSeal, finishSeal, type LastSeal, lastSeal, nameSeal } from './chain.ts';
import { listedBody, nameOfSeal, type SealObject, sealedRows, sealManifest } from './folder.ts';
import { leafOf } from './merkle.ts';
import { entriesOf, type PendingEvents, pendingEvents } from './pending.ts';
import { fingerprintOf, type SealSigner, sealKeyOf, signSeal } from './signer.ts';

export interface AuditSealDeps {
  readonly tables: AuditTables;
  readonly bucket: SealBucket;
  readonly signer: SealSigner;
  readonly account: string;
  readonly region: string;
  /** The text of verify.mjs, which lies beside what it verifies. */
  readonly verifier: string;
  readonly now: () => number;
  readonly count: CountMetric;
  readonly log: AppLog;
}

/** What fits the memory of the function with room to spare. */
export const mostEvents = 4_000;
const atOnce = 25;

/** The beginning of the keys of a seal's objects. */
export const folderOfSeal = (sequence: number): string => `seals/${nameOfSeal(sequence)}/`;

const rowsIn = (text: string): AuditEvent[] =>
  text
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => auditEvent.parse(JSON.parse(row)));

/**
 * What an ended run has left for this place of the chain. Its events are believed as far as the
 * ledger knows each with this content, and without a seal. What it has left without events was
 * about gaps alone: the seal of this place can hold no event any more, and names the gaps of now.
 */
const leftBehind = async (
  { tables, bucket }: AuditSealDeps,
  folder: string,
): Promise<PendingEvents | undefined> => {
  const key = `${folder}events.ndjson`;
  const left = await readObject(bucket, key);
  if (!left) return undefined;
  const events = rowsIn(left.toString());
  const entries = await entriesOf(
    tables,
    events.map(({ eventId }) => eventId),
  );
  for (const event of events) {
    const entry = entries.get(event.eventId);
    if (entry?.leaf !== leafOf(canonicalJson(event)) || entry.seal !== undefined)
      throw new Error(`${key} holds ${event.eventId}, which the ledger does not know like this`);
  }
  const gaps = events.length > 0 ? [] : (await pendingEvents(tables, mostEvents)).gaps;
  return { events, gaps };
};

/** An ended run of an earlier release may have written it in another way: its bytes stay. */
const isKeptAsItIs = (path: string): boolean => path === 'verify.mjs';

interface SealBodies {
  readonly lines: string;
  readonly leaves: string;
  readonly key: Awaited<ReturnType<typeof sealKeyOf>>;
}

/**
 * The key that signs. An ended run may have left one that was replaced since, which nobody can
 * remove: the one that signs then lies beside it, and the manifest says so.
 */
const storeKey = async (
  bucket: SealBucket,
  folder: string,
  { pem, sha256 }: SealBodies['key'],
): Promise<readonly SealObject[]> => {
  const usual = 'public-key.pem';
  const create = async (path: string): Promise<readonly [SealObject, Buffer]> => {
    const { bytes, versionId } = await createOrKeep(bucket, `${folder}${path}`, pem);
    const source = 'kms:GetPublicKey';
    return [{ path, ...listedBody(bytes), versionId, source, retainUntil: null }, bytes];
  };
  const [listed, bytes] = await create(usual);
  if (fingerprintOf(bytes) === sha256) return [listed];
  const [own, ownBytes] = await create(`own-${sha256.slice(0, 16)}/${usual}`);
  if (fingerprintOf(ownBytes) !== sha256) throw new Error(`${own.path} is not the key that signs`);
  return [listed, { ...own, insteadOf: usual }];
};

/** Everything of a seal but its manifest and signature; listed with the bytes that are there. */
const storeObjects = async (
  { bucket, verifier }: AuditSealDeps,
  folder: string,
  { lines, leaves, key }: SealBodies,
): Promise<readonly SealObject[]> => {
  const bodies = [
    ['events.ndjson', lines, 'dynamodb:BatchGetItem'],
    ['leaves.json', leaves, 'cordon'],
    ['verify.mjs', verifier, 'cordon'],
  ] as const;
  const objects: SealObject[] = [];
  for (const [path, body, source] of bodies) {
    const at = `${folder}${path}`;
    const { bytes, versionId } = await createOrKeep(bucket, at, body);
    if (!isKeptAsItIs(path) && !bytes.equals(Buffer.from(body)))
      throw new Error(`other bytes have taken ${at} in the bucket of the seals`);
    objects.push({ path, ...listedBody(bytes), versionId, source, retainUntil: null });
  }
  return [...objects, ...(await storeKey(bucket, folder, key))];
};

/** Makes a seal as far as its place in the chain: from there on it can be finished by any run. */
const prepare = async (
  deps: AuditSealDeps,
  before: LastSeal | undefined,
  { events, gaps }: PendingEvents,
): Promise<void> => {
  const { tables, signer, account, region } = deps;
  const sequence = (before?.sequence ?? 0) + 1;
  const folder = folderOfSeal(sequence);
  const { lines, leaves, root } = sealedRows(events);
  const key = await sealKeyOf(signer);
  const objects = await storeObjects(deps, folder, { lines, leaves, key });
  const manifest = sealManifest({
    ...{ sequence, account, region, objects, gaps },
    previous: before
      ? { incident: nameOfSeal(before.sequence), key: before.key, sha256: before.sha256 }
      : null,
    createdAt: new Date(deps.now()).toISOString(),
    signing: {
      keyId: signer.keyId,
      algorithm: 'ECDSA_SHA_256',
      publicKeySha256: key.sha256,
    },
    merkle: { root, events: events.length },
  });
  const signed = {
    manifest: Buffer.from(manifest),
    signature: await signSeal(signer, manifest),
  };
  const place = { sequence, key: `${folder}manifest.json`, sha256: sha256Hex(manifest) };
  await claimSeal(tables, { ...place, ...signed }, before);
};

const withGaps = z.object({ gaps: z.array(z.object({ what: z.string() })) });

/** Stores the manifest of a seal, and writes into the entry of each event which seal it has. */
const finish = async (deps: AuditSealDeps, seal: LastSeal): Promise<void> => {
  const { bucket, tables, count, log } = deps;
  const { sequence, claimed } = seal;
  if (!claimed) return;
  const folder = folderOfSeal(sequence);
  await createObject(bucket, `${folder}manifest.json`, claimed.manifest);
  await createObject(bucket, `${folder}manifest.sig`, claimed.signature);
  const lines = await readObject(bucket, `${folder}events.ndjson`);
  const rows = rowsIn(String(lines ?? '')).map(({ eventId }, index) => ({
    eventId,
    row: index + 1,
  }));
  const manifest = withGaps.parse(JSON.parse(Buffer.from(claimed.manifest).toString()));
  const gaps = manifest.gaps.map(({ what }) => ({ eventId: what, row: null }));
  await forEachBounded(atOnce, [...rows, ...gaps], ({ eventId, row }) =>
    nameSeal(tables, eventId, { sequence, row }),
  );
  await finishSeal(tables, seal.sha256);
  count('EventsSealed', rows.length);
  count('SealGaps', gaps.length);
  for (const { eventId } of gaps) log.error('an event is not as it was kept', { event: eventId });
  log.info('sealed', { seal: nameOfSeal(sequence), events: rows.length, gaps: gaps.length });
};

/** Makes one seal and says of how many events; nothing where there is nothing to seal. */
export const sealNext = async (deps: AuditSealDeps): Promise<number | undefined> => {
  const last = await lastSeal(deps.tables);
  if (last?.claimed) await finish(deps, last);
  const left = await leftBehind(deps, folderOfSeal((last?.sequence ?? 0) + 1));
  const pending = left ?? (await pendingEvents(deps.tables, mostEvents));
  const size = pending.events.length + pending.gaps.length;
  if (!left && size === 0) return undefined;
  await prepare(deps, last, pending);
  const made = await lastSeal(deps.tables);
  if (made) await finish(deps, made);
  return size;
};

/** How long a full seal may take. */
const marginMs = 90_000;

/** The handler of the schedule: seals until nothing waits, or the time is nearly over. */
export const sealAll = async (deps: AuditSealDeps, deadline: number): Promise<number> => {
  let sealed = 0;
  while (deps.now() + marginMs < deadline) {
    const size = await sealNext(deps);
    if (size === undefined) break;
    sealed += size;
  }
  deps.count('SealRuns', 1);
  return sealed;
};
