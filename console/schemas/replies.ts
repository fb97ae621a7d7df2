import * as z from 'zod';
import { incidentDocument } from '../../cli/schemas/show.ts';
import { incidentStates } from '../../responders/incident/incident.ts';
import { lanes } from '../api/lanes.ts';

export { evidenceReadReply, evidenceReply } from './evidence-replies.ts';

/** A moment in epoch ms. */
const moment = z.int();
const cursor = z.string().nullable().describe('null on the last page.');
const digest = z.string().regex(/^[0-9a-f]{64}$/);

const listedIncident = z.object({
  id: z.string(),
  state: z.enum(incidentStates),
  drill: z.boolean(),
  openedAt: z.string(),
  type: z.string(),
  severity: z.number(),
  title: z.string(),
  about: z.string().nullable(),
  decision: z.string(),
  endsAt: moment.nullable(),
  score: z
    .object({
      scenario: z.string(),
      passed: z.boolean(),
      checks: z.int(),
      failed: z.array(z.string()),
      restored: z.boolean(),
      firstDeniedMs: z.int().nullable().describe('After the finding was put on the bus.'),
    })
    .nullable()
    .describe('How a drill went; null for what is none, and until it has ended.'),
});

const needed = z.object({ incidents: z.array(listedIncident), more: z.boolean() });

export const nowReply = z.object({
  at: moment,
  decide: needed,
  actByHand: needed,
  contested: needed,
  holding: needed,
});

export const incidentsReply = z.object({ items: z.array(listedIncident), cursor });

export const incidentReply = incidentDocument;

export const questionReply = z.object({
  incidentId: z.string(),
  digest,
  open: z.boolean(),
  state: z.enum(incidentStates),
  round: z.int(),
  drill: z.boolean(),
  finding: z.object({
    type: z.string(),
    severity: z.number(),
    title: z.string(),
    account: z.string(),
    region: z.string(),
    revisions: z.int(),
  }),
  about: z.array(z.object({ kind: z.string(), names: z.array(z.string()) })),
  facts: z.array(z.looseObject({ label: z.string(), text: z.string() })),
  changes: z.array(z.object({ title: z.string(), target: z.string(), stops: z.string() })),
  callers: z.array(z.string()).nullable(),
  timeLimit: z
    .object({ askedAt: moment, endsAt: moment, onTimeout: z.enum(['contain', 'leave']) })
    .nullable(),
  answers: z.array(
    z.object({ at: moment, by: z.string(), contain: z.boolean(), reason: z.string() }),
  ),
  twoPersons: z.boolean(),
  doubted: z
    .boolean()
    .describe('It is not certain that the finding is real, so silence contains nothing.'),
  yeses: z
    .array(z.object({ at: moment, by: z.string(), reason: z.string() }))
    .describe('Of the two persons who must approve.'),
});

export const answerReply = z.object({
  incidentId: z.string(),
  state: z.enum(incidentStates),
  by: z.string(),
  late: z.boolean(),
  secondNeeded: z.boolean().describe('A first yes: another person must approve, too.'),
  decision: z.string(),
});

export const releasePreviewReply = z.object({
  incidentId: z.string(),
  digest,
  state: z.enum(incidentStates),
  changes: z.array(
    z.object({
      responder: z.string(),
      target: z.string(),
      readAt: moment,
      outcome: z.string().nullable(),
      staysFor: z.array(z.string()).describe('Other incidents that keep it contained.'),
    }),
  ),
  liveSessions: z.array(z.string()).describe('Roles of which stolen sessions may be alive.'),
  command: z.string(),
});

export const releaseReply = z.object({
  incidentId: z.string(),
  released: z.literal(true),
  by: z.string(),
  changes: z.int(),
});

export const timelineReply = z.object({
  pass: z.int().nullable(),
  provisional: z.boolean(),
  horizon: z.string().nullable(),
  until: z.string().nullable().describe('When the logs were asked; newer calls are not known.'),
  bucket: z.string(),
  key: z.string().describe('The object of the bucket that holds the timeline.'),
  events: z.int(),
  items: z.array(
    z.looseObject({
      at: z.string(),
      action: z.string(),
      outcome: z.string(),
      lane: z.enum(lanes),
    }),
  ),
  cursor,
});

export const reportReply = z.object({
  incidentId: z.string(),
  versions: z.array(
    z.object({
      round: z.int(),
      version: z.int(),
      html: z.string(),
      json: z.string(),
      csv: z.string(),
      numbers: z.looseObject({}).nullable(),
      changed: z.array(z.string()),
    }),
  ),
  shown: z
    .object({ round: z.int(), version: z.int() })
    .nullable()
    .describe('Which version `text` is of; null before the first.'),
  text: z.string().nullable().describe('null: it is kept no longer.'),
  mails: z.array(
    z.object({
      kind: z.string(),
      subject: z.string(),
      at: moment,
      round: z.int(),
      body: z
        .string()
        .nullable()
        .describe('As it was sent; null for a mail of an older Cordon, which did not keep it.'),
    }),
  ),
});

export const drillsReply = z.object({
  scenarios: z.array(z.string()),
  checks: z.array(z.string()),
  items: z.array(listedIncident),
  cursor,
});

const severities = {
  contain: z.number().nullable(),
  ask: z.number().nullable(),
  tell: z.number(),
  family: z.string(),
  isKnown: z.boolean(),
};

/** An entry of the configuration; every part of its scope that it has must fit. */
const exemption = {
  arn: z.string().optional(),
  tag: z.string().optional(),
  account: z.string().optional(),
  because: z.string(),
  owner: z.string().optional(),
  until: moment.optional().describe('From then on it does not count; without it, no end.'),
};

export const policyReply = z.object({
  asOf: z.string(),
  minSeverity: z.number(),
  types: z.array(z.object({ type: z.string(), ...severities })),
  alwaysExempt: z.array(z.object({ arn: z.string(), because: z.string() })),
  neverContain: z.array(z.object(exemption)),
  suppressions: z.array(z.object({ ...exemption, type: z.string().optional() })),
  observe: z.object({
    everything: z.boolean(),
    types: z.array(z.string()),
    tags: z.array(z.string()),
  }),
  breaker: z.object({ limit: z.int(), limitOfType: z.int(), minutes: z.number() }),
  twoPersons: z.enum(['critical', 'never']).describe('Which workloads two persons must approve.'),
  criticalTier: z.array(z.string()),
  approval: z.object({ minutes: z.number(), onTimeout: z.enum(['contain', 'leave']) }),
});

export const explainReply = z.object({
  finding: z.object({ type: z.string(), severity: z.number() }),
  table: z.object(severities),
  open: z.string(),
  advice: z.string(),
  decision: z.looseObject({ kind: z.string(), reason: z.string() }).nullable(),
  rules: z.array(z.object({ rule: z.string(), said: z.string().nullable() })),
  reads: z.array(z.string()),
  expired: z.array(z.string()),
});
