import { incidentView } from '../../operator/incident-view.ts';
import { type Buckets, bucketFor } from '../../responders/evidence/buckets.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { caseIn } from './one-case.ts';
import { everybody, type ReadDeps } from './read-deps.ts';
import { tagged } from './tagged.ts';

/** `GET /incidents/{id}`: everything that `cordon show --json` says. */
export const incident =
  (deps: ReadDeps & { readonly buckets: Buckets }) => async (request: ConsoleRequest) => {
    requireGroup(request, everybody);
    const { table, mask, buckets } = deps;
    const known = await caseIn(request, table);
    const view = incidentView(known, { mask, bucket: bucketFor(known.head, buckets) });
    return tagged(request, view);
  };
