import { read } from '../../protected-app/shared/problem.ts';
import { incidentsQuery } from '../schemas/requests.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { incidentPage } from './incident-list.ts';
import { everybody, type ReadDeps } from './read-deps.ts';

/** `GET /incidents`: a page of incidents, the newest first. */
export const incidents = (deps: ReadDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const { state, drills, type, ...paging } = read(incidentsQuery, request.query, 'query');
  const filter = { drills, type, ...(state && { states: [state] }) };
  return { status: 200, body: await incidentPage(filter, paging, deps) };
};
