import { functions } from '../responders/functions.ts';

/** AWS counts every character of a service control policy, white space too. */
export const longestPolicy = 5_120;

/** A service control policy: an administrator of the organisation attaches it to the account. */
export interface ControlPolicy {
  readonly name: string;
  readonly document: string;
}

interface Protected {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** What must hold besides the caller being no deployer. */
  readonly when?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Callers who may do this too: Cordon's own roles. */
  readonly alsoAllowed?: readonly string[];
}

/** The execution role that `cdk bootstrap` makes. */
export const defaultDeployers: readonly string[] = ['arn:aws:iam::*:role/cdk-*-cfn-exec-role-*'];

const of = (service: string, verbs: string): readonly string[] =>
  verbs.split(' ').map((verb) => `${service}:${verb}`);

const arn = (service: string, name: string): string => `arn:aws:${service}:*:*:${name}`;
const iam = (kind: string): string => `arn:aws:iam::*:${kind}/cordon/*`;

const functionArns = functions.map(({ name }) => arn('lambda', `function:${name}`));

/** Rules, machines, functions and topics: what answers a finding. */
const response: readonly Protected[] = [
  {
    sid: 'Roles',
    actions: of('iam', 'Attach* Create* Delete* Detach* Pass* Put* Set* Tag* Untag* Update*'),
    resources: [iam('role'), iam('policy')],
  },
  {
    sid: 'Quarantines',
    actions: of('iam', 'DetachRolePolicy DetachUserPolicy'),
    resources: ['*'],
    when: { ArnLike: { 'iam:PolicyARN': iam('policy') } },
    alsoAllowed: [iam('role')],
  },
  {
    sid: 'Functions',
    actions: of('lambda', 'Add* Create* Delete* Publish* Put* Remove* Tag* Untag* Update*'),
    resources: [...functionArns, arn('lambda', 'function:TamperLambda:*')],
  },
  {
    sid: 'Mappings',
    actions: of('lambda', 'UpdateEventSourceMapping DeleteEventSourceMapping'),
    resources: ['*'],
    when: { ArnLike: { 'lambda:FunctionArn': arn('lambda', 'function:TamperLambda*') } },
  },
  {
    sid: 'Rules',
    actions: of('events', 'Delete* Disable* Put* Remove* Tag* Untag* Update*'),
    resources: [
      arn('events', 'rule/CordonResponse-*'),
      arn('events', 'rule/cordon-drills/*'),
      arn('events', 'event-bus/cordon-drills'),
    ],
  },
  {
    sid: 'Machines',
    actions: of('states', 'Delete* Stop* Tag* Untag* Update*'),
    resources: [
      arn('states', 'stateMachine:Machines*Machine*'),
      arn('states', 'execution:Machines*Machine*:*'),
    ],
  },
  {
    sid: 'Topics',
    actions: of('sns', 'AddPermission DeleteTopic RemovePermission SetTopicAttributes Unsubscribe'),
    resources: [arn('sns', 'CordonResponse-*')],
  },
  {
    sid: 'Queues',
    actions: of('sqs', 'AddPermission DeleteQueue PurgeQueue RemovePermission SetQueueAttributes'),
    resources: [arn('sqs', 'CordonResponse-*')],
  },
  {
    sid: 'Alarms',
    actions: of('cloudwatch', 'DeleteAlarms DisableAlarmActions PutMetricAlarm SetAlarmState'),
    resources: [arn('cloudwatch', 'alarm:CordonResponse-*')],
  },
];

/** Evidence, cases, keys and CloudTrail: what an incident is reconstructed from. */
const records: readonly Protected[] = [
  {
    sid: 'Keys',
    actions: of(
      'kms',
      'Cancel* Delete* Disable* Enable* Put* Replicate* Revoke* Schedule* Tag* Untag* Update*',
    ),
    resources: ['*'],
    when: { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/cordon/*' } },
  },
  {
    sid: 'Buckets',
    actions: of(
      's3',
      'BypassGovernanceRetention DeleteBucket* PutBucket* PutEncryptionConfiguration ' +
        'PutLifecycleConfiguration PutReplicationConfiguration',
    ),
    resources: ['arn:aws:s3:::cordonresponse-*'],
  },
  {
    sid: 'Cases',
    actions: of(
      'dynamodb',
      'DeleteResourcePolicy DeleteTable Export* PutResourcePolicy Restore* ' +
        'UpdateContinuousBackups UpdateTable UpdateTimeToLive',
    ),
    resources: [arn('dynamodb', 'table/CordonResponse-*')],
  },
  {
    sid: 'Logs',
    actions: of('logs', 'Delete* Put*Policy PutSubscriptionFilter'),
    resources: [
      ...functions.map(({ name }) => arn('logs', `log-group:/aws/lambda/${name}:*`)),
      arn('logs', 'log-group:/aws/vendedlogs/states/CordonResponse-*'),
    ],
  },
  {
    sid: 'Trails',
    actions: of('cloudtrail', 'DeleteTrail PutEventSelectors StopLogging UpdateTrail'),
    resources: [arn('cloudtrail', 'trail/cordon*')],
  },
  {
    sid: 'TrailTable',
    actions: [
      ...of('athena', 'DeleteWorkGroup UpdateWorkGroup'),
      ...of('glue', 'BatchDeleteTable DeleteDatabase DeleteTable UpdateDatabase UpdateTable'),
    ],
    resources: [
      arn('athena', 'workgroup/cordon'),
      arn('glue', 'catalog'),
      arn('glue', 'database/cordon'),
      arn('glue', 'table/cordon/*'),
    ],
  },
  {
    sid: 'Detectors',
    actions: of(
      'guardduty',
      'CreateFilter CreateIPSet CreateTrustedEntitySet DeleteDetector DeleteMembers ' +
        'Disassociate* StopMonitoringMembers UpdateDetector UpdateFilter UpdateIPSet ' +
        'UpdateTrustedEntitySet',
    ),
    resources: ['*'],
  },
  { sid: 'Organisation', actions: of('organizations', 'LeaveOrganization'), resources: ['*'] },
];

const statementOf =
  (deployers: readonly string[]) =>
  ({ sid, actions, resources, when = {}, alsoAllowed = [] }: Protected) => ({
    Sid: sid,
    Effect: 'Deny',
    Action: actions,
    Resource: resources,
    Condition: {
      ArnNotLike: { 'aws:PrincipalArn': [...deployers, ...alsoAllowed] },
      ...when,
    },
  });

/**
 * Denies every change of Cordon, of its records, and of what it relies on, to all principals of the
 * account but the deployers. Many deployers make a policy too long for AWS: who prints it checks.
 */
export const controlPolicies = (deployers: readonly string[]): readonly ControlPolicy[] =>
  [
    { name: 'CordonResponseIsNotChanged', statements: response },
    { name: 'CordonRecordsAreNotChanged', statements: records },
  ].map(({ name, statements }) => ({
    name,
    document: JSON.stringify({
      Version: '2012-10-17',
      Statement: statements.map(statementOf(deployers)),
    }),
  }));
