// Row 7 of the intruder, and what row 9 can deny: the policies of Cordon's records.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DescribeTableCommand, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { bytesOf, openFolder, signingKeyOf } from '../../../operator/evidence-bucket.ts';
import { verify } from '../../../responders/evidence/verify.mjs';
import { gapsOf } from '../../../responders/incident/stage.ts';
import { roleOf, templateRoles } from '../../support/engine/account.ts';
import { borrowed, type Deployed, outputOf } from '../../support/engine/deployed.ts';
import { sessionOf } from '../../support/engine/keys.ts';
import { makeWorkload } from '../../support/engine/workload.ts';
import { temp } from '../../support/temp.ts';
import {
  call,
  caseOf,
  collect,
  folderOfIncident,
  incidentAbout,
  seal,
} from '../evidence/incident.ts';
import { awaited, deskOf, mailsWith, incidentAbout as realIncidentAbout } from './case.ts';
import { type Clients, clientsOf } from './clients.ts';
import { evidenceNow, expectEvidence } from './evidence.ts';
import { denials, denied, type Intruder, intruder, judgements } from './intruder.ts';
import { item, readEvidence, withBucket, withTable } from './records.ts';
import { resourcePolicyOf } from './resource-policies.ts';
import { expectTold } from './told.ts';
import { withQueue, withSigningKey, withTopic } from './voices.ts';

let cordon: Deployed;
let root: Clients;
let stranger: Intruder;
beforeAll(async () => {
  cordon = await borrowed();
  root = clientsOf(cordon);
  stranger = await intruder(cordon, 'intruder-records');
});

/** A bucket whose name CloudFormation made up. */
const bucketNamed = async (part: string): Promise<string> => {
  const { Buckets = [] } = await root.s3.send(new ListBucketsCommand({}));
  const names = Buckets.flatMap(({ Name = '' }) => (Name.includes(part) ? [Name] : []));
  if (names.length !== 1) throw new Error(`${names.length} buckets are called like ${part}`);
  return names[0] ?? '';
};

const versionsIn = async (Bucket: string): Promise<readonly (string | undefined)[]> => {
  const { Versions = [], DeleteMarkers = [] } = await root.s3.send(
    new ListObjectVersionsCommand({ Bucket }),
  );
  return [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => `${Key} ${VersionId}`);
};

it('row 7: the case table: nothing is read, written, copied or opened', async () => {
  const TableName = outputOf(cordon, 'CaseTableName');
  const { Table } = await root.dynamodb.send(new DescribeTableCommand({ TableName }));
  const arn = Table?.TableArn ?? '';
  // The tamper watch writes about these very attempts, so only the intruder's own items count.
  const state = async () => ({
    forged: (await root.dynamodb.send(new ScanCommand({ TableName }))).Items?.filter(
      ({ pk }) => pk?.S === 'INC#x' || pk?.S === item.pk.S,
    ),
    policy: await resourcePolicyOf(root, arn),
    tables: (await root.dynamodb.send(new ListTablesCommand({}))).TableNames,
  });
  const before = await state();

  const attempts = withTable(TableName, arn);
  expect(await judgements(stranger, attempts)).toEqual(denials(attempts));

  expect(before.forged).toEqual([]);
  expect(await state()).toEqual(before);
});

it.each([
  ['evidence', () => outputOf(cordon, 'EvidenceBucketName'), 'incidents/x/manifest.json'],
  ['drills', () => outputOf(cordon, 'DrillEvidenceBucketName'), 'incidents/x/manifest.json'],
  ['the trail', () => bucketNamed('-trailown'), 'AWSLogs/000000000000/CloudTrail/x.json.gz'],
  ['answers of Athena', () => bucketNamed('-trailquery'), 'x.csv'],
] as const)('row 7: the bucket of %s takes nothing and stays closed', async (_what, name, key) => {
  const bucket = await name();
  const state = async () => ({
    versions: await versionsIn(bucket),
    policy: await resourcePolicyOf(root, `arn:aws:s3:::${bucket}`),
  });
  const before = await state();

  const attempts = withBucket(bucket, key);
  expect(await judgements(stranger, attempts)).toEqual(denials(attempts));

  const { versions, policy } = await state();
  expect(versions).not.toContainEqual(expect.stringContaining(key));
  expect(policy).toEqual(before.policy);
});

it('row 7: evidence is read by nobody but Cordon’s roles', async () => {
  const attempt = readEvidence(outputOf(cordon, 'EvidenceBucketName'), 'incidents/x/a.json');

  expect(await stranger.judged(attempt)).toEqual(denied);
});

it('rows 7 and 9: the signing key signs nothing for the intruder, and stays as it is', async () => {
  const key = outputOf(cordon, 'SigningKeyArn');
  const before = await resourcePolicyOf(root, key);

  const attempts = withSigningKey(key);
  expect(await judgements(stranger, attempts)).toEqual(denials(attempts));

  expect(await resourcePolicyOf(root, key)).toEqual(before);
});

it('row 9: the topic mails nothing for the intruder, and mails it nothing', async () => {
  const topic = outputOf(cordon, 'TopicArn');
  const before = await resourcePolicyOf(root, topic);

  const attempts = withTopic(topic);
  expect(await judgements(stranger, attempts)).toEqual(denials(attempts));

  expect(await resourcePolicyOf(root, topic)).toEqual(before);
});

it('row 9: the queue of missed events takes none and loses none', async () => {
  const QueueUrl = outputOf(cordon, 'RuleDeadLetterUrl');
  const AttributeNames = ['QueueArn' as const, 'ApproximateNumberOfMessages' as const];
  const { Attributes } = await root.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames }),
  );

  const attempts = withQueue(QueueUrl, Attributes?.QueueArn ?? '');
  expect(await judgements(stranger, attempts)).toEqual(denials(attempts));

  const after = await root.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  expect(after.Attributes).toEqual(Attributes);
});

it('row 7: the evidence of an incident stays as it was, and every attempt is told', async () => {
  const desk = await deskOf(cordon);
  const { id } = await realIncidentAbout(desk, 'records-victim');
  await awaited(desk, id, 'reported', ({ mails }) => mails.some(({ kind }) => kind === 'report1'));
  await expectEvidence(desk, id, 'function/configuration.json');
  const known = await evidenceNow(desk, id);
  const name = 'intruder-records-told';
  const teller = await intruder(cordon, name);
  const Bucket = outputOf(cordon, 'EvidenceBucketName');
  const { Table } = await root.dynamodb.send(
    new DescribeTableCommand({ TableName: outputOf(cordon, 'CaseTableName') }),
  );

  // What is stored already, what sealing will store, and what nobody has stored.
  for (const path of ['function/configuration.json', 'manifest.json', 'planted.txt']) {
    const attempts = withBucket(Bucket, `${folderOfIncident(id)}${path}`);
    expect(await judgements(teller, attempts)).toEqual(denials(attempts));
  }
  const others = [
    ...withTable(Table?.TableName ?? '', Table?.TableArn ?? ''),
    ...withSigningKey(outputOf(cordon, 'SigningKeyArn')),
    ...withTopic(outputOf(cordon, 'TopicArn')),
  ];
  expect(await judgements(teller, others)).toEqual(denials(others));

  expect(await evidenceNow(desk, id)).toEqual(known);
  // CloudTrail gives calls on objects, items and messages to the trail, and to no rule.
  await expectTold(desk, name, [
    ...['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutBucketVersioning'],
    ...['dynamodb:DeleteResourcePolicy', 'dynamodb:ExportTableToPointInTime'],
    ...['dynamodb:RestoreTableToPointInTime', 'kms:PutKeyPolicy', 'kms:DisableKey'],
    ...['sns:SetTopicAttributes', 'sns:DeleteTopic', 'sns:Subscribe'],
  ]);
});

it('row 7: what lies in the place of evidence is kept, named, and not taken for evidence', async () => {
  await makeWorkload(cordon, 'planted', { tags: { 'cordon:drill': 'allowed' } });
  const incident = await incidentAbout(cordon, 'planted');
  // The policy of the bucket denies the intruder; the role of another function of Cordon may write.
  const { roleName } = roleOf(await templateRoles(cordon), 'GenerateReportLambda');
  const s3 = new S3Client(clientConfig(cordon, await sessionOf(cordon, roleName)));
  const Bucket = outputOf(cordon, 'DrillEvidenceBucketName');
  const listed = ['function/configuration.json', 'index.html', 'public-key.pem', 'verify.mjs'];
  for (const path of [...listed, 'manifest.json', 'manifest.sig']) {
    const Key = `${folderOfIncident(incident)}${path}`;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'forged', IfNoneMatch: '*' }));
  }

  await collect(cordon, incident);
  // It takes no place of Cordon's, so only sealing comes across it.
  const Key = `${folderOfIncident(incident)}planted.txt`;
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'forged', IfNoneMatch: '*' }));
  await seal(cordon, incident);
  await call(cordon, 'NotifyLambda', { incidentId: incident, kind: 'report2' });

  const desk = await deskOf(cordon);
  const { place } = desk;
  const bucket = { place, kind: 'drill', s3: root.s3, name: Bucket } as const;
  const { versions, foreign } = await openFolder(bucket, incident);
  const folder = temp('planted');
  for (const [path, version] of versions) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), await bytesOf(bucket, version));
  }
  const { pem } = await signingKeyOf(place);
  const result = await verify(folder, { key: pem, copied: true });
  const lying = [...listed, 'planted.txt'].sort();
  expect([result.findings, result.ok, result.foreign]).toEqual([[], true, lying]);
  expect(foreign).toEqual(['manifest.json', 'manifest.sig']);
  const gaps = gapsOf((await caseOf(cordon, incident)).stages);
  const named = gaps.flatMap(({ kind, what }) => (kind === 'foreign' ? [what] : []));
  expect(named.sort()).toEqual([...lying, 'manifest.json', 'manifest.sig'].sort());
  const [mail] = await mailsWith(desk, incident, 'report 2');
  expect(mail?.body).toMatch(/FOREIGN objects lie in the folder of the evidence:\n {2}- /);
  expect(mail?.body).toMatch(/\n {2}- planted\.txt: the stage that stored it ended before/);
});
