import { expect, it } from 'vitest';
import { writesIn } from '../../../../tools/bench/witness.ts';

const role = 'arn:aws:sts::1:assumed-role/cordon-contain/ContainmentLambda';
const record = (over: object) => ({
  eventSource: 'iam.amazonaws.com',
  eventName: 'AttachRolePolicy',
  managementEvent: true,
  readOnly: false,
  userIdentity: { type: 'AssumedRole', arn: role },
  requestParameters: { roleName: 'orders-role' },
  ...over,
});

it('a call that can change IAM or Lambda is a write, with who made it and what it is about', () => {
  const made = [
    record({}),
    record({
      eventSource: 'lambda.amazonaws.com',
      eventName: 'PutFunctionConcurrency20171031',
      requestParameters: { functionName: 'orders' },
      errorCode: 'AccessDenied',
    }),
    record({ userIdentity: { type: 'Root', arn: 'arn:aws:iam::1:root' }, requestParameters: null }),
  ];
  expect(writesIn(made)).toEqual([
    { call: 'iam:AttachRolePolicy', by: role, about: 'orders-role' },
    { call: 'lambda:PutFunctionConcurrency20171031', by: role, about: 'orders' },
    { call: 'iam:AttachRolePolicy', by: 'root', about: '' },
  ]);
});

it.each([
  ['a read', { readOnly: true }],
  ['a call of a function', { eventSource: 'lambda.amazonaws.com', managementEvent: false }],
  ['another service', { eventSource: 'dynamodb.amazonaws.com' }],
  ['a service with a similar name', { eventSource: 'xiam.amazonaws.com' }],
])('%s is none', (_what, over) => {
  expect(writesIn([record(over)])).toEqual([]);
});

it('what does not say whether it reads counts as a write', () => {
  const { readOnly: _readOnly, ...silent } = record({});
  expect(writesIn([silent])).toHaveLength(1);
});
