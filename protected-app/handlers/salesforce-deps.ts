import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { countOf } from '../shared/metrics.ts';
import { secretOf } from '../shared/secret.ts';
import { connecting } from '../worker/salesforce/client.ts';
import { apiVersion, salesforceSecret } from '../worker/salesforce/settings.ts';
import { endpointOnLoopback, variable } from './environment.ts';

/** What both workers that talk to Salesforce need, once for each container. */
export const salesforceDeps = () => {
  const client = new DynamoDBClient();
  const now = Date.now;
  const count = countOf(variable('APP_FUNCTION'));
  const secret = secretOf(salesforceSecret, {
    client: new SecretsManagerClient(),
    id: variable('APP_SALESFORCE_SECRET'),
    now,
  });
  const version = apiVersion.parse(variable('APP_SALESFORCE_API'));
  return {
    customers: { client, name: variable('APP_TABLE_CUSTOMERS') },
    runs: { client, name: variable('APP_TABLE_SYNC_RUNS') },
    connect: connecting({
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
