import type { Reached } from '../core/timeline.ts';
import { type Call, plainName, textAt } from './call.ts';

type Use = readonly [kind: Reached['kind'], what: string];

const byParameter =
  (kind: Reached['kind'], ...keys: readonly string[]) =>
  (call: Call): Use => [kind, keys.map((key) => textAt(call.parameters, key)).find((text) => text !== '') ?? call.arns[0] ?? ''];

const uses: Readonly<Record<string, (call: Call) => Use>> = {
  secretsmanager: byParameter('secret', 'secretId'),
  ssm: byParameter('parameter', 'name', 'path'),
  kms: byParameter('key', 'keyId'),
  s3: byParameter('bucket', 'bucketName'),
  dynamodb: byParameter('table', 'tableName'),
  lambda: byParameter('function', 'functionName'),
  sqs: byParameter('queue', 'queueUrl'),
  sns: byParameter('topic', 'topicArn'),
  sts: (call) => ['role', plainName(call).startsWith('AssumeRole') ? textAt(call.parameters, 'roleArn') : ''],
};

const add = (known: Reached | undefined, call: Call, [kind, what]: Use): Reached => {
  const { reads, changes, denied, first } = known ?? { reads: 0, changes: 0, denied: 0, first: call.at };
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

/** What holds data or rights and was touched by these calls, most used first. Denied tries count too: they say what was wanted. */
export const reachedBy = (calls: readonly Call[]): readonly Reached[] => {
  const found = new Map<string, Reached>();
  for (const call of calls) {
    const use = uses[call.service]?.(call);
    if (!use || use[1] === '') continue;
    const key = use.join(' ');
    found.set(key, add(found.get(key), call, use));
  }
  return [...found.values()].sort((one, other) => other.reads + other.changes - (one.reads + one.changes));
};
