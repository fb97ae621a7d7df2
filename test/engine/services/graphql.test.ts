import {
  createHmac,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../adapter/engine.ts';
import { deploy, makeRole } from '../adapter/world.ts';
import { type JsonSocket, openSocket } from './socket.ts';

const of = (Type: string, Properties: object = {}) => ({ Type, Properties });
const apiId = { 'Fn::GetAtt': ['Api', 'ApiId'] };

const schema = `
type Order @aws_cognito_user_pools @aws_api_key {
  customer: ID!
  id: ID!
  status: String
  margin: String @aws_cognito_user_pools(cognito_groups: ["administrators"])
}
type Orders { items: [Order] nextToken: String }
type Query {
  orders(customer: ID!): Orders
  administration: String @aws_cognito_user_pools(cognito_groups: ["administrators"])
  open: String @aws_api_key
}
type Mutation { setStatus(customer: ID!, id: ID!, status: String!): Order }
type Subscription {
  onStatus(customer: ID): Order @aws_subscribe(mutations: ["setStatus"])
  onAnything: Order
    @aws_subscribe(mutations: ["setStatus"])
    @aws_cognito_user_pools(cognito_groups: ["administrators"])
}
schema { query: Query mutation: Mutation subscription: Subscription }
`;

const responding = 'export const response = (ctx) => ctx.result;';
const codes = {
  orders: `export const request = (ctx) => ({
    operation: 'Query',
    query: {
      expression: 'customer = :customer',
      expressionValues: { ':customer': { S: ctx.args.customer } },
    },
  });`,
  administration: "export const request = () => ({ payload: 'for administrators' });",
  open: "export const request = () => ({ payload: 'open' });",
  setStatus: `export const request = (ctx) => ({
    operation: 'PutItem',
    key: { customer: { S: ctx.args.customer }, id: { S: ctx.args.id } },
    attributeValues: { status: { S: ctx.args.status }, margin: { S: '0.4' } },
  });
  export const response = (ctx) => ({ ...ctx.args, margin: '0.4' });`,
};

const resolver = (type: string, field: keyof typeof codes, source: string) => ({
  ...of('AWS::AppSync::Resolver', {
    ApiId: apiId,
    TypeName: type,
    FieldName: field,
    DataSourceName: source,
    Runtime: { Name: 'APPSYNC_JS', RuntimeVersion: '1.0.0' },
    Code: codes[field].includes('response') ? codes[field] : `${codes[field]}\n${responding}`,
  }),
  DependsOn: ['Schema', 'Orders', 'Nothing'],
});

const template = (pool: string, role: string) => ({
  Table: of('AWS::DynamoDB::Table', {
    TableName: 'graphql-orders',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['customer', 'id'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'customer', KeyType: 'HASH' },
      { AttributeName: 'id', KeyType: 'RANGE' },
    ],
  }),
  Api: of('AWS::AppSync::GraphQLApi', {
    Name: 'orders',
    AuthenticationType: 'AMAZON_COGNITO_USER_POOLS',
    UserPoolConfig: { UserPoolId: pool, AwsRegion: 'us-east-1', DefaultAction: 'ALLOW' },
    AdditionalAuthenticationProviders: [{ AuthenticationType: 'API_KEY' }],
  }),
  Key: of('AWS::AppSync::ApiKey', { ApiId: apiId }),
  Schema: of('AWS::AppSync::GraphQLSchema', { ApiId: apiId, Definition: schema }),
  Orders: of('AWS::AppSync::DataSource', {
    ApiId: apiId,
    Name: 'orders',
    Type: 'AMAZON_DYNAMODB',
    ServiceRoleArn: role,
    DynamoDBConfig: { TableName: { Ref: 'Table' }, AwsRegion: 'us-east-1' },
  }),
  Nothing: of('AWS::AppSync::DataSource', { ApiId: apiId, Name: 'nothing', Type: 'NONE' }),
  ...Object.fromEntries(
    (
      [
        ['Query', 'orders', 'orders'],
        ['Query', 'administration', 'nothing'],
        ['Query', 'open', 'nothing'],
        ['Mutation', 'setStatus', 'orders'],
      ] as const
    ).map(([type, field, source]) => [`Resolve${field}`, resolver(type, field, source)]),
  ),
});

let engine: Engine;
let api: { readonly id: string; readonly key: string };
let pool: string;
let tokens: Record<'ana' | 'root' | 'foreign', string>;

/** A pool with two users, one of them an administrator; gives their tokens. */
const makePool = async (name: string) => {
  const cognito = new CognitoIdentityProviderClient(engine.client());
  const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: name }));
  const UserPoolId = UserPool?.Id ?? '';
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: name,
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  );
  const ClientId = UserPoolClient?.ClientId;
  const Password = 'Long-enough-1!';
  await cognito.send(new CreateGroupCommand({ UserPoolId, GroupName: 'administrators' }));
  const signIn = async (Username: string, GroupName?: string): Promise<string> => {
    await cognito.send(new AdminCreateUserCommand({ UserPoolId, Username }));
    await cognito.send(
      new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }),
    );
    if (GroupName)
      await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }));
    const { AuthenticationResult } = await cognito.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: Username, PASSWORD: Password },
      }),
    );
    return AuthenticationResult?.IdToken ?? '';
  };
  return { UserPoolId, ana: await signIn('ana'), root: await signIn('root', 'administrators') };
};

beforeAll(async () => {
  engine = await startEngine();
  const [own, other] = [await makePool('own'), await makePool('other')];
  pool = own.UserPoolId;
  tokens = { ana: own.ana, root: own.root, foreign: other.root };
  const role = await makeRole(engine, 'graphql', [], { service: 'appsync.amazonaws.com' });
  const outputs = await deploy(engine, 'graphql', template(pool, role), {
    Id: { Value: apiId },
    Key: { Value: { 'Fn::GetAtt': ['Key', 'ApiKey'] } },
  });
  api = { id: outputs.Id ?? '', key: outputs.Key ?? '' };
});
afterAll(() => engine?.stop());

interface Answer {
  readonly status: number;
  readonly body: {
    readonly data?: unknown;
    readonly errors?: readonly { readonly errorType?: string; readonly message: string }[];
  };
}

const ask = async (query: string, headers: Record<string, string> = {}): Promise<Answer> => {
  const answer = await fetch(`${engine.endpoint}/v1/apis/${api.id}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
};

const as = (token: string) => ({ authorization: token });
const setStatus = (customer: string, id: string, status: string) =>
  `mutation { setStatus(customer: "${customer}", id: "${id}", status: "${status}") {
    customer id status } }`;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());

const signed = (header: object, claims: object, key: KeyObject | string): string => {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
};

/** Tokens that nobody may get in with, each wrong in one way only. */
const badTokens = (): Record<string, string> => {
  const [header, claims] = [headerOf(tokens.root), claimsOf(tokens.root)];
  const now = Math.floor(Date.now() / 1_000);
  const key = readFileSync(join(engine.runDir, `state/cognito-pool-keys/${pool}-id.pem`), 'utf8');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const hashed = `${part({ ...header, alg: 'HS256' })}.${part(claims)}`;
  const known = createPublicKey(key).export({ type: 'spki', format: 'pem' });
  return {
    'the public key as a secret': `${hashed}.${createHmac('sha256', known).update(hashed).digest('base64url')}`,
    'no algorithm': `${part({ ...header, alg: 'none' })}.${part(claims)}.`,
    'an expired token': signed(header, { ...claims, exp: now - 1 }, key),
    'another key': signed(header, claims, privateKey),
    'another pool': tokens.foreign,
    'another issuer': signed(header, { ...claims, iss: 'https://example.com' }, key),
    'a changed claim': `${part(header)}.${part({ ...claims, sub: 'x' })}.${tokens.root.split('.')[2]}`,
    'no token': 'a.b.c',
  };
};

describe('a GraphQL API', () => {
  test('shows each caller what the schema opens to it', async () => {
    expect(await ask('{ administration }', as(tokens.root))).toMatchObject({
      status: 200,
      body: { data: { administration: 'for administrators' } },
    });
    const denied = await ask('{ administration open }', as(tokens.ana));
    expect(denied.body.data).toEqual({ administration: null, open: null });
    expect(denied.body.errors?.map(({ errorType }) => errorType)).toEqual([
      'Unauthorized',
      'Unauthorized',
    ]);
    const byKey = await ask('{ open administration }', { 'x-api-key': api.key });
    expect(byKey.body.data).toEqual({ open: 'open', administration: null });
  });

  test('lets nobody in with a token that it cannot verify', async () => {
    const answers = await Promise.all(
      Object.entries(badTokens()).map(async ([name, token]) => {
        const { status, body } = await ask('{ administration }', as(token));
        return [name, status, body.errors?.[0]?.errorType, body.data];
      }),
    );
    expect(answers).toEqual(
      Object.keys(badTokens()).map((name) => [name, 401, 'UnauthorizedException', undefined]),
    );
    const { status } = await ask('{ open }', { 'x-api-key': 'da2-of-nobody' });
    expect(status).toBe(401);
    expect((await ask('{ open }')).status).toBe(401);
  });

  test('queries by key', async () => {
    for (const [customer, id] of [
      ['one', '1'],
      ['one', '2'],
      ['two', '3'],
    ] as const)
      await ask(setStatus(customer, id, 'NEW'), as(tokens.ana));
    const { body } = await ask('{ orders(customer: "one") { items { id } } }', as(tokens.ana));
    expect(body).toEqual({ data: { orders: { items: [{ id: '1' }, { id: '2' }] } } });
  });
});

const opened: JsonSocket[] = [];
const host = () => `${api.id}.appsync-realtime-api.us-east-1.localhost`;
const connect = async (token: string): Promise<JsonSocket> => {
  const header = Buffer.from(JSON.stringify({ host: host(), Authorization: token }));
  const path = `/graphql?header=${encodeURIComponent(header.toString('base64'))}&payload=e30=`;
  const socket = await openSocket(engine.port, host(), path, 'graphql-ws');
  opened.push(socket);
  return socket;
};
const start = (socket: JsonSocket, id: string, query: string, token: string): void =>
  socket.send({
    type: 'start',
    id,
    payload: {
      data: JSON.stringify({ query, variables: {} }),
      extensions: { authorization: { host: host(), Authorization: token } },
    },
  });
const firstError = (message: Readonly<Record<string, unknown>>) =>
  (message.payload as { errors: { errorType: string }[] }).errors[0]?.errorType;

describe('a subscription', () => {
  afterAll(() => {
    for (const socket of opened) socket.close();
  });

  test('hears of the mutations that match its arguments, and of no field that is closed', async () => {
    const socket = await connect(tokens.ana);
    socket.send({ type: 'connection_init' });
    expect(await socket.next('connection_ack')).toMatchObject({
      payload: { connectionTimeoutMs: 300_000 },
    });
    start(
      socket,
      'a',
      'subscription { onStatus(customer: "one") { customer id status margin } }',
      tokens.ana,
    );
    expect(await socket.next('start_ack')).toMatchObject({ id: 'a' });
    await ask(setStatus('two', '3', 'PAID'), as(tokens.ana));
    await ask(setStatus('one', '1', 'PAID'), as(tokens.root));
    expect(await socket.next('data')).toMatchObject({
      id: 'a',
      payload: {
        data: { onStatus: { customer: 'one', id: '1', status: 'PAID', margin: null } },
        errors: [{ message: 'Not Authorized to access margin on type Order' }],
      },
    });
    socket.send({ type: 'stop', id: 'a' });
    expect(await socket.next('complete')).toMatchObject({ id: 'a' });
  });

  test('is refused to whom its field is closed', async () => {
    const socket = await connect(tokens.ana);
    start(socket, 'a', 'subscription { onAnything { id } }', tokens.ana);
    expect(firstError(await socket.next('error'))).toBe('Unauthorized');
  });

  test('is refused to every token that cannot be verified', async () => {
    const socket = await connect(tokens.ana);
    for (const [name, token] of Object.entries(badTokens())) {
      start(socket, name, 'subscription { onStatus { id } }', token);
      expect([name, firstError(await socket.next('error'))]).toEqual([
        name,
        'UnauthorizedException',
      ]);
      const refused = await connect(token);
      expect(firstError(await refused.next('connection_error'))).toBe('UnauthorizedException');
    }
    // A subscription that was refused and yet hears would be heard between these two.
    start(socket, 'good', 'subscription { onStatus { id } }', tokens.ana);
    await socket.next('start_ack');
    for (const status of ['PAID', 'SENT']) {
      await ask(setStatus('one', '1', status), as(tokens.root));
      expect(await socket.next('data')).toMatchObject({ id: 'good' });
    }
  });
});
