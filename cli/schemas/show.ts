import * as z from 'zod';
import { gapKinds } from '../../responders/incident/evidence.ts';
import { documentOf, type Printed, textOrNull } from './parts/document.ts';
import { clock, clocks, decision, incidentId, incidentState, outcome } from './parts/incident.ts';

const finding = z.strictObject({
  id: z.string(),
  type: z.string(),
  severity: z.number(),
  title: z.string(),
  account: z.string(),
  region: z.string(),
  updatedAt: z.int(),
  revisions: z.int(),
});

const suspect = z.strictObject({
  functionName: z.string(),
  roleName: z.string(),
  sharing: z.enum(['sole', 'shared', 'unknown']),
});

const attacker = z.strictObject({
  user: z.string().optional(),
  role: z.string().optional(),
  session: z.string().optional(),
  function: z.string().optional(),
  keyEnd: z.string().optional(),
  addresses: z.array(
    z.strictObject({
      address: z.string(),
      country: z.string().optional(),
      organisation: z.string().optional(),
      side: z.enum(['caller', 'contacted']),
    }),
  ),
  userAgents: z.array(z.string()),
  action: z.string().optional(),
  seen: z.int().optional(),
});

const seen = z.strictObject({
  by: z.array(
    z.strictObject({
      who: z.enum(['attacker', 'function', 'unclear', 'followed']),
      calls: z.int(),
    }),
  ),
  addresses: z.array(z.string()),
  userAgents: z.array(z.string()),
  reached: z.array(
    z.strictObject({
      kind: z.string(),
      what: z.string(),
      reads: z.int(),
      changes: z.int(),
      denied: z.int(),
    }),
  ),
  resources: z.int(),
  dataEvents: z.boolean(),
});

/** What a person was asked, and what approving changes. */
const proposal = z.strictObject({
  because: z.string(),
  changes: z.array(z.strictObject({ title: z.string(), target: z.string(), stops: z.string() })),
  callers: z.array(z.string()).nullable(),
});

const timeLimit = z.strictObject({
  askedAt: z.int(),
  endsAt: z.int(),
  onTimeout: z.enum(['contain', 'leave']),
});

const answer = z.strictObject({
  at: z.int(),
  by: z.string(),
  contain: z.boolean(),
  reason: z.string(),
});

const action = z.strictObject({
  responder: z.string(),
  target: z.string(),
  outcome,
  reason: z.string().optional(),
  acceptedMs: clock,
  effectiveMs: clock,
});

const stage = z.strictObject({
  name: z.string(),
  status: z.enum(['ok', 'failed', 'skipped']),
  ms: z.number(),
  error: z.string().optional(),
});

const evidence = z.strictObject({
  bucket: z.string(),
  expired: z.boolean(),
  prefix: z.string(),
  objects: z.int(),
  bytes: z.int(),
  manifest: textOrNull,
  gaps: z.array(z.strictObject({ kind: z.enum(gapKinds), what: z.string(), why: z.string() })),
});

const timeline = z.strictObject({
  pass: z.int().nullable(),
  events: z.int().nullable(),
  horizon: textOrNull,
  csv: textOrNull,
  json: textOrNull,
});

const document = z.strictObject({
  id: incidentId,
  state: incidentState,
  drill: z.boolean(),
  round: z.int(),
  finding,
  suspect: suspect.nullable(),
  attacker: attacker.optional(),
  seen: seen.optional(),
  clocks,
  decision,
  proposal: proposal.optional(),
  timeLimit: timeLimit.optional(),
  answers: z.array(answer),
  actions: z.array(action),
  stages: z.array(stage),
  evidence,
  timeline,
  report: z.strictObject({ html: textOrNull, json: textOrNull, text: textOrNull }),
  mails: z.array(z.strictObject({ kind: z.string(), subject: z.string(), at: z.int() })),
  release: z.strictObject({ at: z.int(), by: z.string(), reason: z.string() }).nullable(),
});

export type ShowDocument = Printed<typeof document>;

export const schema = documentOf('cordon show --json', document);
