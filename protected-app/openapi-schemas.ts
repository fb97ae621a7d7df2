import * as z from 'zod';
import { examples } from './openapi-examples.ts';
import { accepted, aiQuery, aiQueryPage, question } from './schemas/ai.ts';
import { customer, customerPage } from './schemas/customer.ts';
import { problem } from './schemas/problem.ts';
import { product, productInput, productPage } from './schemas/product.ts';
import { syncRequest, syncRun } from './schemas/salesforce.ts';
import { status } from './schemas/status.ts';

const requests = { ProductInput: productInput, Question: question, SyncRequest: syncRequest };

const replies = {
  Product: product,
  ProductPage: productPage,
  Customer: customer,
  CustomerPage: customerPage,
  AcceptedQuestion: accepted,
  AiQuery: aiQuery,
  AiQueryPage: aiQueryPage,
  SyncRun: syncRun,
  Status: status,
  Problem: problem,
};

/** Everything with a name of its own in the document. */
export const named: Readonly<Record<string, z.ZodType>> = { ...requests, ...replies };

/** A schema that has a format needs no pattern that says the same in 200 letters. */
const override = ({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
  if (jsonSchema.format) delete jsonSchema.pattern;
};

const uri = (name: string): string => `#/components/schemas/${name}`;

const written = (schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output') => {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { uri, io, override });
  return Object.entries(made.schemas).map(([name, schema]) => {
    const facts = Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id');
    return [name, { ...Object.fromEntries(facts), examples: [examples[name]] }];
  });
};

/** `components.schemas`: requests as they may be sent, replies as they are answered. */
export const schemas = () =>
  Object.fromEntries([...written(requests, 'input'), ...written(replies, 'output')]);

/** The named schema of a request or a reply. */
export const refTo = (schema: z.ZodType): { readonly $ref: string } => {
  const name = Object.keys(named).find((one) => named[one] === schema);
  if (name === undefined)
    throw new Error('a route uses a schema that openapi-schemas.ts does not name');
  return { $ref: uri(name) };
};

/** The fields of a query string, each with its own schema. */
export const fieldsOf = (query: z.ZodObject) =>
  Object.entries(z.toJSONSchema(query, { io: 'input', override }).properties ?? {});
