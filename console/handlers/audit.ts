import { KMSClient } from '@aws-sdk/client-kms';
import { audit } from '../api/audit.ts';
import { auditExport } from '../api/audit-export.ts';
import { consoleApi, ledger, masking, variable } from './environment.ts';

const deps = { ledger: ledger(), mask: masking(), now: Date.now };
const signer = { kms: new KMSClient({}), keyId: variable('CONSOLE_AUDIT_KEY') };

/** `ConsoleAuditLambda`: shows who read and decided what, and signs what it hands out of that. */
export const handler = consoleApi({
  'GET /audit': audit(deps),
  'POST /audit/export': auditExport({ ...deps, signer }),
});
