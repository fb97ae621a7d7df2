import { type Check, checkSignature, documentAt, keyAt, mostFindings, report } from './check.ts';
import { canonical, isRecord, memberOf, sha256, textOf } from './documents.ts';
import type { CheckedManifest } from './manifest.ts';

export interface Custody {
  readonly entries: number;
  readonly last: string | null;
}

/** An earlier manifest of the account. */
export interface EarlierManifest {
  readonly sequence: number;
  readonly sha256: string;
}

const entryPath = (number: number): string => `custody/${String(number).padStart(6, '0')}`;

const checkEntry = async (
  check: Check,
  { incident, round }: CheckedManifest,
  number: number,
  last: string | undefined,
): Promise<string | undefined> => {
  const path = entryPath(number);
  const { bytes, value } = await documentAt(
    check,
    `${path}.json`,
    'cordon-custody/1',
    'is missing: the chain of custody has a hole',
  );
  await checkSignature(check, `${path}.sig`, bytes);
  const is = ['incident', 'round', 'sequence'].map((name) => memberOf(value, name));
  if (value && (is[0] !== incident || is[1] !== round || is[2] !== number))
    report(check, `${path}.json`, `is not entry ${number} of this incident`);
  if (value && last !== undefined && memberOf(value, 'previous') !== last)
    report(check, `${path}.json`, 'does not continue what stands before it');
  return bytes && sha256(bytes, check.newHash);
};

/** Who read it: entries without a hole, each signed, each naming the hash of the one before. */
export const checkCustody = async (check: Check, manifest: CheckedManifest): Promise<Custody> => {
  const entries = [...check.files.keys()].reduce(
    (most, path) => Math.max(most, Number(/^custody\/(\d{6})\.(json|sig)$/.exec(path)?.[1] ?? 0)),
    0,
  );
  let last: string | undefined = manifest.sha256;
  for (let number = 1; number <= entries && check.findings.length < mostFindings; number += 1)
    last = await checkEntry(check, manifest, number, last);
  return { entries, last: last ?? null };
};

/** The key beside an earlier manifest; the hash in its successor vouches for an older one. */
const keyOfEarlier = async (check: Check, at: string, manifest: unknown) => {
  const named = memberOf(memberOf(manifest, 'signing'), 'publicKeySha256');
  const isOurs = named === check.key?.fingerprint;
  const key = isOurs ? check.key : await keyAt(check, `${at}/public-key.pem`);
  if (key && key.fingerprint !== named)
    report(check, `${at}/public-key.pem`, 'is not the key that the manifest beside it names');
  return key;
};

/** The manifests before this one, nearest first. Only the nearest must be here. */
export const checkChain = async (
  check: Check,
  manifest: CheckedManifest,
): Promise<readonly EarlierManifest[]> => {
  const links: EarlierManifest[] = [];
  let { previous } = manifest;
  for (let number = manifest.sequence - 1; isRecord(previous); number -= 1) {
    const at = `chain/${number}`;
    const path = `${at}/manifest.json`;
    if (links.length > 0 && !check.files.has(path)) break;
    const { bytes, value } = await documentAt(
      check,
      path,
      'cordon-manifest/1',
      'is missing: the chain of manifests is cut',
    );
    if (!bytes) break;
    const is = sha256(bytes, check.newHash);
    if (is !== previous.sha256)
      report(check, path, `is not the manifest that its successor names: its SHA-256 is ${is}`);
    const key = await keyOfEarlier(check, at, value);
    await checkSignature(check, `${at}/manifest.sig`, bytes, key);
    links.push({ sequence: number, sha256: is });
    previous = memberOf(value, 'previous');
  }
  return links;
};

const entriesWord = (count: unknown): string => `${count} ${count === 1 ? 'entry' : 'entries'}`;

const checkLost = (check: Check, value: unknown, entries: number, links: number): void => {
  const [told, chain] = [memberOf(value, 'custodyEntries'), memberOf(value, 'chain')];
  for (
    let lost = entries + 1;
    lost <= Number(told) && check.findings.length < mostFindings;
    lost += 1
  )
    report(check, `${entryPath(lost)}.json`, `is missing: export.json counts ${entriesWord(told)}`);
  for (const link of Array.isArray(chain) ? chain.slice(links) : [])
    report(
      check,
      `chain/${memberOf(link, 'sequence')}/manifest.json`,
      'is missing: export.json lists it',
    );
};

/** What a pull says that it took: nothing that does not follow from the rest. */
export const checkExport = async (
  check: Check,
  { incident, round }: CheckedManifest,
  { entries, last }: Custody,
  links: readonly EarlierManifest[],
): Promise<void> => {
  const { bytes, value } = await documentAt(check, 'export.json', 'cordon-export/1');
  if (!bytes || !value) return;
  checkLost(check, value, entries, links.length);
  if (memberOf(value, 'timestamp') !== check.timestamp)
    report(check, 'manifest.tsr', 'was added, changed or deleted: export.json names another');
  const stated = {
    ...{ schema: 'cordon-export/1', incident, round, custodyEntries: entries },
    ...{ lastCustody: last, chain: links },
    ...(check.timestamp !== undefined && { timestamp: check.timestamp }),
  };
  if (canonical(stated) !== textOf(bytes))
    report(check, 'export.json', 'does not describe this folder: one of the two was changed');
};
