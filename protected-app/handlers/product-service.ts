import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { changeProduct } from '../api/product-change.ts';
import { createProduct } from '../api/product-create.ts';
import { api } from './api.ts';
import { variable } from './environment.ts';

const client = new DynamoDBClient();
const products = { client, name: variable('APP_TABLE_PRODUCTS') };
const idempotency = { client, name: variable('APP_TABLE_IDEMPOTENCY') };

export const handler = api({
  'POST /products': createProduct({ products, idempotency, now: Date.now, newId: randomUUID }),
  'PUT /products/{id}': changeProduct({ products, now: Date.now }),
});
