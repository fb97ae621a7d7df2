import * as z from 'zod';
import { drillClockNames } from '../../game-day/result.ts';
import { strictRecord } from '../schemas/parts/document.ts';
import { clock } from '../schemas/parts/incident.ts';

/** The result of one drill. */
export const drillResult = z.strictObject({
  scenario: z.string(),
  // Empty when no incident came of the drill.
  incidentId: z.string().regex(/^(inc-\d{8}-[0-9a-z]{8})?$/),
  passed: z.boolean(),
  checks: z.array(z.strictObject({ name: z.string(), passed: z.boolean(), detail: z.string() })),
  clocks: strictRecord(drillClockNames, clock),
  restored: z.boolean(),
});
