import { Aws } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { deployersOf } from '../shared/deny.ts';
import { names } from '../shared/names.ts';
import { Detector } from './detector.ts';
import type { ResponseRecords } from './records.ts';
import { TrailRecords } from './trail.ts';
import { TrailQuery } from './trail-query.ts';

/** What reports findings, and what an incident is reconstructed from. */
export const responseSources = (
  scope: Construct,
  config: Config,
  { accessLogs, evidence, cases }: ResponseRecords,
): TrailQuery => {
  if (config.detector === 'own') new Detector(scope, 'Detector');
  const trail = new TrailRecords(scope, 'Trail', {
    config,
    accessLogs,
    evidence: evidence.both,
    cases: cases.table,
  });
  return new TrailQuery(scope, 'TrailQuery', {
    trail,
    accounts: [Aws.ACCOUNT_ID, ...trail.otherAccounts],
    regions: config.regions,
    scanLimitMb: config.athenaScanLimitMb,
    key: evidence.key,
    accessLogs,
    deployers: deployersOf(config.deployers),
    names: names(config.policySuffix),
  });
};
