import { at, isRecord } from '../core/door.ts';
import type { Reached } from '../core/timeline.ts';

/** One thing that the role's policies allow: a kind of resource, a pattern, and whether it may be changed. */
export interface Allowance {
  readonly kind: Reached['kind'] | 'everything';
  readonly pattern: string;
  readonly changes: boolean;
  /** The file of evidence that says so. */
  readonly source: string;
}

type Documents = ReadonlyMap<string, unknown>;

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const texts = (value: unknown): string[] => listed(value).filter((one) => typeof one === 'string');

const kinds: Readonly<Record<string, Reached['kind']>> = {
  secretsmanager: 'secret',
  ssm: 'parameter',
  kms: 'key',
  s3: 'bucket',
  dynamodb: 'table',
  lambda: 'function',
  sqs: 'queue',
  sns: 'topic',
};

const kindOf = (action: string): Allowance['kind'] | undefined => {
  const [service = '', name = ''] = action.toLowerCase().split(':');
  if (action === '*' || action === '*:*') return 'everything';
  if (service === 'sts' && (name.startsWith('assumerole') || name.includes('*'))) return 'role';
  if (service === 'iam' && (name === 'passrole' || name === '*')) return 'role';
  return kinds[service];
};

const reading = /^(get|list|describe|batchget|query|scan|head|receive|decrypt|lookup|search)/i;
const changes = (action: string): boolean => !reading.test(action.split(':')[1] ?? '*');

/** The documents that are in force: each inline policy, and of each attached one the default version. Our own deny is left out. */
const inForce = (documents: Documents): [string, unknown][] =>
  [...documents].flatMap(([path, file]): [string, unknown][] => {
    if (/^role\/inline\/\d+\.json$/.test(path)) return [[path, at(file, 'answer.document')]];
    if (!/^role\/attached\/\d+\.json$/.test(path) || at(file, 'ours') !== undefined) return [];
    const version = listed(at(file, 'versions')).find((one) => at(one, 'IsDefaultVersion') === true);
    return [[path, at(version, 'document')]];
  });

const allowances = (source: string, statement: unknown): Allowance[] => {
  if (!isRecord(statement) || statement.Effect !== 'Allow') return [];
  const resources = texts(statement.Resource);
  const patterns = resources.length > 0 ? resources : [`all but ${texts(statement.NotResource).join(', ')}`];
  if (statement.NotAction !== undefined) return patterns.map((pattern) => ({ kind: 'everything', pattern, changes: true, source }));
  return texts(statement.Action).flatMap((action) => {
    const kind = kindOf(action);
    return kind === undefined ? [] : patterns.map((pattern) => ({ kind, pattern, changes: changes(action), source }));
  });
};

/** What the role's own policies allow. Denies, conditions, boundaries and SCPs are not weighed: it may be less, never more. */
export const allowed = (documents: Documents): Allowance[] => {
  const all = inForce(documents).flatMap(([path, document]) => listed(at(document, 'Statement')).flatMap((one) => allowances(path, one)));
  const merged = new Map<string, Allowance>();
  for (const one of all) {
    const key = `${one.kind} ${one.pattern}`;
    merged.set(key, { ...one, changes: one.changes || (merged.get(key)?.changes ?? false) });
  }
  return [...merged.values()];
};

/** Files of policies that were to be read and hold none: what they allow is not known. */
export const unread = (documents: Documents): string[] =>
  inForce(documents).flatMap(([path, document]) => (isRecord(document) ? [] : [path]));

export const hasPolicies = (documents: Documents): boolean => [...documents.keys()].some((path) => path.startsWith('role/'));

/** Functions of this region that run with the role. */
export const functionsWithRole = (documents: Documents): string[] =>
  listed(at(documents.get('role/functions.json'), 'answer.items')).flatMap((one) => texts(at(one, 'FunctionName')));

/** Names of environment variables: everybody who ran code in the function could read their values. */
export const environmentNames = (documents: Documents): string[] =>
  listed(documents.get('function/environment-names.json')).flatMap((one) => texts(at(one, 'name')));
