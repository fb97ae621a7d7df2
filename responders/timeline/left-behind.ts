import { at } from '../shared/json.ts';
import { quoted } from '../shared/shell.ts';
import { type Call, plainName, textAt } from './call.ts';
import { momentOf } from './follow.ts';
import type { LeftBehind } from './timeline.ts';

interface Trace {
  readonly kind: LeftBehind['kind'];
  /** Request parameters (or `answer.…`) that name it; `a|b` where it stands in one or the other. */
  readonly of: readonly string[];
  /** `{0}` is the first of them, quoted. */
  readonly check: string;
}

const traceOf = (kind: Trace['kind'], of: string, check: string): Trace => ({
  kind,
  of: of.split(' '),
  check: `aws ${check}`,
});

/** Calls after which something is there that a later session can use, by service and plain name. */
const traces: Readonly<Record<string, Trace>> = {
  'iam:CreateUser': traceOf('principal', 'userName', 'iam get-user --user-name {0}'),
  'iam:CreateRole': traceOf('principal', 'roleName', 'iam get-role --role-name {0}'),
  'iam:CreateLoginProfile': traceOf('key', 'userName', 'iam get-login-profile --user-name {0}'),
  'iam:UpdateLoginProfile': traceOf('key', 'userName', 'iam get-login-profile --user-name {0}'),
  'iam:CreateAccessKey': traceOf(
    'key',
    'userName|answer.accessKey.userName answer.accessKey.accessKeyId',
    'iam list-access-keys --user-name {0}',
  ),
  'iam:UploadSSHPublicKey': traceOf('key', 'userName', 'iam list-ssh-public-keys --user-name {0}'),
  'iam:CreateServiceSpecificCredential': traceOf(
    'key',
    'userName',
    'iam list-service-specific-credentials --user-name {0}',
  ),
  'iam:AttachUserPolicy': traceOf(
    'policy',
    'userName policyArn',
    'iam list-attached-user-policies --user-name {0}',
  ),
  'iam:AttachRolePolicy': traceOf(
    'policy',
    'roleName policyArn',
    'iam list-attached-role-policies --role-name {0}',
  ),
  'iam:AttachGroupPolicy': traceOf(
    'policy',
    'groupName policyArn',
    'iam list-attached-group-policies --group-name {0}',
  ),
  'iam:PutUserPolicy': traceOf(
    'policy',
    'userName policyName',
    'iam get-user-policy --user-name {0} --policy-name {1}',
  ),
  'iam:PutRolePolicy': traceOf(
    'policy',
    'roleName policyName',
    'iam get-role-policy --role-name {0} --policy-name {1}',
  ),
  'iam:PutGroupPolicy': traceOf(
    'policy',
    'groupName policyName',
    'iam get-group-policy --group-name {0} --policy-name {1}',
  ),
  'iam:CreatePolicy': traceOf(
    'policy',
    'answer.policy.arn policyName',
    'iam get-policy --policy-arn {0}',
  ),
  'iam:CreatePolicyVersion': traceOf(
    'policy',
    'policyArn',
    'iam list-policy-versions --policy-arn {0}',
  ),
  'iam:SetDefaultPolicyVersion': traceOf('policy', 'policyArn', 'iam get-policy --policy-arn {0}'),
  'iam:AddUserToGroup': traceOf(
    'policy',
    'userName groupName',
    'iam list-groups-for-user --user-name {0}',
  ),
  'iam:UpdateAssumeRolePolicy': traceOf(
    'access',
    'roleName',
    'iam get-role --role-name {0} --query Role.AssumeRolePolicyDocument',
  ),
  'iam:CreateSAMLProvider': traceOf('principal', 'name', 'iam list-saml-providers'),
  'iam:UpdateSAMLProvider': traceOf(
    'principal',
    'sAMLProviderArn',
    'iam get-saml-provider --saml-provider-arn {0}',
  ),
  'iam:CreateOpenIDConnectProvider': traceOf(
    'principal',
    'url',
    'iam list-open-id-connect-providers',
  ),
  'lambda:CreateFunction': traceOf(
    'function',
    'functionName',
    'lambda get-function --function-name {0}',
  ),
  'lambda:UpdateFunctionCode': traceOf(
    'function',
    'functionName',
    'lambda get-function --function-name {0}',
  ),
  'lambda:UpdateFunctionConfiguration': traceOf(
    'function',
    'functionName',
    'lambda get-function-configuration --function-name {0}',
  ),
  'lambda:PublishLayerVersion': traceOf(
    'function',
    'layerName',
    'lambda list-layer-versions --layer-name {0}',
  ),
  'lambda:AddPermission': traceOf(
    'access',
    'functionName statementId',
    'lambda get-policy --function-name {0}',
  ),
  'lambda:CreateFunctionUrlConfig': traceOf(
    'access',
    'functionName',
    'lambda get-function-url-config --function-name {0}',
  ),
  'lambda:CreateEventSourceMapping': traceOf(
    'trigger',
    'functionName',
    'lambda list-event-source-mappings --function-name {0}',
  ),
  'events:PutRule': traceOf('trigger', 'name', 'events describe-rule --name {0}'),
  'events:PutTargets': traceOf('trigger', 'rule', 'events list-targets-by-rule --rule {0}'),
  'scheduler:CreateSchedule': traceOf('trigger', 'name', 'scheduler get-schedule --name {0}'),
  's3:PutBucketPolicy': traceOf('access', 'bucketName', 's3api get-bucket-policy --bucket {0}'),
  's3:PutBucketAcl': traceOf('access', 'bucketName', 's3api get-bucket-acl --bucket {0}'),
  's3:PutBucketReplication': traceOf(
    'access',
    'bucketName',
    's3api get-bucket-replication --bucket {0}',
  ),
  's3:PutBucketNotification': traceOf(
    'trigger',
    'bucketName',
    's3api get-bucket-notification-configuration --bucket {0}',
  ),
  'kms:CreateGrant': traceOf('access', 'keyId', 'kms list-grants --key-id {0}'),
  'kms:PutKeyPolicy': traceOf(
    'access',
    'keyId',
    'kms get-key-policy --key-id {0} --policy-name default',
  ),
  'secretsmanager:PutResourcePolicy': traceOf(
    'access',
    'secretId',
    'secretsmanager get-resource-policy --secret-id {0}',
  ),
  'ec2:RunInstances': traceOf('resource', 'answer.instancesSet.items', 'ec2 describe-instances'),
  'ec2:CreateKeyPair': traceOf('key', 'keyName', 'ec2 describe-key-pairs --key-names {0}'),
  'ec2:ImportKeyPair': traceOf('key', 'keyName', 'ec2 describe-key-pairs --key-names {0}'),
  'ec2:AuthorizeSecurityGroupIngress': traceOf(
    'access',
    'groupId',
    'ec2 describe-security-groups --group-ids {0}',
  ),
  'ec2:ModifySnapshotAttribute': traceOf(
    'access',
    'snapshotId',
    'ec2 describe-snapshot-attribute --attribute createVolumePermission --snapshot-id {0}',
  ),
  'ec2:ModifyImageAttribute': traceOf(
    'access',
    'imageId',
    'ec2 describe-image-attribute --attribute launchPermission --image-id {0}',
  ),
};

const valueAt = (call: Call, path: string): unknown =>
  path.startsWith('answer.')
    ? at(call.answer, path.slice('answer.'.length))
    : at(call.parameters, path);

/** A text, or the instances of a list. */
const namesIn = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return Array.isArray(value)
    ? value.map((instance) => textAt(instance, 'instanceId')).join(' ')
    : '';
};

const nameOf = (call: Call, paths: string): string =>
  paths
    .split('|')
    .map((path) => namesIn(valueAt(call, path)))
    .find((name) => name !== '') ?? '';

const leftBy = (call: Call): readonly LeftBehind[] => {
  const trace = call.error === '' ? traces[`${call.service}:${plainName(call)}`] : undefined;
  if (!trace) return [];
  const named = trace.of.map((path) => nameOf(call, path));
  const check = trace.check.replaceAll(/\{(\d)\}/g, (_hole, index: string) =>
    quoted(named[Number(index)] ?? ''),
  );
  const region = call.service === 'iam' ? '' : ` --region ${quoted(call.region)}`;
  return [
    {
      kind: trace.kind,
      what:
        named
          .filter((name) => name !== '')
          .join(', ')
          .slice(0, 300) || 'unnamed',
      by: momentOf(call),
      check: `${check}${region}`,
    },
  ];
};

/**
 * What may outlive the session, oldest first, and the command that shows whether it is still there.
 * Each change is said once, when it was first made.
 */
export const leftBehind = (calls: readonly Call[]): readonly LeftBehind[] => {
  const changes = new Map<string, LeftBehind>();
  for (const change of calls.flatMap(leftBy)) {
    const key = `${change.by.action} ${change.what}`;
    if (!changes.has(key)) changes.set(key, change);
  }
  return [...changes.values()];
};
