import { HttpProblem, read } from '../../protected-app/shared/problem.ts';
import type { Case } from '../../responders/incident/case.ts';
import { readCase } from '../../responders/incident/read-case.ts';
import type { Table } from '../../responders/incident/table.ts';
import { UnknownIncidentError } from '../../responders/shared/errors.ts';
import { incidentPath } from '../schemas/requests.ts';
import type { ConsoleRequest } from './caller.ts';

/** The incident that the path names; a 404 where there is none. */
export const caseIn = async (request: ConsoleRequest, table: Table): Promise<Case> => {
  const { id } = read(incidentPath, request.path, 'path');
  try {
    return await readCase(table, id);
  } catch (error) {
    if (error instanceof UnknownIncidentError)
      throw new HttpProblem(404, `There is no incident ${id}.`);
    throw error;
  }
};
