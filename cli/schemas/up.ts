import * as z from 'zod';
import { drillResult } from '../drill/result-schema.ts';
import { appUser } from './parts/app.ts';
import { documentOf, type Printed } from './parts/document.ts';

const app = z.strictObject({
  url: z.string(),
  pages: z.string().describe('Where a browser finds the front end.'),
  users: z.array(appUser),
  seeded: z.strictObject({ products: z.int(), customers: z.int() }),
  edge: z.strictObject({
    judged: z.array(z.string()),
    notJudged: z.array(z.strictObject({ rule: z.string(), because: z.string() })),
  }),
  outside: z.strictObject({ openai: z.string(), salesforce: z.string() }),
});

const document = z.strictObject({
  endpoint: z.string(),
  port: z.int(),
  account: z.string().regex(/^\d{12}$/),
  region: z.string(),
  runDir: z.string(),
  outputs: z.record(z.string(), z.record(z.string(), z.string())),
  corrections: z.array(z.string()),
  notEmulated: z.array(z.string()),
  notProven: z.array(z.string()),
  addresses: z
    .array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(['pages', 'api', 'graphql']),
        stack: z.string(),
        url: z.string(),
      }),
    )
    .describe('Where a browser finds the pages and APIs of the deployed stacks.'),
  drill: drillResult.nullable(),
  app: app.nullable(),
});

export type UpDocument = Printed<typeof document>;

export const schema = documentOf('cordon up --json', document);
