import * as z from 'zod';
import { gapKinds } from '../../responders/incident/evidence.ts';
import { documentOf, type Printed, textOrNull } from './parts/document.ts';
import {
  clock,
  clocks,
  decision,
  earlierSessions,
  incidentId,
  incidentState,
  outcome,
} from './parts/incident.ts';

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
  /** The region of the function, where that is not the region of the deployment. */
  region: z.string().optional(),
  roleName: z.string(),
  /** Missing in what an older Cordon wrote. */
  roleId: z.string().optional(),
  sharing: z.enum(['sole', 'shared', 'unknown']),
  /** The function was deleted: only its role is contained. */
  gone: z.literal(true).optional(),
  /** Functions that were given the role since the activity began; `<region>/<name>` elsewhere. */
  added: z.array(z.string()).optional(),
  /** Functions of the same name and role in other regions. */
  copies: z
    .array(
      z.strictObject({
        /** `<region>/<name>`, or the name alone in the region of the deployment. */
        place: z.string(),
        /** Why it may still start; missing where it is contained as well. */
        left: z.string().optional(),
      }),
    )
    .optional(),
});

/** Somebody whom the incident is about, the closest to the attacker first in the names. */
const identity = z.strictObject({
  kind: z.enum(['function', 'session', 'role', 'user', 'access-key']),
  names: z.array(z.string()),
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
      failed: z.int().optional(),
    }),
  ),
  addresses: z.array(z.string()),
  userAgents: z.array(z.string()),
  keyEnds: z.array(z.string()).optional(),
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
  /** What a containment touches; null where it was not read. */
  radius: z
    .strictObject({
      roleUsers: z.array(z.string()).nullable(),
      backlog: z.array(z.strictObject({ queue: z.string(), messages: z.number() })).nullable(),
      invocations: z
        .array(z.strictObject({ functionName: z.string(), lastHour: z.number() }))
        .nullable(),
      /** What a pause does not stop. */
      goesOn: z.array(z.string()).nullable().optional(),
    })
    .optional(),
  /** The incidents that have opened the circuit breaker, and others that it holds back. */
  heldBack: z
    .strictObject({ contained: z.array(z.string()), others: z.array(z.string()) })
    .optional(),
  /** Two different persons must approve. */
  twoPersons: z.literal(true).optional(),
  /** It is not certain that the finding is real, so silence contains nothing. */
  doubted: z.literal(true).optional(),
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
  /** When a call of the suspect was allowed last, as the latest report says. */
  lastAllowed: textOrNull,
  csv: textOrNull,
  json: textOrNull,
});

/** One incident; the console's API answers with it, too. */
export const incidentDocument = z.strictObject({
  id: incidentId,
  state: incidentState,
  drill: z.boolean(),
  /** Who has asked for the containment; missing where a finding was first. */
  byHand: z.strictObject({ by: z.string(), reason: z.string() }).optional(),
  round: z.int(),
  finding,
  suspect: suspect.nullable(),
  /** Everybody whom the incident is about; missing where that is one function or nobody. */
  suspects: z.array(identity).optional(),
  attacker: attacker.optional(),
  seen: seen.optional(),
  clocks,
  decision,
  proposal: proposal.optional(),
  timeLimit: timeLimit.optional(),
  /** Where two persons must approve: the first, while the second is waited for. */
  yeses: z.array(z.strictObject({ at: z.int(), by: z.string(), reason: z.string() })).optional(),
  answers: z.array(answer),
  actions: z.array(action),
  stages: z.array(stage),
  evidence,
  timeline,
  report: z.strictObject({ html: textOrNull, json: textOrNull, text: textOrNull }),
  mails: z.array(z.strictObject({ kind: z.string(), subject: z.string(), at: z.int() })),
  release: z
    .strictObject({
      at: z.int(),
      by: z.string(),
      reason: z.string(),
      sessions: earlierSessions.optional(),
    })
    .nullable(),
});

export type ShowDocument = Printed<typeof incidentDocument>;

export const schema = documentOf('cordon show --json', incidentDocument);
