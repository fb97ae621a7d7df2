import { auditFunctions } from '../../protected-app/audit/functions.ts';
import type { SystemParts } from '../system.ts';
import { CordonAudit } from './stack.ts';

/** What the audit adds to the templates. */
export const auditParts: SystemParts = {
  entries: Object.fromEntries(
    auditFunctions.map(({ entry }) => [entry, `protected-app/handlers/${entry}`]),
  ),
  addTo: (app, { config, code }) => new CordonAudit(app, 'CordonAudit', { config, code }),
};
