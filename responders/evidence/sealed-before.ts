import { createHash } from 'node:crypto';
import type { Case, Head } from '../incident/case.ts';
import { type Gap, gapsOfManifest } from '../incident/evidence.ts';
import { gapsOf, type Stage } from '../incident/stage.ts';
import { at, jsonIn, listAt } from '../shared/json.ts';
import { chainOf, endOf } from './chain.ts';
import { storeClaimedManifest } from './claimed-manifest.ts';
import { keysIn } from './folder.ts';
import { ownPrefix } from './own-place.ts';
import { enterSealed, type SealDeps, type Sealed } from './seal.ts';
import { type FolderReader, manifestPath, sealedManifest } from './sealed-manifest.ts';
import { publicKeyOf } from './signer.ts';
import { bytesOf, folderOf, keyOf, type Store, stored } from './store.ts';

/** An object of the folder by its path; nothing where there is none. */
const readerOf = (to: Store, head: Head): FolderReader => {
  const folder = folderOf(head);
  return {
    read: async (path) => (await stored(to, `${folder}${path}`)) && bytesOf(to, `${folder}${path}`),
    ownPaths: async () =>
      (await keysIn(to, `${folder}${ownPrefix}`)).map((key) => key.slice(folder.length)),
  };
};

/** The manifest repeats what earlier stages said; the rest only sealing has seen. */
const isNewSince = (stages: readonly Stage[]): ((gap: Gap) => boolean) => {
  const earlier = stages.filter(({ kind }) => kind !== 'sealing');
  const said = new Set(gapsOf(earlier).map(({ what, why }) => `${what}\n${why}`));
  return ({ what, why }) => !said.has(`${what}\n${why}`);
};

/**
 * A round that is sealed already, perhaps by a try that broke off: what is left to do is done,
 * nothing is done twice. Only a manifest that Cordon's key has signed counts.
 */
export const sealedBefore = async (
  { head, stages }: Case,
  deps: SealDeps,
): Promise<Sealed | undefined> => {
  const chain = chainOf(head, deps.account);
  const end = await endOf(deps.table, chain);
  if (end?.pending?.key === keyOf(head, manifestPath))
    await storeClaimedManifest(deps, chain, end.pending);
  if (!(await stored(deps.to, keyOf(head, manifestPath)))) return undefined;
  const { pem } = await publicKeyOf(deps.signer);
  const there = await sealedManifest(readerOf(deps.to, head), head, pem);
  if (!there) return undefined;
  const manifest = jsonIn(Buffer.from(there.bytes).toString());
  const sha256 = createHash('sha256').update(there.bytes).digest('hex');
  const link = { sequence: Number(at(manifest, 'sequence')), sha256 };
  const [objects, gaps] = [listAt(manifest, 'objects'), listAt(manifest, 'gaps')];
  return {
    manifest: { key: `${folderOf(head)}${there.path}`, sha256, bytes: there.bytes.length },
    sequence: link.sequence,
    entries: [],
    gaps: [
      ...gapsOfManifest(manifest).filter(isNewSince(stages)),
      ...(await enterSealed(deps, head, link, objects, gaps.length)),
    ],
  };
};
