import type * as z from 'zod';
import { auditSystems } from '../../protected-app/audit/schemas/event.ts';
import { choice, list, number, section, text } from '../options.ts';

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
  /**
   * Empty: nobody but the root user reads events by the API. Roles and users of this account, each
   * with the systems whose events they see. A role stands for all who may take it.
   */
  readers: list(
    section({
      principal: text(
        /^arn:[\w-]+:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
        'the ARN of a role or user',
      ),
      // The function takes no reader without systems, and would answer nobody.
      systems: list(choice(...auditSystems)).refine(
        (systems) => systems.length > 0,
        `at least one of ${auditSystems.map((system) => `"${system}"`).join(' and ')}`,
      ),
    }),
  ).default([]),
  /** 20 a second, 40 at once: some people and a script; a search may read 5,000 events. */
  throttle: section({
    rate: number(1, 10_000).default(20),
    burst: number(1, 5_000).default(40),
  }).prefault({}),
  /** `existing`: the application has set the role with which the region's APIs write logs. */
  gatewayLogRole: choice('own', 'existing').default('existing'),
});

export type AuditConfig = z.output<typeof auditConfig>;
