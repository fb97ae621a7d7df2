import { type Call, plainName } from './call.ts';

/** Technique → the plain names of the calls that map to it. */
const calls: Readonly<Record<string, readonly string[]>> = {
  'T1685.002': [
    'StopLogging',
    'DeleteTrail',
    'UpdateTrail',
    'PutEventSelectors',
    'DeleteFlowLogs',
    'DeleteModelInvocationLoggingConfiguration',
    'DeleteLogGroup',
    'StopConfigurationRecorder',
  ],
  T1685: [
    'DeleteDetector',
    'UpdateDetector',
    'CreateFilter',
    'CreateIPSet',
    'UpdateIPSet',
    'CreateTrustedEntitySet',
    'DisableSecurityHub',
    'DisableRule',
    'RemoveTargets',
    'DeleteRule',
  ],
  'T1686.001': ['AuthorizeSecurityGroupIngress', 'CreateNetworkAclEntry'],
  T1666: ['LeaveOrganization'],
  'T1098.001': [
    'CreateAccessKey',
    'CreateLoginProfile',
    'UpdateLoginProfile',
    'ImportKeyPair',
    'UploadSSHPublicKey',
    'CreateServiceSpecificCredential',
  ],
  'T1098.003': [
    'AttachUserPolicy',
    'AttachRolePolicy',
    'PutUserPolicy',
    'PutRolePolicy',
    'AddUserToGroup',
    'CreatePolicyVersion',
    'SetDefaultPolicyVersion',
    'UpdateAssumeRolePolicy',
  ],
  'T1136.003': ['CreateUser', 'CreateRole'],
  'T1484.002': ['CreateOpenIDConnectProvider', 'CreateSAMLProvider', 'UpdateSAMLProvider'],
  'T1556.006': ['DeactivateMFADevice', 'DeleteVirtualMFADevice'],
  'T1078.004': ['ConsoleLogin', 'AssumeRole'],
  'T1550.001': ['GetFederationToken', 'GetSessionToken'],
  'T1555.006': ['GetSecretValue', 'BatchGetSecretValue', 'GetParametersByPath'],
  'T1087.004': ['GetCallerIdentity', 'ListUsers', 'GetAccountAuthorizationDetails', 'ListRoles'],
  'T1069.003': ['ListAttachedRolePolicies', 'SimulatePrincipalPolicy'],
  T1580: ['DescribeInstances'],
  T1526: ['ListFunctions'],
  T1619: ['ListBuckets', 'ListObjects'],
  T1654: ['LookupEvents'],
  T1530: ['GetObject'],
  T1537: [
    'ModifySnapshotAttribute',
    'ModifyImageAttribute',
    'ModifyDBSnapshotAttribute',
    'PutBucketReplication',
    'SharedSnapshotCopyInitiated',
  ],
  T1485: [
    'DeleteObject',
    'DeleteObjects',
    'DeleteBucket',
    'PutBucketLifecycle',
    'TerminateInstances',
    'DeleteDBInstance',
  ],
  T1490: ['DeleteSnapshot', 'DeleteRecoveryPoint'],
  'T1578.002': ['RunInstances'],
  'T1496.001': ['RunInstances'],
  'T1496.004': [
    'InvokeModel',
    'InvokeModelWithResponseStream',
    'PutFoundationModelEntitlement',
    'CreateFoundationModelAgreement',
    'SendEmail',
    'VerifyEmailIdentity',
  ],
  T1651: ['SendCommand', 'StartSession'],
  T1648: ['UpdateFunctionCode', 'UpdateFunctionConfiguration', 'CreateFunction', 'Invoke'],
  T1546: ['CreateEventSourceMapping', 'PutTargets'],
  T1098: ['AddPermission', 'CreateFunctionUrlConfig'],
};

const byCall = new Map<string, string[]>();
for (const [technique, callNames] of Object.entries(calls))
  for (const name of callNames) byCall.set(name, [...(byCall.get(name) ?? []), technique]);

/**
 * The techniques that a call maps to. A person judges them, because most of these calls are also
 * part of ordinary work.
 */
export const techniquesOf = (call: Pick<Call, 'name'>): readonly string[] =>
  byCall.get(plainName(call)) ?? [];
