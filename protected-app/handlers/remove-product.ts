import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { removeProduct } from '../api/product-remove.ts';
import { api } from './api.ts';
import { variable } from './environment.ts';

const products = { client: new DynamoDBClient(), name: variable('APP_TABLE_PRODUCTS') };

export const handler = api({ 'DELETE /products/{id}': removeProduct({ products }) });
