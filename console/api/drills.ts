import { read } from '../../protected-app/shared/problem.ts';
import { checkNames, scenarioIds } from '../../responders/incident/score.ts';
import { drillsQuery } from '../schemas/requests.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { incidentPage } from './incident-list.ts';
import { everybody, type ReadDeps } from './read-deps.ts';

/** `GET /drills`: what can be rehearsed, what a drill is judged by, and the drills that ran. */
export const drills = (deps: ReadDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const paging = read(drillsQuery, request.query, 'query');
  const { items, cursor } = await incidentPage({ drills: 'only' }, paging, deps);
  return { status: 200, body: { scenarios: scenarioIds, checks: checkNames, items, cursor } };
};
