import * as z from 'zod';
import {
  clockNames,
  decisionKinds,
  incidentStates,
  outcomeKinds,
} from '../../../responders/incident/incident.ts';
import { strictRecord } from './document.ts';

export const incidentId = z.string().regex(/^inc-\d{8}-[0-9a-z]{8}$/);

export const incidentState = z.enum(incidentStates);

export const decision = z.strictObject({
  kind: z.enum(decisionKinds),
  reason: z.string(),
});

/** What happened to the target of a responder. */
export const outcome = z.enum(outcomeKinds);

/** The sessions from before a release: whether they stay denied, and when the last one expires. */
export const earlierSessions = z.strictObject({ denied: z.boolean(), until: z.int() });

/** A moment in epoch ms, or null while it has not come. */
export const clock = z.int().nullable();

export const clocks = strictRecord(clockNames, clock);
