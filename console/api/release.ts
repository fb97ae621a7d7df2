import { releaseIncident } from '../../operator/release.ts';
import { HttpProblem, read } from '../../protected-app/shared/problem.ts';
import type { Case } from '../../responders/incident/case.ts';
import { releaseCommand } from '../../responders/report/words.ts';
import { printable } from '../../responders/shared/printable.ts';
import { releaseBody } from '../schemas/requests.ts';
import { type ConsoleRequest, requireFresh, requireGroup } from './caller.ts';
import { type DecideDeps, decided, patienceMs } from './decide-deps.ts';
import { caseIn } from './one-case.ts';
import { liveSessions, releaseDigest } from './release-preview.ts';

/** Throws a 409 unless the person has seen what there is to release, and it can be. */
const requireReleasable = (
  known: Case,
  { digest, letSessionsLive }: { readonly digest: string; readonly letSessionsLive: boolean },
): void => {
  const { head, befores } = known;
  if (befores.length === 0 || head.state === 'released')
    throw new HttpProblem(409, `${head.id} is ${head.state}: there is nothing to release.`);
  if (releaseDigest(known) !== digest)
    throw new HttpProblem(
      409,
      'What a release would put back has changed since it was shown. Read it again, then decide.',
      { members: { digest: releaseDigest(known) } },
    );
  if (!letSessionsLive && liveSessions(known).length > 0)
    throw new HttpProblem(
      409,
      'Stolen sessions would work again, and the console may not deny them. ' +
        `Use ${releaseCommand(head.id, { aws: true })}, or say that they may live.`,
    );
};

/** `POST /incidents/{id}/release` */
export const release = (deps: DecideDeps) => async (request: ConsoleRequest) => {
  const caller = requireGroup(request, ['responders']);
  requireFresh(caller, deps.now());
  const { reason, ...shown } = read(releaseBody, request.body, 'body');
  const known = await caseIn(request, deps.table);
  requireReleasable(known, shown);
  const { id } = known.head;
  const { letSessionsLive } = shown;
  return decided(
    deps,
    { caller, request, incident: id, what: 'release', says: reason },
    async () => {
      const place = await deps.placeOf(caller.name, 'release');
      const outcome = await releaseIncident(place, known, { reason, letSessionsLive }, patienceMs);
      const { released, refused, error, by, actions } = outcome;
      if (refused !== null) throw new HttpProblem(409, `The release was refused: ${refused}.`);
      if (!released)
        throw new HttpProblem(
          409,
          `Not released: ${printable(deps.mask(error ?? 'see the incident'), 400)}`,
        );
      return {
        outcome: 'released',
        body: { incidentId: id, released, by, changes: actions.length },
      };
    },
  );
};
