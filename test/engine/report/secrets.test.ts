// Secrets are planted where an attacker or an owner would leave them; then everything that a drill
// has put out is searched.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDrill } from '../../../game-day/drill.ts';
import { bundle } from '../../../infra/bundle.ts';
import { localAddress } from '../../../local/app/address.ts';
import { callApi } from '../../../local/app/call.ts';
import { enterConsole } from '../../../local/console/users.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import { readInbox } from '../../../local/inbox.ts';
import { caseTable, incidentOf } from '../../../operator/cases.ts';
import { putEvent } from '../../../operator/event-bus.ts';
import { output } from '../../../operator/place.ts';
import { bytesOf, evidenceOf } from '../../../operator/recorded-evidence.ts';
import { until } from '../../../operator/wait.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { at } from '../../../responders/shared/json.ts';
import { type CordonUp, cordonUp } from '../drills/cordon-up.ts';

const secret = 'Canary7Secret9Value3ForSearch';
const ofFinding = 'Canary4Finding8Value5ForSearch';
const outputs = new Map<string, string>();
let up: CordonUp;
let functionName = '';

const plantInEnvironment = async (lambda: LambdaClient): Promise<void> => {
  const { Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  const Variables = { ...Environment?.Variables, PAYMENT_PASSWORD: secret };
  await lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: functionName,
      Environment: { Variables },
    }),
  );
  await waitUntilFunctionUpdatedV2(
    { client: lambda, maxWaitTime: 120 },
    { FunctionName: functionName },
  );
};

/** In a comment and in the name of a file beside it: the function does what it did. */
const plantInCode = async (lambda: LambdaClient): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-secrets-'));
  bundle({ outdir: folder });
  const code = readFileSync(join(folder, 'canary/index.mjs'));
  rmSync(folder, { recursive: true });
  const ZipFile = zipOf([
    { name: 'index.mjs', data: Buffer.concat([code, Buffer.from(`\n// password: ${secret}\n`)]) },
    { name: `token=${secret}.txt`, data: Buffer.from(`api_key=${secret}`) },
  ]);
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: functionName, ZipFile }));
  await waitUntilFunctionUpdatedV2(
    { client: lambda, maxWaitTime: 120 },
    { FunctionName: functionName },
  );
};

/**
 * A finding in whose words the secret stands, and one that cannot be read, so that the reason
 * quotes it. Told, and nothing contained.
 */
const plantInFindings = async (): Promise<string> => {
  const { account, region } = up.connection;
  const [id, now, table] = ['a-leaky-title', new Date().toISOString(), await caseTable(up.place)];
  const detail = {
    ...{
      id,
      type: 'Backdoor:Lambda/C&CActivity.B',
      severity: 8,
      accountId: account,
      region,
      partition: 'aws',
    },
    ...{
      title: `password=${ofFinding}`,
      createdAt: now,
      updatedAt: now,
      resource: { resourceType: 'Lambda' },
      // Without a detector it would count as forged, which makes no report.
      service: { detectorId: 'd0c0ffee00000000000000000000cafe' },
    },
  };
  await putEvent(up.place, 'default', { detailType: 'GuardDuty Finding', detail });
  await putEvent(up.place, 'default', {
    detailType: 'GuardDuty Finding',
    detail: { ...detail, id: 'x', type: { password: ofFinding } },
  });
  const patience = { within: 250_000, timeoutMessage: 'a finding with a secret was not told' };
  const incident = await until(
    () => incidentOf(table, { drill: false, account, region, findingId: id }),
    patience,
  );
  await until(
    async () => (await readCase(table, incident)).mails.find(({ kind }) => kind === 'report1'),
    patience,
  );
  await until(
    async () => readInbox(up.connection.runDir).find(({ body }) => body.includes('cannot be read')),
    patience,
  );
  return incident;
};

const plantInLog = async (logs: CloudWatchLogsClient): Promise<void> => {
  const stream = { logGroupName: `/aws/lambda/${functionName}`, logStreamName: 'planted' };
  await logs.send(new CreateLogStreamCommand(stream));
  await logs.send(
    new PutLogEventsCommand({
      ...stream,
      logEvents: [{ timestamp: Date.now(), message: `connecting with password=${secret}` }],
    }),
  );
};

/**
 * The attacker writes it into a user agent (as a token: the SDK takes out the equals sign) and into
 * a parameter; the second call is denied. What is returned makes these calls.
 */
const stealKeys = async (lambda: LambdaClient): Promise<() => Promise<void>> => {
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from('{"action":"leak"}') }),
  );
  const leaked: unknown = JSON.parse(Buffer.from(Payload ?? []).toString());
  const text = (name: string) => String(at(leaked, name));
  const keys = {
    accessKeyId: text('accessKeyId'),
    secretAccessKey: text('secretAccessKey'),
    sessionToken: text('sessionToken'),
  };
  const config = { ...clientConfig(up.connection, keys), customUserAgent: `thief-ghp_${secret}` };
  return async () => {
    await new STSClient(config).send(new GetCallerIdentityCommand({}));
    // No other thief lists users: failed calls of one kind are a single line, with one agent.
    await new IAMClient(config)
      .send(new ListUsersCommand({ PathPrefix: `/token=${secret}/` }))
      .catch(() => undefined);
  };
};

const collectObjects = async (): Promise<void> => {
  for (const drill of [true, false]) {
    const evidence = await evidenceOf(up.place, { drill });
    const { Contents = [] } = await new S3Client(clientConfig(up.connection)).send(
      new ListObjectsV2Command({ Bucket: evidence.bucket, Prefix: 'incidents/' }),
    );
    const keys = Contents.map(({ Key = '' }) => Key).filter((key) =>
      /\/(report\/[^/]+|manifest\.json|index\.html)$/.test(key),
    );
    for (const key of keys)
      outputs.set(key, Buffer.from(await bytesOf(key, evidence)).toString('utf8'));
  }
};

const collectExecutions = async (): Promise<void> => {
  const sfn = new SFNClient(clientConfig(up.connection));
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({
      stateMachineArn: output(up.place, 'CordonResponse', 'IncidentMachineArn'),
    }),
  );
  for (const { executionArn = '' } of executions) {
    outputs.set(
      executionArn,
      JSON.stringify(await sfn.send(new DescribeExecutionCommand({ executionArn }))),
    );
    for await (const { events } of paginateGetExecutionHistory({ client: sfn }, { executionArn }))
      outputs.set(`history of ${executionArn}`, JSON.stringify(events));
  }
};

const collectLogs = async (): Promise<void> => {
  const logs = new CloudWatchLogsClient(clientConfig(up.connection));
  const { logGroups = [] } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda/' }),
  );
  const own = logGroups
    .map(({ logGroupName = '' }) => logGroupName)
    .filter((name) => /\/[A-Z]\w+Lambda$/.test(name));
  for (const logGroupName of own) {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    outputs.set(logGroupName, events.map(({ message = '' }) => message).join('\n'));
  }
};

const collectTable = async (): Promise<void> => {
  const client = new DynamoDBClient(clientConfig(up.connection));
  for await (const { Items = [] } of paginateScan(
    { client },
    { TableName: output(up.place, 'CordonResponse', 'CaseTableName') },
  ))
    for (const item of Items)
      outputs.set(`table ${item.pk?.S} ${item.sk?.S}`, JSON.stringify(item));
};

/** What the console shows of both incidents to somebody who may see everything. */
const collectConsole = async (ids: readonly string[]): Promise<void> => {
  const { place, connection } = up;
  const { tokens } = await enterConsole(place, 'audrey', ['auditors', 'responders']);
  const base = localAddress(output(place, 'CordonConsole', 'ConsoleApiUrl'), connection.endpoint);
  const parts = ['', '/question', '/timeline', '/report', '/evidence', '/release-preview'];
  for (const path of [
    ...['/now', '/incidents?drills=show', '/drills', '/policy', '/health', '/audit'],
    ...ids.flatMap((id) => parts.map((part) => `/incidents/${id}${part}`)),
  ]) {
    const asked = { method: 'GET', path, token: tokens.accessToken, body: undefined };
    const { status, body } = await callApi(base, asked);
    outputs.set(`console ${status} ${path}`, body);
  }
};

beforeAll(async () => {
  up = await cordonUp();
  functionName = output(up.place, 'CordonDrillTarget', 'SoloFunctionName');
  const lambda = new LambdaClient(clientConfig(up.connection));
  await plantInEnvironment(lambda);
  await plantInCode(lambda);
  const plantInTrail = await stealKeys(lambda);
  await plantInLog(new CloudWatchLogsClient(clientConfig(up.connection)));
  // The timeline of a drill begins with its attack, so nothing is planted in the trail before it.
  let planting: Promise<void> | undefined;
  const { incidentId } = await runDrill('lambda-credential-theft', {
    connection: up.connection,
    progress: (sentence) => {
      if (sentence.startsWith('the attack is under way')) planting = plantInTrail();
    },
  });
  expect(planting).toBeDefined();
  await planting;
  const told = await plantInFindings();
  const shown = [incidentId, told].flatMap((id) => [
    ['show', id],
    ['show', id, '--json'],
  ]);
  for (const args of [...shown, ['mail'], ['mail', '--json'], ['incidents', '--json']])
    outputs.set(args.join(' '), (await up.cordon(args)).stdout);
  await collectConsole([incidentId, told]);
  await Promise.all([collectObjects(), collectExecutions(), collectLogs(), collectTable()]);
});
afterAll(() => up.stop());

it('the search sees every kind of output', () => {
  const kinds = [
    /report\/v2\.html$/,
    /report\/v2\.csv$/,
    /manifest\.json$/,
    /index\.html$/,
    /^history of/,
    /GenerateReportLambda$/,
    /NotifyLambda$/,
    /^table .*STAGE#\d+#timeline2$/,
    /^mail$/,
    /^show /,
    /^console 200 \/incidents\/\S+\/timeline$/,
    /^console 200 \/incidents\/\S+\/report$/,
    /^console 200 \/incidents\/\S+\/evidence$/,
    /^console 200 \/(now|health|audit)$/,
  ];
  expect(
    kinds.filter((kind) => ![...outputs].some(([name, text]) => kind.test(name) && text !== '')),
  ).toEqual([]);
  expect(outputs.size).toBeGreaterThan(40);
});

it('no planted secret is in any of them', () => {
  expect([...outputs].filter(([, text]) => text.includes(secret)).map(([name]) => name)).toEqual(
    [],
  );
});

it('what stands in a finding is kept with the finding, and shown nowhere', () => {
  const kept = /^(arn:|history of arn:|table INC#\S+ (HEAD|FINDING#))/;
  const found = [...outputs].filter(([, text]) => text.includes(ofFinding)).map(([name]) => name);
  expect(found.filter((name) => !kept.test(name))).toEqual([]);
  expect(found).toContainEqual(expect.stringMatching(/^table INC#\S+ FINDING#/));
  const mail = outputs.get('mail') ?? '';
  expect(mail).toMatch(/wanted text, got .*\[masked secret #[0-9a-f]{8}\]/);
});

it('a report shows that there was something, by its mark', () => {
  const csv = [...outputs].find(([name]) => name.endsWith('report/v2.csv'))?.[1] ?? '';
  expect(csv).toMatch(/thief-\[masked token #[0-9a-f]{8}\]/);
});
