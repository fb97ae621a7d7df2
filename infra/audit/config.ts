import type * as z from 'zod';
import { choice, number, section } from '../options.ts';

/** What the people who deploy the audit system decide. */
export const auditConfig = section({
  /**
   * Governance for 365 days: a mistake can still be repaired by changing the bucket policy.
   * COMPLIANCE cannot be shortened by any person.
   */
  seals: section({
    mode: choice('GOVERNANCE', 'COMPLIANCE').default('GOVERNANCE'),
    days: number(1, 36_500).default(365),
  }).prefault({}),
  /** 5: what happens between two seals can be changed without a trace but that of CloudTrail. */
  sealMinutes: number(1, 60).default(5),
});

export type AuditConfig = z.output<typeof auditConfig>;
