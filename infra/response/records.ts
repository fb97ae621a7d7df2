import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { deployersOf, ownRole } from '../shared/deny.ts';
import { SigningKey } from '../shared/keys.ts';
import { LogBucket } from '../shared/log-bucket.ts';
import { functionRole } from '../shared/names.ts';
import { CaseTable } from './case-table.ts';
import { EvidenceStore } from './evidence-store.ts';
import { ProofKeys } from './proof-keys.ts';

export interface ResponseRecords {
  readonly accessLogs: LogBucket;
  readonly cases: CaseTable;
  readonly evidence: EvidenceStore;
  readonly signingKey: SigningKey;
  readonly proofKeys: ProofKeys;
}

/** Who seals an incident, and who writes down who read it. */
const signers = ['EvidenceCollectionLambda', 'CustodyLambda'];

/** What must outlive the stack: cases, evidence, and the key that signs it. */
export const responseRecords = (scope: Construct, config: Config): ResponseRecords => {
  const { policySuffix: suffix, evidence: retention, deletionProtection } = config;
  const deployers = deployersOf(config.deployers);
  // CloudFront's own name is known only after this stack.
  const readers = config.console.deploy ? [config.console.origin || '*'] : [];
  const shared = { suffix, deployers };
  const accessLogs = new LogBucket(scope, 'AccessLogs', {
    retentionDays: config.logRetentionDays,
    deployers,
  });
  return {
    accessLogs,
    cases: new CaseTable(scope, 'Cases', { deletionProtection, ...shared }),
    evidence: new EvidenceStore(scope, 'Evidence', { retention, accessLogs, readers, ...shared }),
    signingKey: new SigningKey(scope, 'SigningKey', {
      description: 'Cordon: signs evidence manifests',
      alias: `cordon/signing${suffix}`,
      deployers,
      signers: signers.map((name) => ownRole(functionRole(name, suffix))),
    }),
    proofKeys: new ProofKeys(scope, 'ProofKeys', config),
  };
};
