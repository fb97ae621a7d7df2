import type { Bucket, Folder, ObjectVersion } from '../../operator/evidence-bucket.ts';
import { earlierManifests, upTo } from '../../operator/evidence-export.ts';
import { HttpProblem, read } from '../../protected-app/shared/problem.ts';
import type { Case } from '../../responders/incident/case.ts';
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

/** A link has up to 2 kB, and an answer of a function up to 6 MB. */
const mostLinks = 2_000;

type Versions = ReadonlyMap<string, ObjectVersion>;

/** The first version of each path: what was written over it later is not the evidence. */
const versionsOf = (folder: Folder, paths: readonly string[]): Versions =>
  new Map(
    paths.map((path) => {
      const version = folder.versions.get(path);
      if (version) return [path, version];
      throw new HttpProblem(404, 'One of the paths is not in this folder of evidence.', {
        fields: [{ pointer: '/paths', detail: path.slice(0, 200) }],
      });
    }),
  );

const requireFew = ({ versions }: Folder): void => {
  if (versions.size > mostLinks)
    throw new HttpProblem(
      413,
      `The folder has ${versions.size} objects, and links are given to at most ${mostLinks}. ` +
        'Nothing was read or written down. Use cordon evidence pull, which has no limit.',
    );
};

/** All that lies in the folder up to our own entry, and the manifests before its own. */
const wholeFolder = async (
  known: Case,
  round: number,
  custody: number,
  deps: EvidenceReadDeps,
): Promise<Versions> => {
  const { bucket, folder, manifest } = await sealedFolder(known, round, deps);
  const earlier = await earlierManifests(bucket, manifest);
  return new Map([
    ...upTo(custody, folder).versions,
    ...earlier.flatMap(({ files }) => [...files]),
  ]);
};

/**
 * `POST /incidents/{id}/evidence/read`: writes down who reads what for which purpose, and only then
 * hands out links.
 */
export const evidenceRead = (deps: EvidenceReadDeps) => async (request: ConsoleRequest) => {
  const { name, signedInAt } = requireGroup(request, ['responders', 'auditors']);
  const { round } = read(evidenceQuery, request.query, 'query');
  const { purpose, paths } = read(evidenceReadBody, request.body, 'body');
  const known = await caseIn(request, deps.table);
  const { bucket, folder, manifest } = await sealedFolder(known, round, deps);
  const named = paths && versionsOf(folder, paths);
  if (!named) requireFew(folder);
  const objects = named?.size ?? manifest.objects.length;
  const access = { who: `console user ${name}`, purpose, objects };
  const custody = await deps.writeCustody(bucket, folder, access);
  await writeEntry(deps.ledger, {
    at: deps.now(),
    who: name,
    what: 'read-evidence',
    incident: known.head.id,
    says: purpose,
    outcome: `custody entry ${custody}, ${objects} objects`,
    requestId: request.requestId,
    signedInAt,
  });
  const versions = named ?? (await wholeFolder(known, folder.round, custody, deps));
  const links = await Promise.all(
    [...versions].map(async ([path, version]) => ({
      path,
      url: await deps.linkTo(bucket, version),
      bytes: version.bytes ?? null,
      versionId: version.versionId ?? null,
    })),
  );
  const { keyId, pem } = await deps.signingKey();
  const body = { custody, expiresInSeconds: linkSeconds, links, signingKey: { keyId, pem } };
  return { status: 200, body };
};
