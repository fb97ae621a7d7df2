import { EdgeError } from '../shared/errors.ts';
import { at } from '../shared/json.ts';
import { isIncidentId } from './incident-id.ts';

/** Readers of what a state machine hands to a stage. */
export const incidentIdOf = (input: unknown): string => {
  const id = at(input, 'incidentId');
  if (typeof id !== 'string' || !isIncidentId(id))
    throw new EdgeError('incidentId: wanted the id of an incident');
  return id;
};

export const oneOf = <T extends string | number>(
  input: unknown,
  path: string,
  allowed: readonly T[],
): T => {
  const word = allowed.find((entry) => entry === at(input, path));
  if (word === undefined) throw new EdgeError(`${path}: wanted one of ${allowed.join(', ')}`);
  return word;
};

export const textOf = (input: unknown, path: string, limit = 500): string => {
  const text = at(input, path);
  if (typeof text !== 'string' || text.trim() === '') throw new EdgeError(`${path}: wanted text`);
  return text.slice(0, limit);
};
