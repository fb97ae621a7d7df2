import type { RouteHandler } from '../../shared/http.ts';
import { type AuditRecords, provenEvent } from './event.ts';
import { parametersOf, searchOf } from './query.ts';
import type { AuditReader } from './reader.ts';
import { type AuditRouteName, eventPath } from './routes.ts';
import { listSeals, sealByName } from './seals.ts';
import { findEvents } from './search.ts';

export interface AuditApiDeps extends AuditRecords {
  readonly now: () => number;
}

/** What each route does. All of them read. */
export const auditRoutes = (
  deps: AuditApiDeps,
): Readonly<Record<AuditRouteName, RouteHandler<AuditReader>>> => ({
  'GET /events': async ({ query, caller }) => ({
    status: 200,
    body: await findEvents(deps.tables, searchOf(query, caller, deps.now()), caller),
  }),
  'GET /events/{id}': async ({ path, caller }) => ({
    status: 200,
    body: await provenEvent(deps, parametersOf(eventPath, path).id, caller),
  }),
  'GET /seals': async ({ query }) => ({ status: 200, body: await listSeals(deps, query) }),
  'GET /seals/{id}': async ({ path }) => ({
    status: 200,
    body: await sealByName(deps, path.id ?? ''),
  }),
});
