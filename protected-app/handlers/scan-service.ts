import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { listProducts, readProduct } from '../api/product-read.ts';
import { api } from './api.ts';
import { variable } from './environment.ts';

const products = { client: new DynamoDBClient(), name: variable('APP_TABLE_PRODUCTS') };

export const handler = api({
  'GET /products': listProducts({ products }),
  'GET /products/{id}': readProduct({ products }),
});
