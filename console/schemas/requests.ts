import * as z from 'zod';
import { paging } from '../../protected-app/schemas/paging.ts';
import { typedText } from '../../protected-app/schemas/text.ts';
import { incidentStates } from '../../responders/incident/incident.ts';
import { lanes } from '../api/lanes.ts';

export const incidentPath = z.object({
  id: z.string().regex(/^inc-\d{8}-[0-9a-z]{8}$/, 'the id of an incident'),
});

export const incidentsQuery = paging.extend({
  state: z.enum(incidentStates).optional().describe('Only incidents in this state.'),
  drills: z.enum(['hide', 'show', 'only']).default('hide'),
  type: z
    .string()
    .max(100)
    .regex(/^[\w:/.*-]+$/, 'a finding type, or the beginning of one')
    .optional()
    .describe('Only findings whose type begins like this.'),
});

/** The SHA-256 of what the person saw: nothing else is decided. */
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'the digest that was read with it');

/** As long as the response keeps it. */
const reason = typedText(500);

export const answerBody = z.strictObject({
  digest,
  decision: z.enum(['contain', 'leave']),
  reason,
});

export const releaseBody = z.strictObject({
  digest,
  reason,
  letSessionsLive: z
    .boolean()
    .default(false)
    .describe('Lets sessions from before the release work again, stolen ones too.'),
});

export const evidenceReadBody = z.strictObject({
  purpose: typedText(300).describe('Why it is read; written down before the first byte.'),
  paths: z
    .array(z.string().min(1).max(1_024))
    .min(1)
    .max(100)
    .optional()
    .describe('Without them the whole folder, with the manifests before it: for a verifier.'),
});

export const timelineQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(200),
  cursor: paging.shape.cursor,
  lane: z
    .enum(lanes)
    .optional()
    .describe('Only what the attacker, Cordon, people or bystanders did.'),
});

export const reportQuery = z.object({
  version: z
    .enum(['1', '2'])
    .transform((version) => (version === '1' ? 1 : 2))
    .optional()
    .describe('The latest unless said.'),
  round: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('Of which round of containment; the latest that has a report, unless said.'),
});

const day = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day such as 2026-11-30');

export const auditQuery = z.object({
  day: day.optional().describe('UTC; today unless said.'),
  cursor: paging.shape.cursor,
});

export const auditExportBody = z
  .strictObject({
    from: day.describe('The first day, UTC.'),
    to: day.describe('The last day, UTC.'),
    purpose: typedText(300).describe('Why it is exported; written down before it is handed out.'),
  })
  .refine(({ from, to }) => from <= to, {
    path: ['to'],
    message: 'a day that is not before the first one',
  });

export const explainBody = z.strictObject({
  finding: z
    .record(z.string(), z.unknown())
    .describe('An event of GuardDuty, as EventBridge delivers it.'),
});

export const evidenceQuery = z.object({
  round: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('The latest that is sealed, unless said.'),
});

export const drillsQuery = paging;
