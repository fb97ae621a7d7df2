import { randomUUID } from 'node:crypto';
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { apiOf } from '../../local/app/address.ts';
import { type ApiAnswer, callApi } from '../../local/app/call.ts';
import { makeUser, removeUser } from '../../local/app/users.ts';
import { CordonError } from '../../operator/errors.ts';
import { output, type Place } from '../../operator/place.ts';
import type { Credentials, SdkConfig } from '../../operator/sdk-config.ts';
import { technique } from '../../responders/shared/attack-techniques.ts';
import { printable } from '../../responders/shared/printable.ts';
import { appTargets, workloadOf } from '../app-workloads.ts';
import { discovery, sessionIn } from '../attacker.ts';
import { containmentChecks } from '../checks.ts';
import { compromiseFunction } from '../compromise.ts';
import { route } from '../entry-points.ts';
import { commandAndControl } from '../findings.ts';
import { reportNamesRoutes } from '../judge-record.ts';
import type { Probe } from '../probe.ts';
import type { Scenario } from '../scenario.ts';

const attacked = (place: Place): string =>
  output(place, 'CordonProtectedApp', 'ProductServiceFunctionName');
/** The id of the product that the attacker writes. */
const attackerItem = 'drill-thief';

/** The session in the answer of the compromised function. */
const sessionOf = ({ status, body }: ApiAnswer): Credentials => {
  const session = status === 200 ? sessionIn(JSON.parse(body)) : undefined;
  if (!session)
    throw new CordonError(`the backdoor did not open: HTTP ${status} ${printable(body)}`);
  return session;
};

/** Reads and writes products with the session of the function, without the API. */
const attackerWith = (config: SdkConfig, TableName: string) => {
  const withoutRetries = { ...config, maxAttempts: 1 };
  const dynamo = new DynamoDBClient(withoutRetries);
  const Key = { id: { S: attackerItem } };
  const probes: readonly Probe[] = [
    {
      name: 'stolen session, dynamodb:GetItem',
      side: 'attacker',
      call: () => dynamo.send(new GetItemCommand({ TableName, Key })),
    },
    {
      name: 'stolen session, dynamodb:PutItem',
      side: 'attacker',
      call: () => dynamo.send(new PutItemCommand({ TableName, Item: Key })),
    },
  ];
  return { probes, discover: discovery(withoutRetries) };
};

/** A user who reads during the attack and must not be disturbed. */
const userProbe = (api: string, path: string, token: string): Probe => ({
  name: `GET ${path}`,
  side: 'bystander',
  call: async () => {
    const { status, body } = await callApi(api, { method: 'GET', path, token });
    if (status !== 200) throw new CordonError(`HTTP ${status} ${printable(body)}`);
  },
});

export const scenario: Scenario = {
  id: 'product-service-backdoor',
  title: 'The service that writes products has a backdoor',
  story:
    'Somebody with the right to deploy has put a backdoor into ProductService: a header ' +
    'gives him its session. ' +
    'He writes into the table of products with it, past the API, and the function talks to a ' +
    'command-and-control server. ' +
    'Cordon has to stop ProductService and the attacker. ' +
    'Everybody else goes on working: products can be read, customers too, and only the ' +
    'routes of ProductService fail.',
  techniques: [
    technique('T1195.002'),
    technique('T1648'),
    technique('T1071.001'),
    technique('T1078.004'),
    technique('T1565.001'),
  ],
  steps: [
    'the code of ProductService is replaced by one that still works, and that hands out its ' +
      'session to a caller who sends a secret header',
    'the attacker gets the session through the API, and reads and writes the table of products ' +
      'with it (4 times a second)',
    'the finding Backdoor:Lambda/C&CActivity.B about ProductService is put on the drill bus',
    'while contained: the session and the routes of ProductService are tried; products and ' +
      'customers are read all the time',
    'the incident is released, everything is tried again, the code is put back, and all is ' +
      'compared with before',
  ],
  workload: (place) => workloadOf(place, attacked(place)),
  responders: [
    'contain.quarantine-role',
    'contain.pause-function',
    'contain.pause-event-sources',
    'contain.close-function-url',
  ],
  neededFunctions: async (place) => (await appTargets(place)).functions,
  targets: appTargets,

  attack: async ({ place, now, addCleanup }) => {
    const began = new Date(now());
    const operator = await place.config('operator');
    const table = output(place, 'CordonProtectedApp', 'ProductsTableName');
    const api = apiOf(place);
    const email = `drill-${randomUUID()}@example.com`;
    addCleanup(`the user ${email} of the application`, () => removeUser(place, email));
    const { accessToken: token } = await makeUser(place, email, 'standard');
    const workload = await workloadOf(place, attacked(place));
    const headers = await compromiseFunction(workload.functionName, {
      lambda: new LambdaClient(operator),
      addCleanup,
    });
    const invalid = { token, body: '{}' };
    const create = { ...invalid, method: 'POST', path: '/products' };
    const change = {
      ...invalid,
      method: 'PUT',
      path: `/products/${randomUUID()}`,
      headers: { 'If-Match': '"1"' },
    };
    const session = sessionOf(await callApi(api, { ...create, headers }));
    const deleteItem = new DeleteItemCommand({
      TableName: table,
      Key: { id: { S: attackerItem } },
    });
    addCleanup(`the item ${attackerItem} in ${table}`, () =>
      new DynamoDBClient(operator).send(deleteItem),
    );
    const { probes, discover } = attackerWith(place.withKeys(session), table);
    const { account, region } = place;
    return {
      detail: commandAndControl({ account, region, at: began, ...workload }),
      probes: [
        ...probes,
        ...['/products', '/customers', '/status'].map((path) => userProbe(api, path, token)),
      ],
      entryPoints: [create, change].map((call) => route(api, call, 400)),
      discover,
    };
  },

  checks: [...containmentChecks, reportNamesRoutes],
};
