// The application, as an identity in the account tries it around the gateway: every function called
// itself, with the event of an administrator, and everything that would change it.
import { GetFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { appFunctions } from '../../../protected-app/functions.ts';
import { type Route, routes } from '../../../protected-app/routes.ts';
import { borrowedApp, type DeployedApp } from '../app/deployed.ts';
import { clientsOf } from './clients.ts';
import { changes, invocations } from './functions.ts';
import { denials, type Intruder, intruder, judgements } from './intruder.ts';
import { resourcePolicyOf } from './resource-policies.ts';

let app: DeployedApp;
let stranger: Intruder;
beforeAll(async () => {
  app = await borrowedApp('intruder-application');
  stranger = await intruder(app, 'intruder-application');
});

const id = '00000000-0000-4000-8000-000000000000';

/** What the gateway would add for an administrator. */
const administratorEvent = ({ method, path }: Route) => ({
  httpMethod: method,
  resource: path,
  headers: { Authorization: 'Bearer forged.by.intruder' },
  pathParameters: { id },
  body: null,
  requestContext: {
    requestId: 'forged',
    authorizer: { claims: { sub: id, 'cognito:groups': 'administrators' } },
  },
});

/** By function; those without a route get what their queue or their schedule would send. */
const eventOf = (name: string): unknown => {
  const route = routes.find((candidate) => candidate.function === name);
  const record = {
    messageId: 'forged',
    receiptHandle: 'forged',
    body: JSON.stringify({ id, run: id }),
    attributes: { ApproximateReceiveCount: '3' },
  };
  return route ? administratorEvent(route) : { Records: [record] };
};

const stateOf = async (FunctionName: string): Promise<unknown> => {
  const root = clientsOf(app);
  const { Configuration, Concurrency } = await root.lambda.send(
    new GetFunctionCommand({ FunctionName }),
  );
  const policy = await resourcePolicyOf(root, Configuration?.FunctionArn ?? '');
  return { Configuration, Concurrency, policy };
};

describe.each(appFunctions.map(({ name }) => name))('the intruder and %s', (name) => {
  it('cannot call it, whatever the event claims', async () => {
    const attempts = invocations(name, eventOf(name));
    expect(await judgements(stranger, attempts)).toEqual(denials(attempts));
  });

  it('cannot change it, and it is as it was', async () => {
    const before = await stateOf(name);
    const attempts = changes(name);
    expect(await judgements(stranger, attempts)).toEqual(denials(attempts));
    expect(await stateOf(name)).toEqual(before);
  });
});

const guarded = routes.filter(({ audience }) => audience !== 'everybody');

it.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s: where no policy stops the call, the function itself refuses the event',
  async (_name, route) => {
    const { Payload = new Uint8Array() } = await clientsOf(app).lambda.send(
      new InvokeCommand({
        FunctionName: route.function,
        Payload: JSON.stringify(administratorEvent(route)),
      }),
    );
    const answer = JSON.parse(Buffer.from(Payload).toString());
    expect([answer.statusCode, JSON.parse(answer.body).title]).toEqual([401, 'Not signed in']);
  },
);

it('and through the gateway everybody is served as before', async () => {
  const { standard: token } = app.tokens;
  expect((await app.call('GET', '/products?limit=1', { token })).status).toBe(200);
  expect((await app.call('GET', '/status')).status).toBe(200);
  const product = `/products/${id}`;
  expect((await app.call('DELETE', product, { token })).status).toBe(403);
  expect((await app.call('DELETE', product, { token: app.tokens.administrator })).status).toBe(404);
});
