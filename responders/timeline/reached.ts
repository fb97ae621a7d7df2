import { at } from '../shared/json.ts';
import { type Call, plainName } from './call.ts';
import { firstOf } from './resources.ts';
import type { Reached } from './timeline.ts';

interface Use {
  readonly kind: Reached['kind'];
  readonly whats: readonly string[];
}

const textsAt = (value: unknown, key: string): readonly string[] => {
  const named = at(value, key);
  return (Array.isArray(named) ? named : [named]).filter(
    (text) => typeof text === 'string' && text !== '',
  );
};

/**
 * What the request names; the ARNs of the record where it names nothing, as a batch of several
 * tables does.
 */
const byParameter =
  (kind: Reached['kind'], ...keys: readonly string[]) =>
  (call: Call): Use => ({
    kind,
    whats:
      keys.map((key) => textsAt(call.parameters, key)).find((texts) => texts.length > 0) ??
      call.arns,
  });

const uses: Readonly<Record<string, (call: Call) => Use>> = {
  secretsmanager: byParameter('secret', 'secretId'),
  ssm: byParameter('parameter', 'name', 'names', 'path'),
  kms: byParameter('key', 'keyId'),
  s3: byParameter('bucket', 'bucketName'),
  dynamodb: byParameter('table', 'tableName'),
  lambda: byParameter('function', 'functionName'),
  sqs: byParameter('queue', 'queueUrl'),
  sns: byParameter('topic', 'topicArn'),
  sts: (call) => ({
    kind: 'role',
    whats: plainName(call).startsWith('AssumeRole') ? textsAt(call.parameters, 'roleArn') : [],
  }),
};

const add = (
  known: Reached | undefined,
  call: Call,
  kind: Reached['kind'],
  what: string,
): Reached => {
  const { reads, changes, denied, first } = known ?? {
    reads: 0,
    changes: 0,
    denied: 0,
    first: call.at,
  };
  const refused = call.error !== '';
  return {
    kind,
    what,
    reads: reads + Number(!refused && call.reads),
    changes: changes + Number(!refused && !call.reads),
    denied: denied + Number(refused),
    first,
    last: call.at,
  };
};

/**
 * What holds data or rights and was touched by these calls, most used first. Denied tries count
 * too: they say what was wanted. Of those that were counted, only the first name what they wanted.
 */
export const reachedBy = (calls: readonly Call[]): readonly Reached[] => {
  const reached = new Map<string, Reached>();
  for (const call of calls.flatMap(firstOf)) {
    const use = uses[call.service]?.(call);
    if (!use) continue;
    for (const what of new Set(use.whats)) {
      const key = `${use.kind} ${what}`;
      reached.set(key, add(reached.get(key), call, use.kind, what));
    }
  }
  return [...reached.values()].sort(
    (left, right) => right.reads + right.changes - (left.reads + left.changes),
  );
};
