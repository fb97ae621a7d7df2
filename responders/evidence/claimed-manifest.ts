import type { Table } from '../incident/table.ts';
import { type Claimed, finished } from './chain.ts';
import { ownPlace } from './own-place.ts';
import { manifestPath, signaturePath } from './sealed-manifest.ts';
import { createOrMatch, type Store } from './store.ts';

/** Stores a manifest and its signature. `false` if other bytes have taken one of the keys. */
const storePair = async (
  to: Store,
  key: string,
  { manifest, signature }: Pick<Claimed, 'manifest' | 'signature'>,
): Promise<boolean> => {
  const first = await createOrMatch(to, { key, body: manifest, type: 'application/json' });
  const signed = { key: signaturePath(key), body: signature, type: 'application/octet-stream' };
  return first !== undefined && (await createOrMatch(to, signed)) !== undefined;
};

/**
 * Puts a claimed manifest and its signature where they belong, or beside what has taken their
 * place, and returns the key. Anybody may, and nobody can do it wrong: the keys are create-only.
 */
export const storeClaimedManifest = async (
  { to, table }: { readonly to: Store; readonly table: Table },
  chain: string,
  { manifest, signature, ...link }: Claimed,
): Promise<string> => {
  const pair = { manifest, signature };
  const own = link.key.replace(manifestPath, ownPlace(manifestPath));
  const key = (await storePair(to, link.key, pair)) ? link.key : own;
  if (key === own && !(await storePair(to, own, pair)))
    throw new Error(`${own} is taken, although nobody could know its name`);
  await finished(table, chain, { ...link, key });
  return key;
};
