import { type Call, plainName } from './call.ts';

/** The version that ids and names are taken from; v19 renumbers some of them. */
export const attackVersion = '18.1';

const names: Readonly<Record<string, string>> = {
  'T1059.009': 'Command and Scripting Interpreter: Cloud API',
  'T1069.003': 'Permission Groups Discovery: Cloud Groups',
  'T1078.004': 'Valid Accounts: Cloud Accounts',
  'T1087.004': 'Account Discovery: Cloud Account',
  T1098: 'Account Manipulation',
  'T1098.001': 'Account Manipulation: Additional Cloud Credentials',
  'T1098.003': 'Account Manipulation: Additional Cloud Roles',
  'T1136.003': 'Create Account: Cloud Account',
  'T1484.002': 'Domain or Tenant Policy Modification: Trust Modification',
  T1485: 'Data Destruction',
  T1490: 'Inhibit System Recovery',
  'T1496.001': 'Resource Hijacking: Compute Hijacking',
  'T1496.004': 'Resource Hijacking: Cloud Service Hijacking',
  T1526: 'Cloud Service Discovery',
  T1530: 'Data from Cloud Storage',
  T1537: 'Transfer Data to Cloud Account',
  T1546: 'Event Triggered Execution',
  'T1550.001': 'Use Alternate Authentication Material: Application Access Token',
  'T1555.006': 'Credentials from Password Stores: Cloud Secrets Management Stores',
  'T1556.006': 'Modify Authentication Process: Multi-Factor Authentication',
  'T1562.001': 'Impair Defenses: Disable or Modify Tools',
  'T1562.007': 'Impair Defenses: Disable or Modify Cloud Firewall',
  'T1562.008': 'Impair Defenses: Disable or Modify Cloud Logs',
  'T1578.002': 'Modify Cloud Compute Infrastructure: Create Cloud Instance',
  T1580: 'Cloud Infrastructure Discovery',
  T1619: 'Cloud Storage Object Discovery',
  T1648: 'Serverless Execution',
  T1651: 'Cloud Administration Command',
  T1654: 'Log Enumeration',
  T1666: 'Modify Cloud Resource Hierarchy',
};

/** Technique → the calls that map to it, by plain name. */
const calls: Readonly<Record<string, string>> = {
  'T1562.008':
    'StopLogging DeleteTrail UpdateTrail PutEventSelectors DeleteFlowLogs DeleteModelInvocationLoggingConfiguration DeleteLogGroup StopConfigurationRecorder',
  'T1562.001':
    'DeleteDetector UpdateDetector CreateFilter CreateIPSet UpdateIPSet CreateTrustedEntitySet DisableSecurityHub DisableRule RemoveTargets DeleteRule',
  'T1562.007': 'AuthorizeSecurityGroupIngress CreateNetworkAclEntry',
  T1666: 'LeaveOrganization',
  'T1098.001':
    'CreateAccessKey CreateLoginProfile UpdateLoginProfile ImportKeyPair UploadSSHPublicKey CreateServiceSpecificCredential',
  'T1098.003':
    'AttachUserPolicy AttachRolePolicy PutUserPolicy PutRolePolicy AddUserToGroup CreatePolicyVersion SetDefaultPolicyVersion UpdateAssumeRolePolicy',
  'T1136.003': 'CreateUser CreateRole',
  'T1484.002': 'CreateOpenIDConnectProvider CreateSAMLProvider UpdateSAMLProvider',
  'T1556.006': 'DeactivateMFADevice DeleteVirtualMFADevice',
  'T1078.004': 'ConsoleLogin AssumeRole',
  'T1550.001': 'GetFederationToken GetSessionToken',
  'T1555.006': 'GetSecretValue BatchGetSecretValue GetParametersByPath',
  'T1087.004': 'GetCallerIdentity ListUsers GetAccountAuthorizationDetails ListRoles',
  'T1069.003': 'ListAttachedRolePolicies SimulatePrincipalPolicy',
  T1580: 'DescribeInstances',
  T1526: 'ListFunctions',
  T1619: 'ListBuckets ListObjects',
  T1654: 'LookupEvents',
  T1530: 'GetObject',
  T1537:
    'ModifySnapshotAttribute ModifyImageAttribute ModifyDBSnapshotAttribute PutBucketReplication SharedSnapshotCopyInitiated',
  T1485:
    'DeleteObject DeleteObjects DeleteBucket PutBucketLifecycle TerminateInstances DeleteDBInstance',
  T1490: 'DeleteSnapshot DeleteRecoveryPoint',
  'T1578.002': 'RunInstances',
  'T1496.001': 'RunInstances',
  'T1496.004':
    'InvokeModel InvokeModelWithResponseStream PutFoundationModelEntitlement CreateFoundationModelAgreement SendEmail VerifyEmailIdentity',
  T1651: 'SendCommand StartSession',
  T1648: 'UpdateFunctionCode UpdateFunctionConfiguration CreateFunction Invoke',
  T1546: 'CreateEventSourceMapping PutTargets',
  T1098: 'AddPermission CreateFunctionUrlConfig',
};

const byCall = new Map<string, string[]>();
for (const [technique, list] of Object.entries(calls))
  for (const name of list.split(' ')) byCall.set(name, [...(byCall.get(name) ?? []), technique]);

/**
 * What a call maps to. A hypothesis for a person to judge: most of these calls are also somebody's
 * daily work.
 */
export const techniquesOf = (call: Pick<Call, 'name'>): readonly string[] =>
  byCall.get(plainName(call)) ?? [];

export const techniqueName = (id: string): string => names[id] ?? id;
