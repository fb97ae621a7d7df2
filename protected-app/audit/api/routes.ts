import * as z from 'zod';
import { auditEvent } from '../schemas/event.ts';
import { searchParameters } from './query.ts';
import { sealName, sealsParameters } from './seals.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

export const eventPath = z.strictObject({
  id: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z._-]{7,127}$/, 'the id of an event'),
});

const signed = {
  name: sealName,
  manifest: z.string().describe('The signed bytes, as text: manifest.json.'),
  signature: z.base64().describe('manifest.sig, in base64.'),
  publicKey: z.string().describe('public-key.pem.'),
};

const eventReply = z.strictObject({
  event: auditEvent.nullable().describe('Null where the table holds no event of this id any more.'),
  state: z
    .enum(['waiting', 'sealed', 'differs', 'gap'])
    .describe('differs: the table does not hold what was kept. gap: the seal names it as missing.'),
  ingestedAt: z.string(),
  proof: z
    .strictObject({
      ...signed,
      row: z.int().min(1),
      proof: z.string().describe('proof.json, for verify.mjs --proof.'),
    })
    .nullable(),
});

const sealSummary = z.strictObject({
  name: sealName,
  state: z.enum(['stored', 'missing']),
  createdAt: z.string().nullable(),
  events: count.nullable(),
  gaps: count.nullable(),
  root: hash.nullable(),
  manifestSha256: hash.nullable(),
});

interface AuditRoute {
  readonly path: string;
  readonly summary: string;
  readonly pathParameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly reply: z.ZodType;
  /** What it may answer besides 400, 403, 429, 500, 503 and 504. */
  readonly problems?: readonly number[];
}

/** The contract of the API; the gateway and the OpenAPI document are made from it. */
export const auditApiRoutes = {
  'GET /events': {
    path: '/events',
    summary: 'Search events by system, producer, action, actor and time, newest first',
    query: searchParameters,
    reply: z.strictObject({
      events: z.array(auditEvent),
      unreadable: z
        .array(z.string())
        .describe('Ids of items that are no event any more, and still name a system of yours.'),
      next: z.string().nullable().describe('The cursor of the next page.'),
    }),
  },
  'GET /events/{id}': {
    path: '/events/{id}',
    summary: 'Read one event, with the proof that it is sealed',
    pathParameters: eventPath,
    reply: eventReply,
    problems: [404],
  },
  'GET /seals': {
    path: '/seals',
    summary: 'List the seals, newest first',
    query: sealsParameters,
    reply: z.strictObject({ seals: z.array(sealSummary), next: sealName.nullable() }),
  },
  'GET /seals/{id}': {
    path: '/seals/{id}',
    summary: 'Read the signed manifest of a seal',
    pathParameters: z.strictObject({ id: sealName }),
    reply: z.strictObject(signed),
    problems: [404],
  },
} as const satisfies Readonly<Record<string, AuditRoute>>;

export type AuditRouteName = keyof typeof auditApiRoutes;

export const auditRouteEntries: readonly (readonly [string, AuditRoute])[] =
  Object.entries(auditApiRoutes);
