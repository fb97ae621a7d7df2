// The same verification as `responders/evidence/verify.mjs`, for a page: WebCrypto instead of
// Node.js, and a folder that may lie in a bucket. A test holds both against each other.
import { type Custody, checkChain, checkCustody, checkExport } from './chains.ts';
import { type Check, type Finding, report } from './check.ts';
import { isCount, memberOf, printable } from './documents.ts';
import { type EvidenceFolder, entered } from './folder.ts';
import type { NewHash } from './hash.ts';
import type { SigningKey } from './keys.ts';
import { checkManifest } from './manifest.ts';
import { checkObjects, type TellProgress } from './objects.ts';

/** What `verify.mjs --json` prints, member by member. */
export interface Verification {
  readonly schema: 'cordon-verification/1';
  readonly ok: boolean;
  readonly incident: string | null;
  readonly round: number | null;
  readonly objects: number;
  readonly bytes: number;
  readonly custody: Custody;
  readonly key: { readonly fingerprint: string | null; readonly pinned: boolean };
  readonly timestamp: string | null;
  readonly foreign: readonly string[];
  readonly findings: readonly Finding[];
}

export interface FolderChecks {
  readonly newHash: NewHash;
  /** The key that the person who verifies knows from elsewhere. */
  readonly pinned?: SigningKey | undefined;
  /**
   * `pulled`: `cordon evidence pull` made the folder. `bucket`: the same without export.json,
   * which only a pull writes. `copied`: without the earlier manifests, too.
   */
  readonly form: 'pulled' | 'bucket' | 'copied';
  readonly tell?: TellProgress | undefined;
}

const bytesIn = (objects: readonly unknown[]): number =>
  objects.reduce<number>((sum, object) => {
    const bytes = memberOf(object, 'bytes');
    return sum + (isCount(bytes) ? bytes : 0);
  }, 0);

const strangersIn = (objects: readonly unknown[]): readonly string[] =>
  objects
    .filter((object) => memberOf(object, 'collector') === 'unknown')
    .map((object) => printable(memberOf(object, 'path')));

/** Verifies a folder; throws only when the connection is lost. */
export const verifyFolder = async (
  folder: EvidenceFolder,
  { newHash, pinned, form, tell = () => undefined }: FolderChecks,
): Promise<Verification> => {
  const { files, strangers } = entered(folder.files);
  const check: Check = {
    ...{ folder, files, newHash, expected: new Set(), findings: [], pinned },
    ...{ key: undefined, timestamp: undefined },
  };
  for (const path of strangers)
    report(check, `${path}/`, 'is a folder that the manifest does not list');
  const manifest = await checkManifest(check);
  let custody: Custody = { entries: 0, last: null };
  if (manifest) {
    await checkObjects(check, manifest, tell);
    custody = await checkCustody(check, manifest);
    const links = form === 'copied' ? [] : await checkChain(check, manifest);
    if (form === 'pulled') await checkExport(check, manifest, custody, links);
    for (const path of files.keys())
      if (!check.expected.has(path)) report(check, path, 'is not listed in the manifest');
  }
  const { incident = null, round = null, objects = [] } = manifest ?? {};
  return {
    ...{ schema: 'cordon-verification/1', ok: check.findings.length === 0, incident, round },
    ...{ objects: objects.length, bytes: bytesIn(objects), custody },
    key: { fingerprint: check.key?.fingerprint ?? null, pinned: pinned !== undefined },
    ...{ timestamp: check.timestamp ?? null, foreign: strangersIn(objects) },
    findings: check.findings,
  };
};
