import { checkCalls } from './check/check.ts';
import { radiusCalls } from './contain/blast-radius.ts';
import { catalog } from './contain/catalogue.ts';
import { provenanceCalls } from './contain/provenance.ts';
import { turnSeconds } from './contain/turn.ts';
import { kinds } from './decide/kinds.ts';
import { collectors } from './evidence/collectors.ts';
import { ownPrefix } from './evidence/own-place.ts';
import { attemptCalls } from './heartbeat/attempts.ts';
import { drillClaims, incidentPrefix, outboxKey, targetPrefix } from './incident/keys.ts';
import type { Grant, Placeholder } from './shared/grant.ts';

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
  /** The option of the configuration without which it is not deployed. */
  readonly only?: 'webhook';
}

const table = (...may: string[]): Grant => ({ on: 'dynamodb:${table}', may });
/** Deleting items of some partitions: incidents and their records stay. */
const deleting = (partitions: string): Grant => ({
  on: 'dynamodb:${table}',
  may: ['DeleteItem'],
  when: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } },
});
const key = (name: Extract<Placeholder, `${string}Key`>, ...may: string[]): Grant => ({
  on: `kms:\${${name}}`,
  may,
});

/** Mails go to the topic, and beside it to the queue of the webhook where there is one. */
const telling: readonly Grant[] = [
  { on: 'sns:${topic}', may: ['Publish'] },
  key('topicKey', 'GenerateDataKey', 'Decrypt'),
  { on: 'sqs:${webhookQueue}', may: ['SendMessage'] },
];

const containing = catalog.flatMap((responder) => responder.calls.contain);
const releasing = catalog.flatMap((responder) => responder.calls.release);

/** Confirming whom a finding is about. */
const identifying = kinds.flatMap(({ calls }) => calls);
/** How long the role has been shared, and a resource been tagged. */
const readingChanges: Grant = { on: 'cloudtrail:*', may: ['LookupEvents'] };
/** What a question says about the callers of a workload, and about what waits for it. */
const asking = [...kinds.flatMap(({ callers }) => callers?.calls ?? []), ...radiusCalls];

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
    when: { StringLike: { 's3:prefix': ['incidents/*/custody/', `incidents/*/${ownPrefix}`] } },
  },
  { on: 's3:${bucket}/incidents/*/custody/*', may: ['PutObject', 'GetObject'] },
  { on: 's3:${bucket}/incidents/*/manifest.json', may: ['GetObject'] },
  { on: 's3:${bucket}/incidents/*/manifest.sig', may: ['GetObject'] },
  key('evidenceKey', 'GenerateDataKey', 'Decrypt'),
  key('signingKey', 'GetPublicKey', 'Sign'),
];

/** Athena reads the trail and writes its answers with the rights of whoever asks. */
const askingTheTrail: readonly Grant[] = [
  { on: 'cloudtrail:*', may: ['LookupEvents'] },
  {
    on: 'athena:${workgroup}',
    may: ['StartQueryExecution', 'GetQueryExecution', 'GetQueryResults'],
  },
  { on: 'glue:${trailTable}', may: ['GetDatabase', 'GetTable', 'GetPartitions'] },
  // AWS documents that Athena wants this one for each query, whatever database it reads.
  { on: 'glue:database/default', may: ['GetDatabase'] },
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
      ...provenanceCalls,
      ...asking,
      readingChanges,
      key('drillKey', 'VerifyMac'),
      key('answerKey', 'VerifyMac'),
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
      readingChanges,
      { on: 'iam:role/*', may: ['GetRolePolicy'] },
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
    calls: [...telling, table('GetItem', 'Query', 'PutItem', 'UpdateItem'), deleting(outboxKey)],
  },
  {
    name: 'TamperLambda',
    entry: 'tamper',
    title: 'Tell who changed Cordon itself, or tried to',
    memoryMb: 512,
    timeoutSeconds: 30,
    reserved: 2,
    calls: [
      {
        on: 'sqs:${tamperQueue}',
        may: ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'],
      },
      ...telling,
      table('GetItem', 'Query', 'PutItem', 'UpdateItem'),
      deleting(outboxKey),
    ],
  },
  {
    name: 'CheckLambda',
    entry: 'check',
    title: 'Compare Cordon itself with what was deployed',
    memoryMb: 512,
    timeoutSeconds: 60,
    reserved: 1,
    calls: [
      ...checkCalls,
      ...telling,
      table('GetItem', 'Query', 'PutItem', 'UpdateItem'),
      deleting(outboxKey),
    ],
  },
  {
    name: 'WebhookLambda',
    entry: 'webhook',
    title: 'Tell the webhook what the mails tell',
    memoryMb: 512,
    timeoutSeconds: 30,
    reserved: 2,
    only: 'webhook',
    calls: [
      {
        on: 'sqs:${webhookQueue}',
        may: ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'],
      },
      { on: 'secretsmanager:${webhookSecret}', may: ['GetSecretValue'] },
    ],
  },
  {
    name: 'HeartbeatLambda',
    entry: 'heartbeat',
    title: 'Have a canary contained and released, and see that both work',
    memoryMb: 512,
    timeoutSeconds: 30,
    reserved: 1,
    calls: [
      ...attemptCalls,
      { on: 'events:${drillBus}', may: ['PutEvents'] },
      key('drillKey', 'GenerateMac'),
      {
        on: 'dynamodb:${table}',
        may: ['GetItem', 'Query'],
        when: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': [`${drillClaims}*`, `${incidentPrefix}*`],
          },
        },
      },
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
      key('releaseKey', 'VerifyMac'),
      key('drillKey', 'VerifyMac'),
      { on: 'iam:role/*', may: ['GetRolePolicy'] },
      table('Query', 'PutItem', 'UpdateItem', 'TransactWriteItems'),
      deleting(`${targetPrefix}*`),
    ],
  },
];

/** Those that every deployment has, whatever its configuration says. */
export const standardFunctions = functions.filter(({ only }) => only === undefined);
