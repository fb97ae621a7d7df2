import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { metricCounter } from '../shared/metrics.ts';
import { secretReader } from '../shared/secret.ts';
import { salesforceConnector } from '../worker/salesforce/client.ts';
import { apiVersion, salesforceSecret } from '../worker/salesforce/settings.ts';
import { endpointOnLoopback, variable } from './environment.ts';

/** What both Salesforce workers need, made once for each container. */
export const salesforceDeps = () => {
  const client = new DynamoDBClient();
  const now = Date.now;
  const count = metricCounter(variable('APP_FUNCTION'));
  const secret = secretReader(salesforceSecret, {
    client: new SecretsManagerClient(),
    id: variable('APP_SALESFORCE_SECRET'),
    now,
  });
  const version = apiVersion.parse(variable('APP_SALESFORCE_API'));
  return {
    customers: { client, name: variable('APP_TABLE_CUSTOMERS') },
    runs: { client, name: variable('APP_TABLE_SYNC_RUNS') },
    connect: salesforceConnector({
      secret,
      version,
      loopback: endpointOnLoopback() !== undefined,
      now,
      sleep,
      count,
    }),
    now,
    count,
  };
};
