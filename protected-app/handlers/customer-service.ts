import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { listCustomers, readCustomer } from '../api/customers.ts';
import { api } from './api.ts';
import { variable } from './environment.ts';

const customers = { client: new DynamoDBClient(), name: variable('APP_TABLE_CUSTOMERS') };

export const handler = api({
  'GET /customers': listCustomers({ customers }),
  'GET /customers/{id}': readCustomer({ customers }),
});
