import { createHash } from 'node:crypto';
import type { Case, Head } from '../incident/case.ts';
import { type Entry, foreignGaps, foreignReasons, type Gap } from '../incident/evidence.ts';
import type { Stamp } from '../incident/stage.ts';
import type { Table } from '../incident/table.ts';
import { at, isRecord } from '../shared/json.ts';
import { type Claimed, chainOf, claim, endOf, type Link } from './chain.ts';
import { storeClaimedManifest } from './claimed-manifest.ts';
import { enter } from './entry.ts';
import { readBack, recorded, strays } from './folder.ts';
import { type Locked, listed, manifestBytes, type Sealing } from './manifest.ts';
import { incidentPage, type Variable } from './page.ts';
import { manifestPath, signaturePath } from './sealed-manifest.ts';
import { type PublicKey, publicKeyOf, type Signer, sign } from './signer.ts';
import { bytesOf, folderOf, keyOf, type Store, store, stored } from './store.ts';
import type { Authority } from './timestamp.ts';

export interface SealDeps {
  readonly to: Store;
  readonly table: Table;
  readonly signer: Signer;
  readonly account: string;
  readonly region: string;
  /** The text of verify.mjs, which is stored with the evidence. */
  readonly verifier: string;
  readonly titles: ReadonlyMap<string, string>;
  readonly now: () => number;
  /** By configuration: a witness of when the manifest existed. */
  readonly authority?: Authority | undefined;
}

export interface Sealed {
  readonly manifest: { readonly key: string; readonly sha256: string; readonly bytes: number };
  readonly sequence: number;
  /** What sealing itself has stored and found missing. */
  readonly entries: readonly Entry[];
  readonly gaps: readonly Gap[];
  /** Where one was asked for. */
  readonly timestamp?: Stamp;
}

type ManifestDraft = (previous: Link | null) => Buffer;

/**
 * Evidence of drills expires: their chain begins anew when the lock of its last manifest has ended,
 * rather than name what will be gone.
 */
const predecessor = async (
  { to, now }: SealDeps,
  { drill }: Head,
  last: Link | null,
): Promise<Link | null> => {
  if (!drill || !last) return last;
  const there = await stored(to, last.key);
  const ended = !there || (there.retainUntil !== null && Date.parse(there.retainUntil) <= now());
  return ended ? null : last;
};

/**
 * Tries until the place it signed for is still free: a faster one costs a signature, never a
 * manifest that claims another's place.
 */
const append = async (
  deps: SealDeps,
  head: Head,
  key: string,
  draft: ManifestDraft,
): Promise<Claimed> => {
  const chain = chainOf(head, deps.account);
  for (;;) {
    const end = await endOf(deps.table, chain);
    if (end?.pending) await storeClaimedManifest(deps, chain, end.pending);
    const last = end?.link ?? null;
    const previous = await predecessor(deps, head, last);
    const manifest = draft(previous);
    const link = {
      sequence: (previous?.sequence ?? 0) + 1,
      incident: head.id,
      key,
      sha256: createHash('sha256').update(manifest).digest('hex'),
    };
    const claimed = { ...link, manifest, signature: await sign(deps.signer, manifest) };
    if (await claim(deps.table, chain, claimed, last))
      return { ...claimed, key: await storeClaimedManifest(deps, chain, claimed) };
  }
};

/** The line of the index that says that a round is sealed. */
export const enterSealed = (
  deps: SealDeps,
  head: Head,
  link: Pick<Link, 'sequence' | 'sha256'>,
  objects: readonly unknown[],
  gaps: number,
) => {
  const bytes = objects.reduce<number>((sum, object) => sum + Number(at(object, 'bytes')), 0);
  return enter(deps.to, head, {
    sequence: link.sequence,
    sha256: link.sha256,
    objects: objects.length,
    bytes,
    gaps,
  });
};

/**
 * Names and keyed hashes only, from the files that the collector wrote beside the configurations.
 */
const variablesOf = async (
  { to }: SealDeps,
  folder: string,
  entries: readonly Entry[],
): Promise<readonly Variable[]> => {
  const files = entries.filter(({ key }) => key.endsWith('/environment-names.json'));
  const read = files.map(async ({ key }): Promise<Variable[]> => {
    const version = /function\/versions\/(\d+)\//.exec(key.slice(folder.length))?.[1] ?? '$LATEST';
    const parsed: unknown = JSON.parse(Buffer.from(await bytesOf(to, key)).toString());
    return (Array.isArray(parsed) ? parsed : []).filter(isRecord).map(({ name, keyedHash }) => ({
      version,
      name: String(name),
      keyedHash: String(keyedHash),
    }));
  });
  return (await Promise.all(read)).flat();
};

/** A round that is not sealed has no manifest of Cordon's. */
const foreignManifest = async (to: Store, head: Head): Promise<Gap[]> => {
  const paths = [manifestPath, signaturePath(manifestPath)];
  const there = await Promise.all(paths.map((path) => stored(to, keyOf(head, path))));
  return paths
    .filter((_path, index) => there[index])
    .map((what) => ({ kind: 'foreign', what, why: foreignReasons.unsigned }));
};

/** What an auditor needs to verify the folder. */
const toolsFor = async (
  to: Store,
  head: Head,
  verifier: string,
  { pem }: PublicKey,
): Promise<readonly Entry[]> => [
  await store(to, head, {
    path: 'public-key.pem',
    body: pem,
    type: 'application/x-pem-file',
    source: 'kms:GetPublicKey',
  }),
  await store(to, head, {
    path: 'verify.mjs',
    body: verifier,
    type: 'text/javascript',
    source: 'cordon',
  }),
];

interface Content {
  readonly locked: readonly Locked[];
  readonly own: readonly Entry[];
  readonly gaps: readonly Gap[];
}

/**
 * Everything that the manifest will list: what was recorded, what was not, and at last the page
 * about both.
 */
const complete = async (
  incident: Case,
  recordedGaps: readonly Gap[],
  known: readonly Entry[],
  key: PublicKey,
  deps: SealDeps,
): Promise<Content> => {
  const { to, verifier, titles, account, region } = deps;
  const { head } = incident;
  const folder = folderOf(head);
  const tools = await toolsFor(to, head, verifier, key);
  const unknown = await strays(to, head, [...known, ...tools]);
  const pageKey = keyOf(head, 'index.html');
  const others = unknown.entries.filter((entry) => entry.key !== pageKey);
  const { locked, gaps: lockGaps } = await readBack(to, [...known, ...others, ...tools], folder);
  const gaps = [
    ...recordedGaps,
    ...foreignGaps(tools),
    ...(await foreignManifest(to, head)),
    ...unknown.gaps.filter(({ what }) => what !== 'index.html'),
    ...lockGaps,
  ];
  const variables = await variablesOf(deps, folder, known);
  const createdAt = new Date(deps.now()).toISOString();
  const body = incidentPage({
    incident,
    account,
    region,
    createdAt,
    objects: listed(folder, locked),
    gaps,
    variables,
    publicKey: key,
    titles,
  });
  const page = await store(to, head, {
    path: 'index.html',
    body,
    type: 'text/html; charset=utf-8',
    source: 'cordon',
  });
  const displacing = unknown.entries.filter(({ key }) => page.insteadOf && key === pageKey);
  const { locked: pages } = await readBack(to, [page, ...displacing], folder);
  return {
    locked: [...locked, ...pages],
    own: [...tools, page],
    gaps: [...gaps, ...foreignGaps([page])],
  };
};

/**
 * The last objects of a round: key, verifier, page, and the signed list of everything, linked to
 * the account's last one.
 */
export const seal = async (
  incident: Case,
  entries: readonly Entry[],
  gaps: readonly Gap[],
  deps: SealDeps,
): Promise<Sealed> => {
  const { head } = incident;
  const publicKey = await publicKeyOf(deps.signer);
  const content = await complete(incident, gaps, recorded(head, entries), publicKey, deps);
  const sealing: Sealing = {
    incident: head.id,
    round: head.round,
    account: deps.account,
    region: deps.region,
    createdAt: new Date(deps.now()).toISOString(),
    signing: {
      keyId: deps.signer.keyId,
      algorithm: 'ECDSA_SHA_256',
      publicKeySha256: publicKey.sha256,
    },
  };
  const objects = listed(folderOf(head), content.locked);
  const usual = keyOf(head, manifestPath);
  const { manifest, key, ...link } = await append(deps, head, usual, (previous) =>
    manifestBytes(sealing, objects, content.gaps, previous),
  );
  const unlisted = await enterSealed(deps, head, link, objects, content.gaps.length);
  return {
    manifest: { key, sha256: link.sha256, bytes: manifest.length },
    sequence: link.sequence,
    entries: content.own,
    gaps: [...content.gaps, ...unlisted],
  };
};
