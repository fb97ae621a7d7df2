import { createHash } from 'node:crypto';
import type { Case } from '../../responders/incident/case.ts';
import { sessionsOf } from '../../responders/incident/denied-sessions.ts';
import { incidentOfKey, targetKey } from '../../responders/incident/keys.ts';
import { suspectsOf } from '../../responders/incident/suspect.ts';
import { partition, type Table } from '../../responders/incident/table.ts';
import { releaseCommand } from '../../responders/report/words.ts';
import { printable } from '../../responders/shared/printable.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { caseIn } from './one-case.ts';
import { everybody, type ReadDeps } from './read-deps.ts';
import { tagged } from './tagged.ts';

/** What a release takes back, so that a release of something else is no release of this. */
export const releaseDigest = ({ head, befores }: Case): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        head.id,
        head.round,
        head.state,
        befores.map(({ responder, target, order, since }) => [responder, target, order, since]),
      ]),
    )
    .digest('hex');

/** The roles of which a stolen session may still be alive. */
export const liveSessions = ({ head }: Case): readonly string[] =>
  sessionsOf(suspectsOf(head)).map(({ roleName }) => roleName);

/** Other incidents that need the same target contained: it stays contained for them. */
const heldFor = async (
  table: Table,
  about: { readonly responder: string; readonly target: string },
  own: string,
): Promise<readonly string[]> =>
  (await partition(table, targetKey(about)))
    .map(({ sk }) => incidentOfKey(String(sk)))
    .filter((id) => id !== own);

/** `GET /incidents/{id}/release-preview`: what would be put back, in the order of a release. */
export const releasePreview = (deps: ReadDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const known = await caseIn(request, deps.table);
  const { head, befores, actions } = known;
  const changes = await Promise.all(
    befores.toReversed().map(async ({ responder, target, since }) => ({
      responder,
      target: printable(deps.mask(target), 200),
      readAt: since,
      outcome:
        actions.find((action) => action.responder === responder && action.target === target)
          ?.outcome ?? null,
      staysFor: await heldFor(deps.table, { responder, target }, head.id),
    })),
  );
  return tagged(request, {
    incidentId: head.id,
    digest: releaseDigest(known),
    state: head.state,
    changes,
    liveSessions: liveSessions(known).map((role) => printable(deps.mask(role), 140)),
    command: releaseCommand(head.id, { aws: true }),
  });
};
