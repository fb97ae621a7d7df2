// Every distribution and API of a stack is reached by a name that browsers lead to this machine.
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EntranceServer, startEntrances } from '../../../local/entrances/serve.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';
import { account, deploy, makeFunction, makeRole } from '../adapter/world.ts';
import { graphql } from './graphql-hello.ts';
import { openSocket } from './socket.ts';

const of = (Type: string, Properties: object = {}) => ({ Type, Properties });
const ref = (Ref: string) => ({ Ref });

/** A distribution before a bucket that only it may read, as every site of ours has. */
const site = (name: string) => ({
  [`${name}Files`]: of('AWS::S3::Bucket', { BucketName: `entrances-${name.toLowerCase()}` }),
  [`${name}Control`]: of('AWS::CloudFront::OriginAccessControl', {
    OriginAccessControlConfig: {
      Name: name,
      OriginAccessControlOriginType: 's3',
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    },
  }),
  [name]: of('AWS::CloudFront::Distribution', {
    DistributionConfig: {
      Enabled: true,
      DefaultRootObject: 'index.html',
      Origins: [
        {
          Id: 'files',
          DomainName: { 'Fn::GetAtt': [`${name}Files`, 'RegionalDomainName'] },
          OriginAccessControlId: { 'Fn::GetAtt': [`${name}Control`, 'Id'] },
          S3OriginConfig: { OriginAccessIdentity: '' },
        },
      ],
      DefaultCacheBehavior: {
        TargetOriginId: 'files',
        ViewerProtocolPolicy: 'redirect-to-https',
        CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
      },
    },
  }),
  [`${name}Policy`]: of('AWS::S3::BucketPolicy', {
    Bucket: ref(`${name}Files`),
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'cloudfront.amazonaws.com' },
          Action: 's3:GetObject',
          Resource: { 'Fn::Sub': `\${${name}Files.Arn}/*` },
          Condition: {
            StringEquals: {
              'AWS:SourceArn': {
                'Fn::Sub': `arn:aws:cloudfront::${account}:distribution/\${${name}}`,
              },
            },
          },
        },
      ],
    },
  }),
});

const restApi = {
  Rest: of('AWS::ApiGateway::RestApi', { Name: 'rest' }),
  Get: of('AWS::ApiGateway::Method', {
    RestApiId: ref('Rest'),
    ResourceId: { 'Fn::GetAtt': ['Rest', 'RootResourceId'] },
    HttpMethod: 'GET',
    AuthorizationType: 'NONE',
    Integration: {
      Type: 'MOCK',
      RequestTemplates: { 'application/json': '{"statusCode": 200}' },
      IntegrationResponses: [
        { StatusCode: '200', ResponseTemplates: { 'application/json': '{"from":"rest"}' } },
      ],
    },
    MethodResponses: [{ StatusCode: '200' }],
  }),
  Deployment: {
    ...of('AWS::ApiGateway::Deployment', { RestApiId: ref('Rest') }),
    DependsOn: 'Get',
  },
  Stage: of('AWS::ApiGateway::Stage', {
    RestApiId: ref('Rest'),
    DeploymentId: ref('Deployment'),
    StageName: 'v1',
  }),
};

const httpApi = (functionArn: string) => ({
  Http: of('AWS::ApiGatewayV2::Api', { Name: 'http', ProtocolType: 'HTTP' }),
  Integration: of('AWS::ApiGatewayV2::Integration', {
    ApiId: ref('Http'),
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: functionArn,
    PayloadFormatVersion: '2.0',
  }),
  Route: of('AWS::ApiGatewayV2::Route', {
    ApiId: ref('Http'),
    RouteKey: '$default',
    Target: { 'Fn::Sub': 'integrations/${Integration}' },
  }),
  HttpStage: of('AWS::ApiGatewayV2::Stage', {
    ApiId: ref('Http'),
    StageName: '$default',
    AutoDeploy: true,
  }),
  Permission: of('AWS::Lambda::Permission', {
    FunctionName: functionArn,
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
  }),
});

let engine: Engine;
let entrances: EntranceServer;
let key: string;

const put = (Bucket: string, Key: string, Body: string) =>
  new S3Client({ ...engine.client(), forcePathStyle: true }).send(
    new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json' }),
  );

beforeAll(async () => {
  engine = await startEngine();
  const role = await makeRole(engine, 'http', []);
  const code = `export const handler = async ({ rawPath, headers }) =>
    ({ statusCode: 200, body: JSON.stringify({ rawPath, origin: headers.origin ?? null }) });`;
  const functionArn = await makeFunction(engine, 'http', code, role);
  const apis = await deploy(
    engine,
    'CordonNotes',
    { ...restApi, ...graphql, ...site('Pages') },
    { Rest: { Value: ref('Rest') }, Key: { Value: { 'Fn::GetAtt': ['Key', 'ApiKey'] } } },
  );
  await deploy(
    engine,
    'CordonOtherThings',
    { ...httpApi(functionArn), ...site('Front'), ...site('BackOffice') },
    {},
  );
  key = apis.Key ?? '';
  await put('entrances-pages', 'index.html', 'pages of notes');
  await put(
    'entrances-pages',
    'config.json',
    JSON.stringify({ api: `https://${apis.Rest}.execute-api.us-east-1.amazonaws.com/v1/` }),
  );
  await put('entrances-front', 'index.html', 'front');
  await put('entrances-backoffice', 'index.html', 'back office');
  const { endpoint, rootKey, port, runDir } = engine;
  entrances = await startEntrances(
    {
      ...{ endpoint, rootKey, port, runDir, account, region: 'us-east-1' },
      outputs: { CordonNotes: {}, CordonOtherThings: {} },
    },
    { port: 0 },
  );
});
afterAll(async () => {
  await entrances?.stop();
  await engine?.stop();
});

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Node leads names below `localhost` nowhere, so the name is sent by hand as a browser sends it. */
const ask = async (name: string, path: string, { method, headers, body }: Asked = {}) => {
  const sent = request({
    ...{ host: '127.0.0.1', port: entrances.port, path, method: method ?? 'GET' },
    headers: { host: `${name}.localhost:${entrances.port}`, ...headers },
  });
  sent.end(body);
  const [answer]: IncomingMessage[] = await once(sent, 'response');
  return { status: answer?.statusCode, body: answer ? await text(answer) : '' };
};

test('each distribution and each API has a name of its own', () => {
  expect(entrances.addresses.map(({ name, kind }) => [name, kind]).toSorted()).toEqual([
    ['notes', 'pages'],
    ['notes-api', 'api'],
    ['notes-graphql', 'graphql'],
    ['other-things-api', 'api'],
    ['other-things-back-office', 'pages'],
    ['other-things-front', 'pages'],
  ]);
  expect(entrances.addresses.find(({ name }) => name === 'notes')?.url).toBe(
    `http://notes.localhost:${entrances.port}`,
  );
});

test('a distribution answers with its own pages', async () => {
  expect(await ask('notes', '/')).toEqual({ status: 200, body: 'pages of notes' });
  expect(await ask('other-things-front', '/')).toMatchObject({ body: 'front' });
  expect(await ask('other-things-back-office', '/')).toMatchObject({ body: 'back office' });
});

test('its pages are told paths of their own origin, and these lead to the API', async () => {
  const { body } = await ask('notes', '/config.json');
  expect(JSON.parse(body)).toEqual({ api: '/v1' });
  expect(await ask('notes', '/v1/')).toEqual({ status: 200, body: '{"from":"rest"}' });
});

test('a REST API answers at its stage, and an HTTP API at its root', async () => {
  expect(await ask('notes-api', '/v1/')).toEqual({ status: 200, body: '{"from":"rest"}' });
  expect(await ask('notes-api', '/v2/')).toMatchObject({ status: 403 });
  const { body } = await ask('other-things-api', '/partners/7', {
    headers: { origin: 'http://other-things-front.localhost' },
  });
  expect(JSON.parse(body)).toEqual({
    rawPath: '/partners/7',
    origin: 'http://other-things-front.localhost',
  });
});

test('a GraphQL API answers calls and sockets', async () => {
  const { status, body } = await ask('notes-graphql', '/graphql', {
    ...{ method: 'POST', body: JSON.stringify({ query: '{ hello }' }) },
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
  });
  expect({ status, body: JSON.parse(body) }).toEqual({
    status: 200,
    body: { data: { hello: 'from graphql' } },
  });
  const host = 'notes-graphql.localhost';
  const header = Buffer.from(JSON.stringify({ host, 'x-api-key': key })).toString('base64');
  const path = `/graphql/realtime?header=${encodeURIComponent(header)}&payload=e30=`;
  const socket = await openSocket(entrances.port, host, path, 'graphql-ws');
  socket.send({ type: 'connection_init' });
  expect(await socket.next('connection_ack')).toMatchObject({ type: 'connection_ack' });
  socket.close();
});

test('a name that nothing has is answered with the names that there are', async () => {
  const { status, body } = await ask('shop', '/');
  expect(status).toBe(404);
  expect(body).toContain('notes.localhost, notes-api.localhost');
});

test('a page that reaches the port under a name of its own gets nothing', async () => {
  const headers = { host: 'evil.example' };
  expect(await ask('notes', '/', { headers })).toMatchObject({ status: 403 });
  expect(await ask('notes-api', '/v1/', { headers })).toMatchObject({ status: 403 });
});
