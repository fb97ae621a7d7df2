import { at, isRecord } from '../shared/json.ts';
import type { Reached } from '../timeline/timeline.ts';

/**
 * One thing that the role's policies allow: a kind of resource, a pattern, and whether it may be
 * changed.
 */
export interface Allowance {
  readonly kind: Reached['kind'] | 'everything';
  readonly pattern: string;
  readonly changes: boolean;
  /** The file of evidence that says so. */
  readonly source: string;
}

type Documents = ReadonlyMap<string, unknown>;

/** AWS leaves out the list where there is a single member. */
const listed = (member: unknown): readonly unknown[] =>
  Array.isArray(member) ? member : member === undefined ? [] : [member];
const texts = (member: unknown): string[] =>
  listed(member).filter((text) => typeof text === 'string');

const kinds: ReadonlyMap<string, Reached['kind']> = new Map([
  ['secretsmanager', 'secret'],
  ['ssm', 'parameter'],
  ['kms', 'key'],
  ['s3', 'bucket'],
  ['dynamodb', 'table'],
  ['lambda', 'function'],
  ['sqs', 'queue'],
  ['sns', 'topic'],
]);

/** Calls that give the rights of a role. */
const taking: ReadonlyMap<string, readonly string[]> = new Map([
  ['sts', ['assumerole', 'assumerolewithsaml', 'assumerolewithwebidentity', 'assumeroot']],
  ['iam', ['passrole']],
]);

/**
 * Whether an action of a policy, with its `*` and `?`, means this call. Not by a regular
 * expression: a hostile one would take for ever.
 */
const means = (pattern: string, call: string): boolean => {
  let reached = [0];
  for (const char of pattern.replaceAll(/\*+/g, '*')) {
    const [earliest = call.length + 1] = reached;
    reached =
      char === '*'
        ? Array.from({ length: call.length + 1 - earliest }, (_, index) => earliest + index)
        : reached
            .filter((at) => (char === '?' ? at < call.length : call[at] === char))
            .map((at) => at + 1);
  }
  return reached.includes(call.length);
};

const kindOf = (action: string): Allowance['kind'] | undefined => {
  const [service = '', name = ''] = action.toLowerCase().split(':');
  if (action === '*' || action === '*:*') return 'everything';
  return taking.get(service)?.some((call) => means(name, call)) ? 'role' : kinds.get(service);
};

const reading = /^(get|list|describe|batchget|query|scan|head|receive|decrypt|lookup|search)/i;
const changes = (action: string): boolean => !reading.test(action.split(':')[1] ?? '*');

/** Policies of the first suspect, and of every further one. */
const inlineFile = /^(suspects\/\d+\/)?(role|user)\/inline\/\d+\.json$/;
const attachedFile = /^(suspects\/\d+\/)?(role|user)\/attached\/\d+\.json$/;

/**
 * The documents that are in force: each inline policy, and of each attached one the default
 * version. Our own deny is left out.
 */
const inForce = (documents: Documents): [string, unknown][] =>
  [...documents].flatMap(([path, file]): [string, unknown][] => {
    if (inlineFile.test(path)) return [[path, at(file, 'answer.document')]];
    if (!attachedFile.test(path) || at(file, 'ours') !== undefined) return [];
    const version = listed(at(file, 'versions')).find(
      (candidate) => at(candidate, 'IsDefaultVersion') === true,
    );
    return [[path, at(version, 'document')]];
  });

const allowances = (source: string, statement: unknown): Allowance[] => {
  if (!isRecord(statement) || statement.Effect !== 'Allow') return [];
  const resources = texts(statement.Resource);
  const patterns =
    resources.length > 0 ? resources : [`all but ${texts(statement.NotResource).join(', ')}`];
  if (statement.NotAction !== undefined)
    return patterns.map((pattern) => ({ kind: 'everything', pattern, changes: true, source }));
  return texts(statement.Action).flatMap((action) => {
    const kind = kindOf(action);
    return kind === undefined
      ? []
      : patterns.map((pattern) => ({ kind, pattern, changes: changes(action), source }));
  });
};

/**
 * What the own policies of all suspects allow. Denies, conditions, boundaries and SCPs are not
 * weighed: it may be less, never more.
 */
export const allowed = (documents: Documents): Allowance[] => {
  const fromStatements = inForce(documents).flatMap(([path, document]) =>
    listed(at(document, 'Statement')).flatMap((statement) => allowances(path, statement)),
  );
  const merged = new Map<string, Allowance>();
  for (const allowance of fromStatements) {
    const key = `${allowance.kind} ${allowance.pattern}`;
    const changes = allowance.changes || (merged.get(key)?.changes ?? false);
    merged.set(key, { ...allowance, changes });
  }
  return [...merged.values()];
};

/** Files that were to be read and were not, or hold no policy: what they say is not known. */
export const unread = (documents: Documents): string[] => [
  ...new Set([
    ...[...documents].flatMap(([path, file]) => (file === null ? [path] : [])),
    ...inForce(documents).flatMap(([path, document]) => (isRecord(document) ? [] : [path])),
  ]),
];

export const hasPolicies = (documents: Documents): boolean =>
  [...documents.keys()].some((path) => inlineFile.test(path) || attachedFile.test(path));

/** Functions of this region that run with the role. */
export const functionsWithRole = (documents: Documents): string[] =>
  listed(at(documents.get('role/functions.json'), 'answer.items')).flatMap((description) =>
    texts(at(description, 'FunctionName')),
  );

/** Of the newest code, and of each version that was collected; of further suspects as well. */
const environmentFile = /^(suspects\/\d+\/)?function\/(versions\/\d+\/)?environment-names\.json$/;

/**
 * Names of environment variables: everybody who ran code in the function could read their values.
 */
export const environmentNames = (documents: Documents): string[] => [
  ...new Set(
    [...documents]
      .filter(([path]) => environmentFile.test(path))
      .flatMap(([, file]) => listed(file))
      .flatMap((variable) => texts(at(variable, 'name'))),
  ),
];
