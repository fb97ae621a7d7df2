import type { Construct } from 'constructs';
import { ownRole } from '../shared/deny.ts';
import { SigningKey } from '../shared/keys.ts';
import { functionRole } from '../shared/names.ts';

/** Signs exports of the audit, for the one function that makes them. */
export class AuditKey extends SigningKey {
  constructor(
    scope: Construct,
    id: string,
    { suffix, deployers }: { readonly suffix: string; readonly deployers: readonly string[] },
  ) {
    super(scope, id, {
      description: 'Cordon: signs exports of the audit of the console',
      alias: `cordon/audit-signing${suffix}`,
      deployers,
      signers: [ownRole(functionRole('ConsoleAuditLambda', suffix))],
    });
  }
}
