// A workload with something of everything, made with the root key, and an incident about it whose
// stages are called one by one.
import { mkdtempSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  InvokeCommand,
  LambdaClient,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { clientConfig, type KeyedEngine } from '../../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import type { Case } from '../../../responders/incident/case.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import type { Table } from '../../../responders/incident/table.ts';
import { at } from '../../../responders/shared/json.ts';
import { type Deployed, outputOf } from '../../support/engine/deployed.ts';
import { drillEventOf } from '../../support/engine/drill-event.ts';
import { makeWorkload, type Workload } from '../../support/engine/workload.ts';
import { lambdaFinding } from '../../support/fakes/findings.ts';

export const secret = 'correct-horse-battery-staple';

const code = (text: string): Buffer =>
  zipOf([
    { name: 'index.mjs', data: Buffer.from(`export const handler = async () => "${text}";`) },
  ]);

export const lambdaOf = (at: KeyedEngine): LambdaClient => new LambdaClient(clientConfig(at));
export const s3Of = (at: Deployed): S3Client => new S3Client(clientConfig(at));
/** The incidents of these tests are drills, unless they say otherwise. */
export const bucketOf = (at: Deployed, drill = true): string =>
  outputOf(at, drill ? 'DrillEvidenceBucketName' : 'EvidenceBucketName');
export const tableOf = (at: Deployed): Table => ({
  dynamo: new DynamoDBClient(clientConfig(at)),
  name: outputOf(at, 'CaseTableName'),
});

/** Two versions behind a weighted alias, a layer, a secret in the environment, an inline policy. */
export const makeVictim = async (cordon: Deployed, name: string): Promise<Workload> => {
  const lambda = lambdaOf(cordon);
  const FunctionName = name;
  const made = await makeWorkload(cordon, name, {
    tags: { 'cordon:drill': 'allowed' },
    urls: { '': 'NONE' },
    sources: [true],
  });
  const { LayerVersionArn = '' } = await lambda.send(
    new PublishLayerVersionCommand({
      LayerName: `${name}-layer`,
      Content: { ZipFile: code('layer') },
    }),
  );
  const Environment = { Variables: { PASSWORD: secret, '<b>&"name': 'x' } };
  await lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName,
      Layers: [LayerVersionArn],
      Environment,
    }),
  );
  const { Version: first } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: code('second') }));
  const { Version: second } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: code('third') }));
  const RoutingConfig = { AdditionalVersionWeights: { [second ?? '']: 0.1 } };
  await lambda.send(
    new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: first, RoutingConfig }),
  );
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }],
  });
  await new IAMClient(clientConfig(cordon)).send(
    new PutRolePolicyCommand({ RoleName: made.roleName, PolicyName: 'own', PolicyDocument }),
  );
  return made;
};

/** Calls a function of the response and hands on what it threw. */
export const call = async (
  cordon: Deployed,
  FunctionName: string,
  payload: unknown,
): Promise<unknown> => {
  const { Payload, FunctionError } = await lambdaOf(cordon).send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }),
  );
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null');
  if (FunctionError) throw new Error(`${FunctionName}: ${JSON.stringify(answer)}`);
  return answer;
};

/** As the state machine does: what a busy machine did not answer in time is asked again. */
const callPatiently = async (
  cordon: Deployed,
  FunctionName: string,
  payload: unknown,
  tries = 5,
): Promise<unknown> => {
  try {
    return await call(cordon, FunctionName, payload);
  } catch (error) {
    if (tries === 1 || !String(error).includes('"errorType":"SlowError"')) throw error;
    return callPatiently(cordon, FunctionName, payload, tries - 1);
  }
};

export const eventAbout = (name: string, id: string) => {
  const role = `arn:aws:iam::${ACCOUNT}:role/${name}-role`;
  const text = JSON.stringify(
    lambdaFinding({ functionName: name, role, id, updatedAt: new Date().toISOString() }),
  );
  return JSON.parse(
    text.replaceAll('111122223333', ACCOUNT).replaceAll('eu-west-1', REGION),
  ) as unknown;
};

/** A contained incident about a workload: a drill, whose stages are called one by one. */
export const incidentAbout = async (
  cordon: Deployed,
  name: string,
  { id = `f${name.replaceAll(/\W/g, '')}` } = {},
): Promise<string> => {
  const contained = await callPatiently(cordon, 'ContainmentLambda', {
    event: await drillEventOf(cordon, eventAbout(name, id)),
    drill: true,
    execution: `test-${id}`,
  });
  return String(at(contained, 'incidentId'));
};

export const collect = (cordon: Deployed, incidentId: string) =>
  call(cordon, 'EvidenceCollectionLambda', { incidentId });
export const seal = (cordon: Deployed, incidentId: string) =>
  call(cordon, 'EvidenceCollectionLambda', { incidentId, seal: true });
export const caseOf = (cordon: Deployed, incidentId: string): Promise<Case> =>
  readCase(tableOf(cordon), incidentId);

/** Everything below a prefix, by key. */
export const objectsUnder = async (
  cordon: Deployed,
  Prefix: string,
  drill = true,
): Promise<ReadonlyMap<string, Buffer>> => {
  const s3 = s3Of(cordon);
  const Bucket = bucketOf(cordon, drill);
  const found = new Map<string, Buffer>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix }))
    for (const { Key = '' } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      found.set(Key.slice(Prefix.length), Buffer.from((await Body?.transformToByteArray()) ?? []));
    }
  return found;
};

export const folderOfIncident = (id: string): string =>
  `incidents/${id.slice(4, 8)}/${id.slice(8, 10)}/${id.slice(10, 12)}/${id}/`;

/** The folder of an incident on disk, as an auditor has it. */
export const pulled = async (cordon: Deployed, incidentId: string): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-evidence-'));
  for (const [path, bytes] of await objectsUnder(cordon, folderOfIncident(incidentId))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
};
