import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ownQueries, queryStatus } from '../api/query-status.ts';
import { api } from './api.ts';
import { variable } from './environment.ts';

const showing = {
  table: { client: new DynamoDBClient(), name: variable('APP_TABLE_QUERIES') },
  now: Date.now,
};

export const handler = api({
  'GET /ai/query/{id}': queryStatus(showing),
  'GET /ai/queries': ownQueries(showing),
});
