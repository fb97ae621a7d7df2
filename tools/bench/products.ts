// A page of products through gateway, authorizer and ScanService, against the least that could
// answer: a gateway that asks nobody, and a function that sends one query and hands on what came.
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { IAMClient } from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { localAddress } from '../../local/app/address.ts';
import { callApi } from '../../local/app/call.ts';
import { seed } from '../../local/app/seed.ts';
import { makeUser } from '../../local/app/users.ts';
import { clientConfig } from '../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../local/engine/settings.ts';
import { localPlace } from '../../local/place.ts';
import { bundled, role } from './bare.ts';
import { inWords, type Line, spreadOf } from './statistics.ts';
import type { EngineAddress } from './targets.ts';

const handlerOf = (table: string): string => `
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
const client = new DynamoDBClient({});
export const handler = async () => {
  console.log('asked');
  const { Items } = await client.send(new QueryCommand({
    TableName: ${JSON.stringify(table)},
    IndexName: 'byName',
    KeyConditionExpression: '#list = :all',
    ExpressionAttributeNames: { '#list': 'list' },
    ExpressionAttributeValues: { ':all': { S: 'all' } },
    Limit: 25,
  }));
  const body = JSON.stringify({ items: Items.map((item) => unmarshall(item)) });
  return { statusCode: 200, headers: { 'Content-Type': 'application/json' }, body };
};`;

/** Sets up what is compared with, and gives its address. */
const makeBare = async (at: EngineAddress, table: string): Promise<string> => {
  const [lambda, gateway] = [
    new LambdaClient(clientConfig(at)),
    new APIGatewayClient(clientConfig(at)),
  ];
  const { FunctionArn = '' } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'bare-page',
      Role: await role(new IAMClient(clientConfig(at)), 'bare-page', 'lambda', 'dynamodb:Query'),
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 10,
      Code: { ZipFile: bundled(handlerOf(table)) },
    }),
  );
  const { id: restApiId = '' } = await gateway.send(new CreateRestApiCommand({ name: 'bare' }));
  const { items = [] } = await gateway.send(new GetResourcesCommand({ restApiId }));
  const { id: resourceId = '' } = await gateway.send(
    new CreateResourceCommand({ restApiId, parentId: items[0]?.id, pathPart: 'products' }),
  );
  const method = { restApiId, resourceId, httpMethod: 'GET' };
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  const uri =
    `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31` + `/functions/${FunctionArn}/invocations`;
  await gateway.send(
    new PutIntegrationCommand({ ...method, type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri }),
  );
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'live' }));
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'bare-page',
      StatementId: 'gateway',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${restApiId}/live/GET/products`,
    }),
  );
  return `${at.endpoint}/restapis/${restApiId}/live/_user_request_`;
};

const warm = 25;

/** Both in turn, each time in the other order; the first calls warm both up and do not count. */
export const productLines = async (
  at: EngineAddress & { readonly runDir: string },
  outputs: Readonly<Record<string, string>>,
  count: number,
): Promise<Line[]> => {
  const place = localPlace({
    ...at,
    port: 0,
    account: ACCOUNT,
    region: REGION,
    outputs: { CordonProtectedApp: outputs },
  });
  await seed(place, Date.now());
  const { accessToken: token } = await makeUser(place, 'bench@example.com', 'standard');
  const sides = [
    { base: localAddress(outputs.ApiUrl ?? '', at.endpoint), token, ms: [] as number[] },
    { base: await makeBare(at, outputs.ProductsTableName ?? ''), token: null, ms: [] as number[] },
  ] as const;
  for (let n = 0; n < count + warm; n += 1) {
    for (const side of n % 2 === 0 ? sides : sides.toReversed()) {
      const began = performance.now();
      const { status, body } = await callApi(side.base, {
        method: 'GET',
        path: '/products',
        token: side.token,
      });
      if (status !== 200) throw new Error(`HTTP ${status}: ${body.slice(0, 300)}`);
      if (n >= warm) side.ms.push(performance.now() - began);
    }
  }
  const [ours, bare] = sides.map(({ ms }) => spreadOf(ms));
  if (!ours || !bare) return [];
  return [
    { what: 'GET /products, p50', unit: 'ms', measured: ours.p50, detail: inWords(ours) },
    {
      what: 'GET /products by a bare function, p50',
      unit: 'ms',
      measured: bare.p50,
      detail: inWords(bare),
    },
    {
      what: 'GET /products against the bare function, at p50',
      unit: '×',
      measured: ours.p50 / bare.p50,
      most: 1.3,
    },
    {
      what: 'GET /products against the bare function, at p99',
      unit: '×',
      measured: ours.p99 / bare.p99,
      most: 1.3,
    },
  ];
};
