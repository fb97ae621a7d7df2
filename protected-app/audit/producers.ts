import { appFunctions } from '../functions.ts';
import type { AuditEvent } from './schemas/event.ts';

/**
 * The functions that write audit events, by their system. Those of the application are all that it
 * has: a test fails for one that writes none. Cordon has one function that tells the audit what its
 * case table has recorded, and names the function that has acted.
 */
export const producers: Readonly<Record<AuditEvent['producer']['system'], readonly string[]>> = {
  'protected-app': appFunctions.map(({ name }) => name),
  cordon: [
    ...['ContainmentLambda', 'WatchLambda', 'ReleaseLambda', 'EvidenceCollectionLambda'],
    ...['TimelineAnalysisLambda', 'GenerateReportLambda', 'NotifyLambda'],
  ],
};
