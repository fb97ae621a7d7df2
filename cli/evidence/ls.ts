import { assertKept } from '../../local/expired-drills.ts';
import { writeCustody } from '../../operator/custody.ts';
import { bucketWith, foreignNote, hashOf, openFolder } from '../../operator/evidence-bucket.ts';
import { type ListedObject, manifestOf } from '../../operator/evidence-manifest.ts';
import { printable } from '../../responders/shared/printable.ts';
import type { ExitCode, Output } from '../output.ts';
import { type PlacedOptions, placeOf } from '../placed.ts';
import type { EvidenceLsDocument } from '../schemas/evidence-ls.ts';
import { columns } from '../terminal.ts';
import type { CommandDeps } from '../verb.ts';

interface LsRequest extends PlacedOptions {
  readonly incident: string;
  readonly round?: number;
  /** Why the content is read; `null` if only the list is read. */
  readonly purpose: string | null;
}

/**
 * Prints the objects and the gaps of an incident's evidence. With a purpose, it also reads each
 * object and compares it with the manifest.
 */
export const ls = async (
  deps: CommandDeps,
  out: Output,
  { purpose, ...wanted }: LsRequest,
): Promise<ExitCode> => {
  const place = await placeOf(deps, wanted);
  assertKept(place, wanted.incident);
  const { bucket, incident } = await bucketWith(place, wanted.incident);
  const folder = await openFolder(bucket, incident, wanted.round);
  const { objects, gaps } = await manifestOf(bucket, folder);
  if (purpose !== null)
    await writeCustody(bucket, folder, { what: 'read', purpose, objects: objects.length });
  const states: string[] = [];
  const look = async ({ path, sha256, versionId }: ListedObject): Promise<string> => {
    const is = await hashOf(bucket, { key: `${folder.prefix}${path}`, versionId }).catch(
      (error: unknown) => String(error),
    );
    return is === sha256 ? 'as listed' : `CHANGED: ${is}`;
  };
  for (const object of objects) states.push(purpose === null ? object.taken : await look(object));
  const rows = objects.map(({ path, bytes, sha256 }, index) => [
    printable(path),
    String(bytes),
    sha256.slice(0, 12),
    states[index] ?? '',
  ]);
  out.line(
    columns(
      [['path', 'bytes', 'sha256', purpose === null ? 'taken' : 'content'], ...rows],
      out.columns,
    ),
  );
  for (const gap of gaps)
    out.line(
      `gap: ${printable(gap.what)} (${printable(gap.collector)}): ${printable(gap.why, 400)}`,
    );
  for (const path of folder.touched)
    out.line(`note: ${printable(path)} was overwritten or deleted; its first version counts`);
  for (const path of folder.foreign) out.line(`note: ${foreignNote(path)}`);
  const { round, prefix, touched } = folder;
  const listed = objects.map((object, index) => ({
    ...object,
    versionId: object.versionId ?? null,
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
