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
import { makeUser, removeUser, signIn } from '../../local/app/users.ts';
import { CordonError } from '../../operator/errors.ts';
import { output, type Place } from '../../operator/place.ts';
import type { Credentials, SdkConfig } from '../../operator/sdk-config.ts';
import { printable } from '../../responders/shared/printable.ts';
import { everyPart, partOf } from '../app-parts.ts';
import { containmentChecks } from '../checks.ts';
import { route } from '../doors.ts';
import { commandAndControl } from '../findings.ts';
import { implant } from '../implant.ts';
import { reportNamesRoutes } from '../judge-record.ts';
import type { Probe } from '../probe.ts';
import type { Scenario } from '../scenario.ts';
import { lookingAround, sessionIn } from '../thief.ts';

const attacked = (place: Place): string =>
  output(place, 'CordonProtectedApp', 'ProductServiceFunctionName');
const traces = 'drill-thief';

/** What the backdoor hands out to whoever knows its word. */
const sessionOf = ({ status, body }: ApiAnswer): Credentials => {
  const session = status === 200 ? sessionIn(JSON.parse(body)) : undefined;
  if (!session)
    throw new CordonError(`the backdoor did not open: HTTP ${status} ${printable(body)}`);
  return session;
};

/**
 * A thief with the session of the function: reads and writes products past the API, and looks
 * around.
 */
const thief = (config: SdkConfig, TableName: string) => {
  const once = { ...config, maxAttempts: 1 };
  const dynamo = new DynamoDBClient(once);
  const Key = { id: { S: traces } };
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
  return { probes, lookAround: lookingAround(once) };
};

/** Somebody who works with the application meanwhile. */
const reader = (api: string, path: string, token: string): Probe => ({
  name: `GET ${path}`,
  side: 'bystander',
  call: async () => {
    const { status, body } = await callApi(api, { method: 'GET', path, token });
    if (status !== 200) throw new CordonError(`HTTP ${status} ${printable(body)}`);
  },
});

export const productServiceBackdoor: Scenario = {
  id: 'product-service-backdoor',
  title: 'The service that writes products has a backdoor',
  story:
    'Somebody with the right to deploy has put a backdoor into ProductService: a header gives him its session. ' +
    'He writes into the table of products with it, past the API, and the function talks to a command-and-control server. ' +
    'Cordon has to stop ProductService and the thief. ' +
    'Everybody else goes on working: products can be read, customers too, and only the routes of ProductService fail.',
  techniques: [
    { id: 'T1195.002', name: 'Supply Chain Compromise: Compromise Software Supply Chain' },
    { id: 'T1648', name: 'Serverless Execution' },
    { id: 'T1071.001', name: 'Application Layer Protocol: Web Protocols' },
    { id: 'T1078.004', name: 'Valid Accounts: Cloud Accounts' },
    { id: 'T1565.001', name: 'Data Manipulation: Stored Data Manipulation' },
  ],
  steps: [
    'the code of ProductService is replaced by one that still works, and that hands out its session to whoever knows a word',
    'a thief gets the session through the API, and reads and writes the table of products with it (4 times a second)',
    'the finding Backdoor:Lambda/C&CActivity.B about ProductService is put on the drill bus',
    'while contained: the session and the routes of ProductService are tried; products and customers are read all the time',
    'the incident is released, everything is tried again, the code is put back, and all is compared with before',
  ],
  suspect: (place) => partOf(place, attacked(place)),
  responders: [
    'contain.quarantine-role',
    'contain.pause-function',
    'contain.pause-event-sources',
    'contain.close-function-url',
  ],
  targets: everyPart,

  attack: async ({ place, now, afterwards }) => {
    const operator = await place.config('operator');
    const table = output(place, 'CordonProtectedApp', 'ProductsTableName');
    const api = apiOf(place);
    const email = `drill-${randomUUID()}@example.com`;
    afterwards(`the user ${email} of the application`, () => removeUser(place, email));
    const token = await signIn(place, await makeUser(place, email, 'standard'));
    const part = await partOf(place, attacked(place));
    const headers = await implant(part.functionName, {
      lambda: new LambdaClient(operator),
      afterwards,
    });
    const wrong = { token, body: '{}' };
    const create = { ...wrong, method: 'POST', path: '/products' };
    const change = {
      ...wrong,
      method: 'PUT',
      path: `/products/${randomUUID()}`,
      headers: { 'If-Match': '"1"' },
    };
    const session = sessionOf(await callApi(api, { ...create, headers }));
    const wipe = new DeleteItemCommand({ TableName: table, Key: { id: { S: traces } } });
    afterwards(`the item ${traces} in ${table}`, () => new DynamoDBClient(operator).send(wipe));
    const { probes, lookAround } = thief(place.withKeys(session), table);
    const { account, region } = place;
    return {
      detail: commandAndControl({ account, region, at: new Date(now()), ...part }),
      probes: [
        ...probes,
        ...['/products', '/customers', '/status'].map((path) => reader(api, path, token)),
      ],
      doors: [create, change].map((call) => route(api, call, 400)),
      lookAround,
    };
  },

  checks: [...containmentChecks, reportNamesRoutes],
};
