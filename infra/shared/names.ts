/**
 * The few names that people type or that policies must know before the resource exists;
 * CloudFormation makes up the rest. IAM names are global, hence the suffix of a second region.
 */
export const names = (suffix: string) => ({
  quarantineRole: `CordonQuarantineRole${suffix}`,
  quarantineFunction: `CordonQuarantineFunction${suffix}`,
  drillRole: `CordonDrillRole${suffix}`,
  releaseRole: `CordonReleaseRole${suffix}`,
  readerRole: `CordonReaderRole${suffix}`,
  auditorRole: `CordonAuditorRole${suffix}`,
  drillBus: 'cordon-drills',
  trail: `cordon${suffix}`,
  database: 'cordon',
  trailTable: 'cloudtrail',
  workgroup: 'cordon',
});

/** Everything of Cordon's in IAM lives below this path, so that one statement can protect it. */
export const path = '/cordon/';

/** A drill touches only functions and roles that carry this tag. */
export const drillTag = { key: 'cordon:drill', value: 'allowed' } as const;
