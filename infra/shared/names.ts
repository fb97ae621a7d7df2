/**
 * The few names that people type or that policies must know before the resource exists;
 * CloudFormation makes up the rest. IAM names are global, hence the suffix of a second region.
 */
export const names = (suffix: string) => ({
  quarantineRole: `CordonQuarantineRole${suffix}`,
  quarantineFunction: `CordonQuarantineFunction${suffix}`,
  quarantineUser: `CordonQuarantineUser${suffix}`,
  drillRole: `CordonDrillRole${suffix}`,
  approveRole: `CordonApproveRole${suffix}`,
  releaseRole: `CordonReleaseRole${suffix}`,
  consoleApproveRole: `CordonConsoleApproveRole${suffix}`,
  consoleReleaseRole: `CordonConsoleReleaseRole${suffix}`,
  readerRole: `CordonReaderRole${suffix}`,
  auditorRole: `CordonAuditorRole${suffix}`,
  drillBus: 'cordon-drills',
  checkRule: 'cordon-check',
  trail: `cordon${suffix}`,
  database: 'cordon',
  trailTable: 'cloudtrail',
  workgroup: 'cordon',
  webhookSecret: 'cordon/webhook',
});

/** The role of a function: policies of keys name it before it exists. */
export const functionRole = (functionName: string, suffix: string): string =>
  `Cordon${functionName}Role${suffix}`;

/** Everything of Cordon's in IAM lives below this path, so that one statement can protect it. */
export const path = '/cordon/';

/** A drill touches only functions and roles that carry this tag. */
export const drillTag = { key: 'cordon:drill', value: 'allowed' } as const;
