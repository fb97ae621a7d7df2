import type { TamperScope } from '../../../../responders/report/tamper-call.ts';

/** A deployment whose stack is called CordonResponse. */
export const watched: TamperScope = {
  own: [
    ...['*CordonResponse-*', '*cordonresponse-*', '*/cordon/*', '*cordon-drills*', 'cordon'],
    ...['CordonReleaseRole', '*ContainmentLambda*', '*1111-2222'],
  ],
  deployers: ['arn:aws:iam::*:role/cdk-*-cfn-exec-role-*'],
};

export const intruderRole = 'arn:aws:iam::111122223333:role/build';

/** An event of CloudTrail as EventBridge delivers it: `build` calls, and the call is allowed. */
export const heardEvent = (detail: Readonly<Record<string, unknown>> = {}) => ({
  source: 'aws.lambda',
  'detail-type': 'AWS API Call via CloudTrail',
  detail: {
    eventSource: 'lambda.amazonaws.com',
    eventName: 'UpdateFunctionConfiguration20150331v2',
    eventTime: '2026-11-30T01:02:03Z',
    eventID: 'e1',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '198.51.100.7',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::111122223333:assumed-role/build/session',
      sessionContext: { sessionIssuer: { arn: intruderRole } },
    },
    requestParameters: { functionName: 'ContainmentLambda' },
    ...detail,
  },
});

/** A batch as SQS hands it to the function. */
export const batchOf = (events: readonly unknown[]) => ({
  Records: events.map((event, index) => ({
    messageId: `m${index}`,
    body: typeof event === 'string' ? event : JSON.stringify(event),
  })),
});
