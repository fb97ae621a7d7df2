import { isIP } from 'node:net';
import * as z from 'zod';
import { visibleLine } from '../../schemas/text.ts';

/** The version that producers write. A later one gets a name of its own, and a reader beside it. */
export const auditSchema = 'cordon-audit/1';

/** The systems that write audit events. Each publishes to a topic of its own. */
export const auditSystems = ['protected-app', 'cordon'] as const;

/** Small enough that a seal of thousands of events fits memory. */
export const mostEventBytes = 8_192;

/** Eight groups of four digits: an encrypted address may be longer than the one that came. */
const longestAddress = 39;

const line = (most: number) =>
  z
    .string()
    .max(most)
    .regex(visibleLine, 'one line of visible text')
    .refine((text) => text.isWellFormed(), 'text of whole characters (no unpaired surrogates)');

const word = /^[a-z][a-z0-9-]{0,39}$/;
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in small hexadecimal digits');

/** What names a thing or a principal: ids, ARNs, e-mail addresses; never prose. */
const name = line(256).regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces');

/** 31 February would be read as a day of March. */
const exists = (text: string): boolean => {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
};

const moment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'a time in UTC with milliseconds')
  .refine(exists, 'a time that exists');

/** Format-preserving encryption needs a million possible texts: four letters or digits. */
const isLongEnough = (id: string): boolean => (id.match(/[0-9A-Za-z]/g)?.length ?? 0) >= 4;

const actor = z
  .strictObject({
    kind: z.enum(['person', 'function', 'service', 'unknown']),
    id: name,
    address: z
      .string()
      .refine((text) => isIP(text) !== 0 && !text.includes('%'), 'an IPv4 or IPv6 address')
      .optional(),
  })
  .refine(
    ({ kind, id }) => kind !== 'person' || isLongEnough(id),
    'at least four letters or digits in the id of a person, so that it can be obfuscated',
  );

/** Facts that no other field has. A number is a whole one, so that it has one way to be written. */
const details = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/), z.union([line(256), z.int(), z.boolean()]))
  .refine((facts) => Object.keys(facts).length <= 20, 'at most 20 details');

/** The bytes of an event, the same before and after its personal fields are encrypted. */
const bytesOf = (event: { readonly actor: { readonly address?: string | undefined } }): number => {
  const { address } = event.actor;
  const missing = address === undefined ? 0 : Math.max(0, longestAddress - address.length);
  return Buffer.byteLength(JSON.stringify(event)) + missing;
};

/**
 * What was done: by whom, to what, with which outcome. Personal fields are those of a person as
 * actor; nothing else may hold any.
 */
export const auditEvent = z
  .strictObject({
    schema: z.literal(auditSchema),
    eventId: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z._-]{7,127}$/, 'an id of 8 to 128 characters'),
    time: moment,
    producer: z.strictObject({
      system: z.enum(auditSystems),
      function: z.string().regex(/^[A-Za-z][0-9A-Za-z-]{0,63}$/, 'the name of a function'),
    }),
    actor,
    action: z
      .string()
      .regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){1,3}$/, 'words with dots, as product.create')
      .max(100),
    subject: z.strictObject({ kind: z.string().regex(word, 'a word'), id: name }).nullable(),
    outcome: z.enum(['succeeded', 'refused', 'failed']),
    reason: line(500).optional(),
    before: hash.optional(),
    after: hash.optional(),
    correlationId: name,
    details: details.optional(),
  })
  .refine((event) => bytesOf(event) <= mostEventBytes, `at most ${mostEventBytes} bytes`)
  .meta({ title: 'An audit event' });

export type AuditEvent = z.output<typeof auditEvent>;
