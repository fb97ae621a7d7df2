import { EdgeError } from '../shared/errors.ts';
import { at, isRecord, listAt, numberAt, textAt } from '../shared/json.ts';
import { isIncidentId } from './incident-id.ts';
import { oneOf } from './input.ts';

/** Every scenario by its id. */
export const scenarioIds = [
  'lambda-credential-theft',
  'shared-role-function',
  'product-service-backdoor',
] as const;
export type ScenarioId = (typeof scenarioIds)[number];

/** Every check that a drill can fail. */
export const checkNames = [
  'the attack works before the finding',
  'Cordon says that it is contained',
  'containment is fast',
  'the stolen session is denied',
  'every other way in is shut while contained',
  'the neighbour keeps working',
  'every stage ran',
  'evidence is there and unaltered',
  'the timeline tells what the session did',
  'the report names the routes that fail',
  'the release took everything back',
  'everything works again after the release',
  'the stolen session stays denied after the release',
  'the security team was told',
  'the account is as it was before',
  'the drill ran to its end',
] as const;
export type CheckName = (typeof checkNames)[number];

/**
 * What a drill may tell the security team: words of the two lists above, and numbers. There is no
 * free text in it, so that whoever may drill cannot send words of his own, or of an attacker, to
 * people who trust the sender.
 */
export interface Score {
  readonly scenario: ScenarioId;
  /** Nothing when no incident came of the drill. */
  readonly incidentId: string | null;
  readonly checks: number;
  readonly failed: readonly CheckName[];
  readonly restored: boolean;
  /** From the moment the finding was put on the bus until the first denied call. */
  readonly firstDeniedMs: number | null;
}

const whole = (value: unknown, path: string, most: number): number => {
  const number = at(value, path);
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= most)
    return number;
  throw new EdgeError(`${path}: wanted a whole number up to ${most}`);
};

const idOf = (value: unknown): string | null => {
  const id = at(value, 'incidentId') ?? null;
  if (id === null || (typeof id === 'string' && isIncidentId(id))) return id;
  throw new EdgeError('incidentId: wanted the id of an incident, or nothing');
};

const failedOf = (value: unknown): CheckName[] => {
  const failed = at(value, 'failed');
  if (!Array.isArray(failed)) throw new EdgeError('failed: wanted a list of checks');
  const named = checkNames.filter((name) => failed.includes(name));
  if (named.length === failed.length) return named;
  throw new EdgeError('failed: wanted names of checks, each once');
};

const day = 86_400_000;

/** Reads what came over the drill bus. */
export const parseScore = (value: unknown): Score => {
  if (!isRecord(value)) throw new EdgeError('detail: wanted an object');
  return {
    scenario: oneOf(value, 'scenario', scenarioIds),
    incidentId: idOf(value),
    checks: whole(value, 'checks', checkNames.length),
    failed: failedOf(value),
    restored: value.restored === true,
    firstDeniedMs:
      (value.firstDeniedMs ?? null) === null ? null : whole(value, 'firstDeniedMs', day),
  };
};

/** A score as a case keeps it: its words may be those of an older Cordon. */
export interface KeptScore extends Omit<Score, 'scenario' | 'failed'> {
  readonly scenario: string;
  readonly failed: readonly string[];
}

/** The score in the record of an incident; nothing where none was kept. */
export const keptScore = (record: unknown): KeptScore | undefined => {
  const scenario = textAt(record, 'scenario');
  if (scenario === null) return undefined;
  return {
    scenario,
    incidentId: textAt(record, 'incidentId'),
    checks: numberAt(record, 'checks') ?? 0,
    failed: listAt(record, 'failed').map(String),
    restored: at(record, 'restored') === true,
    firstDeniedMs: numberAt(record, 'firstDeniedMs'),
  };
};

/**
 * Passed is what passed every one of its checks, and left all as it was; nothing is passed by
 * default.
 */
export const hasPassed = ({ incidentId, checks, failed, restored }: KeptScore): boolean =>
  incidentId !== null && checks > 0 && failed.length === 0 && restored;
