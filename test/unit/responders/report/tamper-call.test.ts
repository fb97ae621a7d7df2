import { describe, expect, it } from 'vitest';
import { tamperCall } from '../../../../responders/report/tamper-call.ts';
import { heardEvent, intruderRole, watched } from '../../../support/responders/report/tampering.ts';

const read = (detail: Readonly<Record<string, unknown>> = {}) =>
  tamperCall(heardEvent(detail), watched);

const by = (identity: string) => ({
  userIdentity: {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::111122223333:assumed-role/r/s',
    sessionContext: { sessionIssuer: { arn: identity } },
  },
});
const ownRole = 'arn:aws:iam::111122223333:role/cordon/CordonResponse-Containment';

describe('a call is about Cordon', () => {
  it('when it names one of its resources, without the version of the API', () => {
    expect(read()).toEqual({
      eventId: 'e1',
      service: 'lambda',
      call: 'UpdateFunctionConfiguration',
      resource: 'ContainmentLambda',
      caller: 'arn:aws:sts::111122223333:assumed-role/build/session',
      identity: intruderRole,
      from: '198.51.100.7',
      region: 'eu-west-1',
      time: '2026-11-30T01:02:03Z',
      result: 'done',
    });
  });

  it.each([
    ['a rule by name', 'events', 'DisableRule', { name: 'CordonResponse-FindingRules' }],
    ['alarms in a list', 'monitoring', 'DeleteAlarms', { alarms: ['x', 'CordonResponse-a'] }],
    ['a key by its id', 'kms', 'DisableKey', { keyId: '1111-2222' }],
    ['a key by its ARN', 'kms', 'DisableKey', { keyId: 'arn:aws:kms:r:a:key/1111-2222' }],
    ['a bucket', 's3', 'PutBucketPolicy', { bucketName: 'cordonresponse-evidence' }],
    ['a role by name', 'iam', 'UpdateAssumeRolePolicy', { roleName: 'CordonReleaseRole' }],
    ['a policy', 'iam', 'CreatePolicyVersion', { policyArn: 'arn:aws:iam::1:policy/cordon/Q' }],
    ['a role passed to a new function', 'lambda', 'CreateFunction20150331', { role: ownRole }],
    ['a target deep in a list', 'events', 'PutTargets', { targets: [{ arn: `x:${ownRole}` }] }],
  ])('that names %s', (_words, service, eventName, requestParameters) => {
    const eventSource = `${service}.amazonaws.com`;
    expect(read({ eventSource, eventName, requestParameters })).toMatchObject({ service });
  });

  it('when a denial names it, although the parameters are missing', () => {
    const errorMessage =
      'User: arn:aws:sts::111122223333:assumed-role/build/s is not authorized to perform: ' +
      'lambda:UpdateFunctionCode on resource: arn:aws:lambda:r:a:function:ContainmentLambda ' +
      'with an explicit deny in a resource-based policy';
    expect(
      read({ errorCode: 'AccessDenied', errorMessage, requestParameters: null }),
    ).toMatchObject({
      resource: 'arn:aws:lambda:r:a:function:ContainmentLambda',
      result: 'denied',
    });
  });

  it.each(['guardduty', 'cloudtrail', 'organizations'])(
    'when it changes %s, whatever it names',
    (service) => {
      const about = { eventSource: `${service}.amazonaws.com`, requestParameters: null };
      expect(read(about)).toMatchObject({ service, resource: '' });
    },
  );

  it.each([
    ['AccessDeniedException', 'denied'],
    ['Client.UnauthorizedOperation', 'denied'],
    ['ResourceNotFoundException', 'ResourceNotFoundException'],
  ])('and an error %s is the result %s', (errorCode, result) => {
    expect(read({ errorCode })).toMatchObject({ result });
  });
});

describe('a call is not told', () => {
  it.each([
    ['it names another function', { requestParameters: { functionName: 'shop' } }],
    ['only its caller is called like Cordon', { ...by(ownRole), requestParameters: null }],
    ['only a document in it names Cordon', { requestParameters: { p: '{"a":"/cordon/x"}' } }],
    ['a deployment made it', by('arn:aws:iam::1:role/cdk-hnb-cfn-exec-role-1-eu')],
    ['a service acts for itself', { userIdentity: { type: 'AWSService', invokedBy: 'x' } }],
    [
      'Cordon attaches its policy to another role',
      {
        ...by(ownRole),
        eventSource: 'iam.amazonaws.com',
        eventName: 'AttachRolePolicy',
        requestParameters: { roleName: 'shop', policyArn: 'arn:aws:iam::1:policy/cordon/Q' },
      },
    ],
    [
      'a quarantine is taken off another role, which the watch over holds tells',
      {
        eventSource: 'iam.amazonaws.com',
        eventName: 'DetachRolePolicy',
        requestParameters: { roleName: 'shop', policyArn: 'arn:aws:iam::1:policy/cordon/Q' },
      },
    ],
  ])('when %s', (_words, detail) => {
    expect(read(detail)).toBeUndefined();
  });

  it('but a call of Cordon’s own role that is denied is told', () => {
    expect(read({ ...by(ownRole), errorCode: 'AccessDenied' })).toMatchObject({ result: 'denied' });
  });
});

it('an event without its name is an error that says which field is missing', () => {
  expect(() => read({ eventName: 7 })).toThrow('detail.eventName: wanted text, got 7');
});
