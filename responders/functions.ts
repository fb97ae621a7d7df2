import { catalog } from './contain/catalogue.ts';
import { turnSeconds } from './contain/turn.ts';
import { kinds } from './decide/kinds.ts';
import { collectors } from './evidence/collectors.ts';
import type { Grant } from './shared/grant.ts';

/**
 * One deployed function: what it is called, which file of handlers/ it runs, and what it may do.
 */
export interface FunctionSpec {
  /** The construct's name, and the placeholder of the state machines. */
  readonly name: string;
  /** responders/handlers/<entry>.ts */
  readonly entry: string;
  readonly title: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** How many may run at once; also what keeps a flood from taking the account's concurrency. */
  readonly reserved: number;
  readonly calls: readonly Grant[];
}

const table = (...may: string[]): Grant => ({ on: 'dynamodb:${table}', may });
const key = (
  name: 'evidenceKey' | 'signingKey' | 'topicKey' | 'tableKey' | 'trailKey',
  ...may: string[]
): Grant => ({
  on: `kms:\${${name}}`,
  may,
});

const containing = catalog.flatMap((responder) => responder.calls.contain);
const releasing = catalog.flatMap((responder) => responder.calls.release);

/** Confirming whom a finding is about. */
const identifying = kinds.flatMap(({ calls }) => calls);
/** What a question says about the callers of a workload. */
const asking = kinds.flatMap(({ callers }) => callers?.calls ?? []);

const writingEvidence: readonly Grant[] = [
  { on: 's3:${bucket}/incidents/*', may: ['PutObject', 'HeadObject'] },
  key('evidenceKey', 'GenerateDataKey', 'Decrypt'),
];

/**
 * Whoever seals also looks: what lies in the folder, until when it is locked, and whether it is
 * still what was stored.
 */
const sealingEvidence: readonly Grant[] = [
  { on: 's3:${bucket}', may: ['ListObjectsV2', 'ListObjectVersions'] },
  { on: 's3:${bucket}/incidents/*', may: ['GetObjectVersion', 'GetObjectRetention'] },
  {
    on: 's3:${bucket}/incidents/*',
    may: ['PutObjectLegalHold'],
    when: { StringEquals: { 's3:object-lock-legal-hold': 'ON' } },
  },
  key('signingKey', 'GetPublicKey', 'Sign'),
];

/** It continues the chain of an incident and can neither read nor write any other evidence. */
const writingCustody: readonly Grant[] = [
  {
    on: 's3:${bucket}',
    may: ['ListObjectsV2'],
    when: { StringLike: { 's3:prefix': 'incidents/*/custody/' } },
  },
  { on: 's3:${bucket}/incidents/*/custody/*', may: ['PutObject', 'GetObject'] },
  { on: 's3:${bucket}/incidents/*/manifest.json', may: ['GetObject'] },
  key('evidenceKey', 'GenerateDataKey', 'Decrypt'),
  key('signingKey', 'Sign'),
];

/** Athena reads the trail and writes its answers with the rights of whoever asks. */
const askingTheTrail: readonly Grant[] = [
  { on: 'cloudtrail:*', may: ['LookupEvents'] },
  {
    on: 'athena:${workgroup}',
    may: ['StartQueryExecution', 'GetQueryExecution', 'GetQueryResults'],
  },
  { on: 'glue:${trailTable}', may: ['GetDatabase', 'GetTable', 'GetPartitions'] },
  { on: 's3:${trailBucket}', may: ['ListObjectsV2', 'GetBucketLocation'] },
  { on: 's3:${trailBucket}/*', may: ['GetObject'] },
  key('trailKey', 'Decrypt'),
  { on: 's3:${queryResults}', may: ['ListObjectsV2', 'GetBucketLocation'] },
  { on: 's3:${queryResults}/*', may: ['GetObject', 'PutObject', 'AbortMultipartUpload'] },
];

export const functions: readonly FunctionSpec[] = [
  {
    name: 'ContainmentLambda',
    entry: 'contain',
    title: 'Decide on a finding and contain its workload',
    memoryMb: 1769,
    timeoutSeconds: turnSeconds.contain,
    reserved: 20,
    calls: [
      ...containing,
      ...identifying,
      ...asking,
      table('GetItem', 'Query', 'TransactWriteItems', 'UpdateItem', 'PutItem'),
    ],
  },
  {
    name: 'WatchLambda',
    entry: 'watch',
    title: 'Look again whether containment holds, and repair it',
    memoryMb: 1024,
    timeoutSeconds: turnSeconds.watch,
    reserved: 5,
    calls: [
      ...containing,
      ...identifying,
      table('Query', 'UpdateItem', 'PutItem', 'TransactWriteItems'),
    ],
  },
  {
    name: 'EvidenceCollectionLambda',
    entry: 'collect',
    title: 'Store what the workload looked like, and sign a list of it',
    // Measured with a layer of 100 MB: 200 MB in all, and 4.4 s instead of 3.4 s with the third of
    // a CPU that comes with this.
    memoryMb: 512,
    timeoutSeconds: 150,
    reserved: 8,
    calls: [
      ...collectors.flatMap(({ calls }) => calls),
      ...writingEvidence,
      ...sealingEvidence,
      table('Query', 'GetItem', 'PutItem', 'UpdateItem'),
    ],
  },
  {
    name: 'TimelineAnalysisLambda',
    entry: 'timeline',
    title: 'Read from CloudTrail what the workload did',
    memoryMb: 1024,
    timeoutSeconds: 150,
    reserved: 10,
    calls: [...askingTheTrail, ...writingEvidence, table('Query', 'PutItem', 'UpdateItem')],
  },
  {
    name: 'GenerateReportLambda',
    entry: 'report',
    title: 'Write the report of an incident',
    memoryMb: 1024,
    timeoutSeconds: 60,
    reserved: 4,
    calls: [
      { on: 's3:${bucket}/incidents/*', may: ['GetObject'] },
      ...writingEvidence,
      table('Query', 'PutItem', 'UpdateItem'),
    ],
  },
  {
    name: 'NotifyLambda',
    entry: 'notify',
    title: 'Tell the security team',
    memoryMb: 1024,
    timeoutSeconds: 30,
    reserved: 5,
    calls: [
      { on: 'sns:${topic}', may: ['Publish'] },
      key('topicKey', 'GenerateDataKey', 'Decrypt'),
      table('GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'),
    ],
  },
  {
    name: 'CustodyLambda',
    entry: 'custody',
    title: 'Write down who reads evidence, and why',
    memoryMb: 512,
    timeoutSeconds: 30,
    reserved: 5,
    calls: writingCustody,
  },
  {
    name: 'ReleaseLambda',
    entry: 'release',
    title: 'Undo what containment changed',
    memoryMb: 1024,
    timeoutSeconds: turnSeconds.release,
    reserved: 5,
    calls: [
      ...releasing,
      table('Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'),
    ],
  },
];
