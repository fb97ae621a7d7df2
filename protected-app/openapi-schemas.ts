import * as z from 'zod';
import { examples } from './openapi-examples.ts';
import { accepted, aiBudget, aiQuery, aiQueryPage, question } from './schemas/ai.ts';
import { customer, customerPage } from './schemas/customer.ts';
import { problem } from './schemas/problem.ts';
import { currency, product, productInput, productPage } from './schemas/product.ts';
import { syncRequest, syncRun } from './schemas/salesforce.ts';
import { status } from './schemas/status.ts';

/** Used by requests and replies alike. */
const shared = { Currency: currency };

const requests = {
  ...shared,
  ProductInput: productInput,
  Question: question,
  SyncRequest: syncRequest,
};

const replies = {
  ...shared,
  Product: product,
  ProductPage: productPage,
  Customer: customer,
  CustomerPage: customerPage,
  AcceptedQuestion: accepted,
  AiQuery: aiQuery,
  AiQueryPage: aiQueryPage,
  AiBudget: aiBudget,
  SyncRun: syncRun,
  Status: status,
  Problem: problem,
};

/** Every schema with a name of its own in the document. */
export const namedSchemas: Readonly<Record<string, z.ZodType>> = { ...requests, ...replies };

/** The pattern of a timestamp says in 400 letters what its format says. */
const override = ({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
};

const uri = (name: string): string => `#/components/schemas/${name}`;

const written = (schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output') => {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const converted = z.toJSONSchema(registry, { uri, io, override });
  return Object.entries(converted.schemas).map(([name, schema]) => {
    const keywords = Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id');
    return [name, { ...Object.fromEntries(keywords), examples: [examples[name]] }];
  });
};

/** `components.schemas`: requests as they may be sent, replies as they are answered. */
export const componentSchemas = () =>
  Object.fromEntries([...written(requests, 'input'), ...written(replies, 'output')]);

/** A reference to the named schema of a request or a reply. */
export const refTo = (schema: z.ZodType): { readonly $ref: string } => {
  const name = Object.keys(namedSchemas).find((candidate) => namedSchemas[candidate] === schema);
  if (name === undefined)
    throw new Error('a route uses a schema that openapi-schemas.ts does not name');
  return { $ref: uri(name) };
};

/** The schema of each parameter of a path, a query or the headers. */
export const parameterSchemas = (shape: Readonly<Record<string, z.core.$ZodType>>) =>
  Object.entries(z.toJSONSchema(z.object(shape), { io: 'input', override }).properties ?? {});
