import { isRecord } from '../shared/json.ts';
import { type Call, textAt } from './call.ts';

/** Request parameters that name what a call was about, the most telling first. */
const telling = [
  'roleArn',
  'roleName',
  'userName',
  'policyArn',
  'policyName',
  'groupName',
  'functionName',
  'secretId',
  'secretList',
  'name',
  'tableName',
  'queueUrl',
  'topicArn',
  'keyId',
  'trailName',
  'instanceId',
  'snapshotId',
  'rule',
  'uUID',
  'resource',
] as const;

/** `bucket/key` reads better than two fields. */
const s3Name = ({ parameters }: Call): string => {
  const [bucket, key] = [textAt(parameters, 'bucketName'), textAt(parameters, 'key')];
  return key === '' ? bucket : `${bucket}/${key}`;
};

/** A call for each of the first that were counted with it; the call itself where it is single. */
export const firstOf = (call: Call): readonly Call[] =>
  call.counted?.parameters.map((parameters) => ({ ...call, parameters })) ?? [call];

const namesIn = (call: Call): readonly string[] => {
  const requestNames = isRecord(call.parameters)
    ? telling.map((key) => textAt(call.parameters, key))
    : [];
  const fromRequest = call.service === 's3' ? [s3Name(call)] : requestNames;
  return [...fromRequest, ...call.arns].filter((name) => name !== '');
};

/** Names and ARNs that a call was about. */
export const resourcesOf = (call: Call): readonly string[] =>
  [...new Set(firstOf(call).flatMap(namesIn))].slice(0, 5);
