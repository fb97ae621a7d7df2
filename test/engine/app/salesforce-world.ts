// DynamoDB, SQS and Secrets Manager of the real engine, the stand-in for Salesforce, and the
// workers with all that they need.
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type SalesforceOptions, startSalesforce } from '../../../local/stand-ins/salesforce.ts';
import type { CustomerItem } from '../../../protected-app/shared/customer-item.ts';
import type { AppLog } from '../../../protected-app/shared/log.ts';
import { secretReader } from '../../../protected-app/shared/secret.ts';
import { appTables } from '../../../protected-app/tables.ts';
import { salesforceConnector } from '../../../protected-app/worker/salesforce/client.ts';
import { salesforceSecret } from '../../../protected-app/worker/salesforce/settings.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';
import { definition } from './tables.ts';

export const clientSecret = 'canary-5f2d71c8-client-secret';
const clientId = 'canary-0b93aa-client-id';

/** Whatever was logged in this file. */
export const logged: string[] = [];
const line =
  (level: string): AppLog['info'] =>
  (...parts) => {
    logged.push(
      JSON.stringify([level, ...parts], (_, value: unknown) =>
        value instanceof Error ? `${value.stack} ${String(value.cause)}` : value,
      ),
    );
  };
export const log: AppLog = { info: line('info'), warn: line('warn'), error: line('error') };

export interface Aws {
  readonly engine: Engine;
  readonly dynamo: DynamoDBClient;
  readonly secrets: SecretsManagerClient;
}

export const startAws = async (): Promise<Aws> => {
  const engine = await startEngine();
  return {
    engine,
    dynamo: new DynamoDBClient(engine.client()),
    secrets: new SecretsManagerClient(engine.client()),
  };
};

let worlds = 0;

/**
 * An organisation, empty tables and workers of their own. Time passes as the test says, and a
 * millisecond with every look at the clock: nothing waits, and a slow machine has as much time as a
 * quick one.
 */
export const worldOf = async (
  { dynamo, secrets }: Aws,
  options: Pick<SalesforceOptions, 'contacts' | 'limit' | 'pageSize'>,
) => {
  worlds += 1;
  const clock = { passed: 0 };
  const began = Date.now();
  let looks = 0;
  const now = (): number => began + clock.passed + ++looks;
  const names = {
    customers: `customers-${worlds}`,
    runs: `runs-${worlds}`,
    secret: `salesforce-${worlds}`,
  };
  await dynamo.send(new CreateTableCommand(definition(names.customers, appTables.customers)));
  await dynamo.send(new CreateTableCommand(definition(names.runs, appTables.syncRuns)));
  const salesforce = await startSalesforce({ ...options, clientId, clientSecret, now });
  const tell = (loginUrl: string, to = clientSecret) =>
    JSON.stringify({ loginUrl, clientId, clientSecret: to });
  await secrets.send(
    new CreateSecretCommand({ Name: names.secret, SecretString: tell(salesforce.url) }),
  );
  const counted = new Map<string, number>();
  const count = (name: string, value: number): void =>
    void counted.set(name, (counted.get(name) ?? 0) + value);
  const slept: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
    clock.passed += ms;
  };
  const container = ({ loopback = true } = {}) => {
    const secret = secretReader(salesforceSecret, { client: secrets, id: names.secret, now });
    return salesforceConnector({ secret, loopback, version: 'v66.0', now, sleep, count });
  };
  return {
    salesforce,
    clock,
    now,
    names,
    counted,
    slept,
    container,
    customers: { client: dynamo, name: names.customers },
    runs: { client: dynamo, name: names.runs },
    deps: (connect = container()) => ({
      ...{ connect, now, log, count },
      ...{
        customers: { client: dynamo, name: names.customers },
        runs: { client: dynamo, name: names.runs },
      },
    }),
    setSecret: (loginUrl: string, to?: string) =>
      secrets.send(
        new PutSecretValueCommand({ SecretId: names.secret, SecretString: tell(loginUrl, to) }),
      ),
    put: (item: CustomerItem) =>
      dynamo.send(
        new PutItemCommand({
          TableName: names.customers,
          Item: marshall(item, { removeUndefinedValues: true }),
        }),
      ),
    itemsOf: (table: 'customers' | 'runs') => scan(dynamo, names[table]),
    customer: async (id: string) => {
      const { Item } = await dynamo.send(
        new GetItemCommand({
          TableName: names.customers,
          Key: marshall({ id }),
          ConsistentRead: true,
        }),
      );
      return Item && unmarshall(Item);
    },
    stop: () => salesforce.stop(),
  };
};

export type World = Awaited<ReturnType<typeof worldOf>>;

/** Everything in a table, by id where it has one; whoever tests may read it whole. */
const scan = async (
  client: DynamoDBClient,
  TableName: string,
): Promise<Record<string, unknown>[]> => {
  const items: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
    items.push(...Items.map((item) => unmarshall(item)));
  return items.sort((one, other) =>
    String(one.id ?? one.entry) < String(other.id ?? other.entry) ? -1 : 1,
  );
};

/** A client as of a process that dies: after so many requests, each one fails, whoever sends it. */
export const dyingAfter = (
  client: DynamoDBClient,
  requests: number,
): { readonly client: DynamoDBClient; readonly dead: () => boolean } => {
  let sent = 0;
  const send = (...given: Parameters<DynamoDBClient['send']>) => {
    sent += 1;
    return sent > requests
      ? Promise.reject(new Error('the process is dead'))
      : client.send(...given);
  };
  return {
    client: new Proxy(client, {
      get: (target, name, self) => (name === 'send' ? send : Reflect.get(target, name, self)),
    }),
    dead: () => sent > requests,
  };
};
