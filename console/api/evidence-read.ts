import type { Bucket, Folder, ObjectVersion } from '../../operator/evidence-bucket.ts';
import { HttpProblem, read } from '../../protected-app/shared/problem.ts';
import { evidenceQuery, evidenceReadBody } from '../schemas/requests.ts';
import { writeEntry } from './audit-entry.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { type EvidenceListDeps, sealedFolder } from './evidence.ts';
import type { Ledger } from './once.ts';
import { caseIn } from './one-case.ts';

/** How long a link works. */
export const linkSeconds = 60;

/** What reading evidence needs besides. */
export interface EvidenceReadDeps extends EvidenceListDeps {
  readonly ledger: Ledger;
  /** Appends to the chain of custody; returns the number of the entry. */
  readonly writeCustody: (
    bucket: Bucket,
    folder: Folder,
    access: { readonly who: string; readonly purpose: string; readonly objects: number },
  ) => Promise<number>;
  /** A link to one version of an object. */
  readonly linkTo: (bucket: Bucket, version: ObjectVersion) => Promise<string>;
}

/** The first version of each path: what was written over it later is not the evidence. */
const versionsOf = (folder: Folder, paths: readonly string[]): readonly ObjectVersion[] =>
  paths.map((path) => {
    const version = folder.versions.get(path);
    if (version) return version;
    throw new HttpProblem(404, 'One of the paths is not in this folder of evidence.', {
      fields: [{ pointer: '/paths', detail: path.slice(0, 200) }],
    });
  });

/**
 * `POST /incidents/{id}/evidence/read`: writes down who reads what for which purpose, and only then
 * hands out links.
 */
export const evidenceRead = (deps: EvidenceReadDeps) => async (request: ConsoleRequest) => {
  const { name, signedInAt } = requireGroup(request, ['responders', 'auditors']);
  const { round } = read(evidenceQuery, request.query, 'query');
  const { purpose, paths } = read(evidenceReadBody, request.body, 'body');
  const known = await caseIn(request, deps.table);
  const { bucket, folder } = await sealedFolder(known, round, deps);
  const wanted = [...new Set(paths)];
  const versions = versionsOf(folder, wanted);
  const access = { who: `console user ${name}`, purpose, objects: versions.length };
  const custody = await deps.writeCustody(bucket, folder, access);
  await writeEntry(deps.ledger, {
    at: deps.now(),
    who: name,
    what: 'read-evidence',
    incident: known.head.id,
    says: purpose,
    outcome: `custody entry ${custody}, ${versions.length} objects`,
    requestId: request.requestId,
    signedInAt,
  });
  const links = await Promise.all(
    versions.map(async (version, index) => ({
      path: wanted[index],
      url: await deps.linkTo(bucket, version),
    })),
  );
  return { status: 200, body: { custody, expiresInSeconds: linkSeconds, links } };
};
