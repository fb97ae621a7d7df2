// Differences in GraphQL APIs: who may call them, what they read, and who hears of a change.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { openSocket } from '../../services/socket.ts';
import { deploy, makeRole } from '../world.ts';
import type { Difference, ObservedEngine } from './difference.ts';

const of = (Type: string, Properties: object = {}) => ({ Type, Properties });
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const forged = `${part({ alg: 'none' })}.${part({ sub: 'nobody', exp: 1 })}.x`;

const graphqlSchema = `
type Query { find(key: String!): Found }
type Found { items: [Row] }
type Row { key: String }
type Subscription { heard: Row @aws_subscribe(mutations: ["none"]) }
schema { query: Query subscription: Subscription }
`;

/** An API in front of a table with two rows, whose resolver asks for one of them. */
const makeApi = async (
  engine: ObservedEngine,
  name: string,
  authorization: object,
): Promise<{ id: string; key: string }> => {
  const ApiId = { 'Fn::GetAtt': ['Api', 'ApiId'] };
  const outputs = await deploy(
    engine,
    name,
    {
      Table: of('AWS::DynamoDB::Table', {
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      }),
      Api: of('AWS::AppSync::GraphQLApi', { Name: name, ...authorization }),
      Key: of('AWS::AppSync::ApiKey', { ApiId }),
      Schema: of('AWS::AppSync::GraphQLSchema', { ApiId, Definition: graphqlSchema }),
      Source: of('AWS::AppSync::DataSource', {
        ApiId,
        Name: 'rows',
        Type: 'AMAZON_DYNAMODB',
        ServiceRoleArn: await makeRole(engine, name, [], { service: 'appsync.amazonaws.com' }),
        DynamoDBConfig: { TableName: { Ref: 'Table' }, AwsRegion: 'us-east-1' },
      }),
      Resolver: {
        ...of('AWS::AppSync::Resolver', {
          ApiId,
          TypeName: 'Query',
          FieldName: 'find',
          DataSourceName: 'rows',
          Runtime: { Name: 'APPSYNC_JS', RuntimeVersion: '1.0.0' },
          Code: `export const request = (ctx) => ({
            operation: 'Query',
            query: {
              expression: '#key = :key',
              expressionNames: { '#key': 'key' },
              expressionValues: { ':key': { S: ctx.args.key } },
            },
          });
          export const response = (ctx) => ctx.result;`,
        }),
        DependsOn: ['Schema', 'Source'],
      },
    },
    { Id: { Value: ApiId }, Key: { Value: { 'Fn::GetAtt': ['Key', 'ApiKey'] } } },
  );
  return { id: outputs.Id ?? '', key: outputs.Key ?? '' };
};

const askApi = async (
  engine: ObservedEngine,
  id: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> => {
  const answer = await fetch(`${engine.endpoint}/v1/apis/${id}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ find(key: "a") { items { key } } }' }),
  });
  return { status: answer.status, text: await answer.text() };
};

const graphqlTokens: Difference = {
  correction: 'graphql_tokens',
  still: 'lets a caller in with a forged token',
  observe: async (engine) => {
    const { id } = await makeApi(engine, 'graphql-tokens', {
      AuthenticationType: 'AMAZON_COGNITO_USER_POOLS',
      UserPoolConfig: { UserPoolId: 'us-east-1_Nobody', AwsRegion: 'us-east-1' },
    });
    return (await askApi(engine, id, { authorization: forged })).status;
  },
  stock: 200,
  aws: 401,
};

const graphqlQueries: Difference = {
  correction: 'graphql_queries',
  still: 'reads a whole table for a key',
  observe: async (engine) => {
    const name = 'graphql-queries';
    const { id, key } = await makeApi(engine, name, { AuthenticationType: 'API_KEY' });
    const dynamo = new DynamoDBClient(engine.client());
    for (const S of ['a', 'b'])
      await dynamo.send(new PutItemCommand({ TableName: name, Item: { key: { S } } }));
    const { text } = await askApi(engine, id, { 'x-api-key': key });
    return [...text.matchAll(/"key": ?"(.)"/g)].map(([, row]) => row);
  },
  stock: ['a', 'b'],
  aws: ['a'],
};

const graphqlSockets: Difference = {
  correction: 'graphql_sockets',
  still: 'refuses every client that subscribes',
  observe: async (engine) => {
    const { id, key } = await makeApi(engine, 'graphql-sockets', { AuthenticationType: 'API_KEY' });
    const host = `${id}.appsync-realtime-api.us-east-1.localhost`;
    const header = Buffer.from(JSON.stringify({ host, 'x-api-key': key })).toString('base64url');
    return openSocket(engine.port, host, `/graphql?header=${header}`, 'graphql-ws').then(
      (socket) => {
        socket.close();
        return 'connected';
      },
      () => 'refused',
    );
  },
  stock: 'refused',
  aws: 'connected',
};

export const graphql: readonly Difference[] = [graphqlTokens, graphqlQueries, graphqlSockets];
