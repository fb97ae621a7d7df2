import { CordonError } from '../../operator/errors.ts';
import {
  type Bucket,
  type Folder,
  type ManifestKey,
  openFolder,
} from '../../operator/evidence-bucket.ts';
import { type Manifest, manifestOf } from '../../operator/evidence-manifest.ts';
import { HttpProblem, read } from '../../protected-app/shared/problem.ts';
import type { Case } from '../../responders/incident/case.ts';
import { printable } from '../../responders/shared/printable.ts';
import { evidenceQuery } from '../schemas/requests.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { caseIn } from './one-case.ts';
import { everybody, type ReadDeps } from './read-deps.ts';

/** What listing evidence needs from outside. */
export interface EvidenceListDeps extends ReadDeps {
  readonly bucketOf: (known: Case) => Bucket;
  readonly signingKey: () => Promise<ManifestKey>;
}

/** A sealed folder with its manifest; a 404 where there is none, or none any longer. */
export const sealedFolder = async (
  known: Case,
  round: number | undefined,
  { bucketOf, signingKey }: EvidenceListDeps,
): Promise<{ readonly bucket: Bucket; readonly folder: Folder; readonly manifest: Manifest }> => {
  const bucket = bucketOf(known);
  try {
    const folder = await openFolder(bucket, known.head.id, round, signingKey);
    return { bucket, folder, manifest: await manifestOf(bucket, folder) };
  } catch (error) {
    if (error instanceof CordonError) throw new HttpProblem(404, error.message);
    throw error;
  }
};

/** `GET /incidents/{id}/evidence`: what the manifest lists, what is missing, what was touched. */
export const evidence = (deps: EvidenceListDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const { round } = read(evidenceQuery, request.query, 'query');
  const known = await caseIn(request, deps.table);
  const { bucket, folder, manifest } = await sealedFolder(known, round, deps);
  const shown = (text: string): string => printable(deps.mask(text), 400);
  return {
    status: 200,
    body: {
      incidentId: folder.incident,
      round: folder.round,
      bucket: bucket.name,
      prefix: folder.prefix,
      objects: manifest.objects.map(({ versionId, ...object }) => ({
        ...object,
        versionId: versionId ?? null,
      })),
      gaps: manifest.gaps.map(({ collector, what, why }) => ({
        collector,
        what: shown(what),
        why: shown(why),
      })),
      /** Overwritten or deleted: their first versions count. */
      touched: folder.touched.map(shown),
      /** Manifests that Cordon has not signed. */
      foreign: folder.foreign.map(shown),
    },
  };
};
