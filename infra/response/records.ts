import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { SigningKey } from '../shared/keys.ts';
import { CaseTable } from './case-table.ts';
import { EvidenceStore } from './evidence-store.ts';
import { LogBucket } from './log-bucket.ts';

export interface ResponseRecords {
  readonly accessLogs: LogBucket;
  readonly cases: CaseTable;
  readonly evidence: EvidenceStore;
  readonly signingKey: SigningKey;
}

/** What must outlive the stack: cases, evidence, and the key that signs it. */
export const responseRecords = (scope: Construct, config: Config): ResponseRecords => {
  const { policySuffix: suffix, evidence: retention, deletionProtection } = config;
  const accessLogs = new LogBucket(scope, 'AccessLogs', { retentionDays: config.logRetentionDays });
  return {
    accessLogs,
    cases: new CaseTable(scope, 'Cases', { deletionProtection, suffix }),
    evidence: new EvidenceStore(scope, 'Evidence', { retention, accessLogs, suffix }),
    signingKey: new SigningKey(scope, 'SigningKey', { alias: `cordon/signing${suffix}` }),
  };
};
