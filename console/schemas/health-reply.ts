import * as z from 'zod';
import { incidentStates } from '../../responders/incident/incident.ts';

/** A moment in epoch ms. */
const moment = z.int();

export const healthReply = z.object({
  at: moment,
  deadLetters: z.int().nullable().describe('Findings and calls that no rule could deliver.'),
  subscriptions: z
    .array(
      z.object({
        endpoint: z.string(),
        protocol: z.string(),
        state: z.enum(['pending', 'open', 'safe']),
      }),
    )
    .nullable(),
  breaker: z
    .object({
      limit: z.int().describe('Of one detector.'),
      limitOfType: z.int().describe('Of one finding type.'),
      minutes: z.int(),
      contained: z.int().describe('In these minutes, for all findings.'),
      heldBack: z.array(z.string()).describe('Incidents about which a person was asked instead.'),
    })
    .nullable(),
  expired: z.array(z.string()).describe('Entries of the configuration that have ended.'),
  heartbeat: z
    .object({
      everyHours: z.number().nullable().describe('null: no heartbeat runs.'),
      late: z.boolean().describe('None has succeeded for two hours longer than it may take.'),
      lastSuccess: z.object({ at: moment, incidentId: z.string() }).nullable(),
      latest: z
        .object({ at: z.string(), incidentId: z.string(), state: z.enum(incidentStates) })
        .nullable(),
    })
    .nullable(),
  selfCheck: z
    .object({
      at: moment,
      late: z.boolean().describe('It runs every hour, and has not for three.'),
      differences: z.array(z.string()).describe('What is not as it was deployed.'),
    })
    .nullable()
    .describe('The last comparison with what was deployed; null before the first.'),
  tampering: z
    .array(
      z.object({
        at: z.string(),
        eventId: z.string(),
        call: z.string(),
        resource: z.string(),
        caller: z.string(),
        from: z.string(),
        result: z.string().describe('`done`, `denied`, or the code of the error.'),
        times: z.int(),
      }),
    )
    .nullable()
    .describe('The latest calls against Cordon itself, the newest first.'),
  failed: z
    .array(
      z.object({
        part: z.enum([
          ...(['deadLetters', 'subscriptions', 'breaker'] as const),
          ...(['heartbeat', 'selfCheck', 'tampering'] as const),
        ]),
        why: z.string(),
      }),
    )
    .describe('Parts that could not be read; each of them is null.'),
});
