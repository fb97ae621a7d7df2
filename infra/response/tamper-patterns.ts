/**
 * The services whose calls can change Cordon, its keys and records, or what it relies on. A rule
 * hears no reads, and of data events none.
 */
const services = [
  ...['events', 'scheduler', 'states', 'lambda', 'sns', 'sqs', 'monitoring', 'logs'],
  ...['iam', 'kms', 's3', 'dynamodb', 'glue', 'athena', 'secretsmanager'],
  ...['guardduty', 'cloudtrail', 'organizations'],
];

/** Calls of every day in these services that change no resource of Cordon. */
const everyday = [
  ...['StartExecution', 'StartSyncExecution', 'RedriveExecution'],
  ...['SendTaskSuccess', 'SendTaskFailure', 'SendTaskHeartbeat'],
  ...['CreateLogStream', 'PutMetricData', 'StartQuery'],
  ...['StartQueryExecution', 'StopQueryExecution'],
  ...['BatchCreatePartition', 'CreatePartition', 'UpdatePartition', 'BatchUpdatePartition'],
  ...['CreateSampleFindings', 'UpdateFindingsFeedback'],
];

/** Only AWS can publish a source that begins with `aws.`: no caller can make up such an event. */
const fromCloudTrail = {
  source: [{ prefix: 'aws.' }],
  'detail-type': ['AWS API Call via CloudTrail'],
};

const callsOf = (names: readonly string[]) => ({
  ...fromCloudTrail,
  detail: {
    eventSource: names.map((service) => `${service}.amazonaws.com`),
    eventName: [{ 'anything-but': everyday }],
  },
});

/**
 * Allowed and denied calls alike. Which of them are about Cordon is decided by `TamperLambda`: a
 * pattern has 2,048 characters, names stand in many places of a record, and the parameters of a
 * denied call are often missing.
 */
export const watchPattern = callsOf(services);

/**
 * Of a further region: what may change a function that is contained there, the way in which its
 * findings come here, and its GuardDuty. One region of a partition records the calls of IAM.
 */
export const forwardedPattern = callsOf(['iam', 'lambda', 'events', 'guardduty']);

export interface GuardedNames {
  readonly rule: string;
  readonly functionName: string;
  readonly mapping: string;
  readonly queueUrl: string;
  readonly topicArn: string;
}

/**
 * Changes that were made, of the rule above, of its queue, function and mapping, and of the topic.
 * CloudFormation makes the calls of a deployment; no caller can set `invokedBy`.
 */
export const guardPattern = ({
  rule,
  functionName,
  mapping,
  queueUrl,
  topicArn,
}: GuardedNames) => ({
  ...fromCloudTrail,
  detail: {
    eventSource: ['events', 'lambda', 'sqs', 'sns'].map((name) => `${name}.amazonaws.com`),
    errorCode: [{ exists: false }],
    userIdentity: {
      invokedBy: [{ exists: false }, { 'anything-but': 'cloudformation.amazonaws.com' }],
    },
    $or: [
      { requestParameters: { name: [rule] } },
      { requestParameters: { rule: [rule] } },
      { requestParameters: { functionName: [{ wildcard: `*${functionName}*` }] } },
      { requestParameters: { uUID: [mapping] } },
      { requestParameters: { queueUrl: [queueUrl] } },
      { requestParameters: { topicArn: [topicArn] } },
      { requestParameters: { subscriptionArn: [{ prefix: topicArn }] } },
    ],
  },
});
