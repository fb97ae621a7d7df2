import {
  bucketWith,
  hashOf,
  type Listed,
  manifestOf,
  openFolder,
  writeCustody,
} from '../../operator/evidence-bucket.ts';
import { printable } from '../../responders/shared/printable.ts';
import type { ExitCode, Output } from '../output.ts';
import { columns, type PlacedOptions, placeOf } from '../placed.ts';
import type { EvidenceLsDocument } from '../schemas/evidence-ls.ts';
import type { Deps } from '../verb.ts';

interface Wanted extends PlacedOptions {
  readonly incident: string;
  readonly round?: number;
  /** Why the content is read; `null`: only the list is. */
  readonly purpose: string | null;
}

/**
 * What is there, what is missing, and, when it is read, whether it is still what the manifest says.
 */
export const ls = async (
  deps: Deps,
  out: Output,
  { purpose, ...wanted }: Wanted,
): Promise<ExitCode> => {
  const bucket = await bucketWith(await placeOf(deps, wanted), wanted.incident);
  const folder = await openFolder(bucket, wanted.incident, wanted.round);
  const { objects, gaps } = await manifestOf(bucket, folder);
  if (purpose !== null)
    await writeCustody(bucket, folder, { what: 'read', purpose, objects: objects.length });
  const states: string[] = [];
  const look = async ({ path, sha256, versionId }: Listed): Promise<string> => {
    const is = await hashOf(bucket, { key: `${folder.prefix}${path}`, versionId }).catch(
      (error: unknown) => String(error),
    );
    return is === sha256 ? 'as listed' : `CHANGED: ${is}`;
  };
  for (const one of objects) states.push(purpose === null ? one.taken : await look(one));
  const rows = objects.map(({ path, bytes, sha256 }, index) => [
    printable(path),
    String(bytes),
    sha256.slice(0, 12),
    states[index] ?? '',
  ]);
  out.line(columns([['path', 'bytes', 'sha256', purpose === null ? 'taken' : 'content'], ...rows]));
  for (const { collector, what, why } of gaps)
    out.line(`gap: ${printable(what)} (${printable(collector)}): ${printable(why, 400)}`);
  for (const path of folder.touched)
    out.line(
      `note: somebody overwrote or deleted ${printable(path)}; its first version is what counts`,
    );
  const { incident, round, prefix, touched } = folder;
  const listed = objects.map((one, index) => ({
    ...one,
    versionId: one.versionId ?? null,
    content: purpose === null ? null : (states[index] ?? null),
  }));
  out.document<EvidenceLsDocument>({
    incident,
    round,
    bucket: bucket.name,
    prefix,
    objects: listed,
    gaps,
    touched,
  });
  return purpose === null || states.every((state) => state === 'as listed') ? 0 : 1;
};
