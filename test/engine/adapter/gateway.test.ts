import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { deploy, makeFunction, makeRole } from './world.ts';

/** Answers what the request asks for. */
const code = `export const handler = async (event) => {
  const asked = JSON.parse(event.body || '{}');
  if (asked.throws) throw new Error('a secret of the function');
  if ('answer' in asked) return asked.answer;
  return { statusCode: 200, body: event.requestContext.requestId };
};`;

interface Api {
  readonly engine: Engine;
  readonly post: (
    body: unknown,
  ) => Promise<{ readonly status: number; readonly id: string | null; readonly text: string }>;
}

const answered = (ResponseType: string, StatusCode: string) => ({
  Type: 'AWS::ApiGateway::GatewayResponse',
  Properties: {
    RestApiId: { Ref: 'Api' },
    ResponseType,
    StatusCode,
    ResponseTemplates: {
      'application/json': `{"said":"${ResponseType}","id":"$context.requestId"}`,
    },
  },
});

const apiOn = async (
  engine: Engine,
  name: string,
  responses: Readonly<Record<string, object>> = {},
): Promise<Api> => {
  const RestApiId = { Ref: 'Api' };
  const target = 'arn:aws:lambda:us-east-1:000000000000:function:answers';
  const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${target}/invocations`;
  const { Id } = await deploy(
    engine,
    name,
    {
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: name } },
      Method: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          RestApiId,
          ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
          HttpMethod: 'POST',
          AuthorizationType: 'NONE',
          Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: uri },
        },
      },
      ...responses,
      Deployment: {
        Type: 'AWS::ApiGateway::Deployment',
        Properties: { RestApiId },
        DependsOn: ['Method', ...Object.keys(responses)],
      },
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: { RestApiId, DeploymentId: { Ref: 'Deployment' }, StageName: 'v1' },
      },
    },
    { Id: { Value: RestApiId } },
  );
  const post = async (body: unknown) => {
    const sent = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(`${engine.endpoint}/restapis/${Id}/v1/_user_request_/`, {
      method: 'POST',
      body: sent,
    });
    return {
      status: answer.status,
      id: answer.headers.get('x-amzn-requestid'),
      text: await answer.text(),
    };
  };
  return { engine, post };
};

const hold = (engine: Engine, ReservedConcurrentExecutions: number) =>
  new LambdaClient(engine.client()).send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'answers', ReservedConcurrentExecutions }),
  );

const malformed = [
  null,
  'text',
  { bad: 1 },
  { statusCode: 'fine' },
  { statusCode: 200, body: { not: 'a text' } },
  [200],
];
const tooLarge = 'x'.repeat(10 * 1024 * 1024 + 1);

const start = async (skip = '') => {
  const engine = await startEngine({ skip });
  await makeFunction(engine, 'answers', code, await makeRole(engine, 'answers', []));
  return engine;
};

describe('a REST API', () => {
  let plain: Api;
  let custom: Api;
  beforeAll(async () => {
    const engine = await start();
    plain = await apiOn(engine, 'plain');
    custom = await apiOn(engine, 'custom', {
      Ours: answered('DEFAULT_5XX', '500'),
      Held: answered('INTEGRATION_FAILURE', '503'),
      Large: answered('REQUEST_TOO_LARGE', '413'),
    });
  });
  afterAll(() => plain?.engine.stop());

  test('tells the client and the function the same request id', async () => {
    const { status, id, text } = await plain.post({});
    expect([status, text]).toEqual([200, id]);
    const refused = await custom.post({ throws: true });
    expect(JSON.parse(refused.text)).toEqual({ said: 'DEFAULT_5XX', id: refused.id });
  });

  test.each(malformed)('makes a 502 of the malformed answer %j', async (answer) => {
    const { status, text } = await plain.post({ answer });
    expect([status, JSON.parse(text)]).toEqual([502, { message: 'Internal server error' }]);
    expect((await custom.post({ answer })).status).toBe(500);
  });

  test('leaves a well-formed answer as it is', async () => {
    const { status, text } = await plain.post({
      answer: { statusCode: 418, body: 'short and stout' },
    });
    expect([status, text]).toEqual([418, 'short and stout']);
  });

  test('says nothing of what a function threw', async () => {
    const { status, text } = await plain.post({ throws: true });
    expect(status).toBe(502);
    expect(text).not.toContain('secret');
  });

  test('takes a throttled function for a failed integration', async () => {
    await hold(plain.engine, 0);
    const [byDefault, byResponse] = [await plain.post({}), await custom.post({})];
    await hold(plain.engine, 5);
    expect([byDefault.status, JSON.parse(byDefault.text)]).toEqual([
      500,
      { message: 'Internal server error' },
    ]);
    expect([byResponse.status, JSON.parse(byResponse.text)]).toEqual([
      503,
      { said: 'INTEGRATION_FAILURE', id: byResponse.id },
    ]);
  });

  test('refuses more than 10 MB before any function runs', async () => {
    const { status, text, id } = await custom.post(tooLarge);
    expect([status, JSON.parse(text)]).toEqual([413, { said: 'REQUEST_TOO_LARGE', id }]);
    expect((await plain.post(tooLarge)).status).toBe(413);
  });
});
