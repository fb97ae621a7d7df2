import { GetRoleCommand } from '@aws-sdk/client-iam';
import {
  GetFunctionCommand,
  GetPolicyCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListFunctionUrlConfigsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { functionCallers } from '../../../../responders/decide/function-callers.ts';
import {
  functionsOfRole,
  readFunction,
  readFunctionFacts,
} from '../../../../responders/decide/function-reads.ts';
import { readCallers } from '../../../../responders/decide/kinds.ts';
import { readRole } from '../../../../responders/decide/role-reads.ts';
import type { Suspect } from '../../../../responders/incident/suspect.ts';
import { aFunction, aRole, aWorld, fakeAccount } from '../../../support/fakes/account.ts';

const deadlines = { factsMs: 60_000, neighboursMs: 60_000 };
const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });

const trusting = (statement: unknown, roleName = 'orders-role') => {
  const trust =
    typeof statement === 'string' ? statement : JSON.stringify({ Statement: statement });
  const { aws } = fakeAccount(aWorld({ roles: new Map([[roleName, aRole({ trust })]]) }));
  return readRole(roleName, aws);
};
const service = (...names: readonly string[]) => ({ Principal: { Service: names } });
const pod = (over: object = {}) => ({
  Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.eks' },
  Condition: { StringEquals: { 'oidc.eks:sub': 'system:serviceaccount:shop:orders' } },
  ...over,
});

describe('who may assume a role', () => {
  it.each<[string, unknown, object]>([
    ['functions', service('lambda.amazonaws.com'), { admitsLambda: true, otherTrust: [] }],
    [
      'functions and others, in one statement or several',
      [service('lambda.amazonaws.com', 'ec2.amazonaws.com'), { Principal: '*' }],
      { admitsLambda: true, otherTrust: ['ec2.amazonaws.com', '*'] },
    ],
    [
      'a statement without a principal',
      [{}],
      { admitsLambda: false, otherTrust: ['undefined'], usedBy: null },
    ],
    ['nobody', undefined, { admitsLambda: false, otherTrust: [], usedBy: null }],
    [
      'people with a provider of their own',
      { Principal: { Federated: 'arn:aws:iam::111122223333:saml-provider/idp' } },
      { usedBy: 'people' },
    ],
    ['one pod', pod(), { usedBy: 'pod' }],
    [
      'several pods',
      pod({ Condition: { StringEquals: { 'oidc.eks:sub': ['a', 'b'] } } }),
      { usedBy: null },
    ],
    ['any pod', pod({ Condition: { StringEquals: { 'oidc.eks:aud': 'sts' } } }), { usedBy: null }],
    ['any pod at all', pod({ Condition: undefined }), { usedBy: null }],
    [
      'pods whose names are only alike',
      pod({ Condition: { StringLike: { 'oidc.eks:sub': 'system:*' } } }),
      { usedBy: null },
    ],
    ['a pod in two statements', [pod(), pod()], { usedBy: null }],
    [
      'a pod and another',
      pod({ Principal: { Federated: ['arn:aws:iam::1:oidc-provider/a', 'x'] } }),
      { usedBy: null },
    ],
    [
      'a service with the condition of a pod',
      pod({ Principal: { Service: 'ec2.amazonaws.com' } }),
      { usedBy: null },
    ],
  ])('%s', async (_what, statement, expected) => {
    expect(await trusting(statement)).toMatchObject(expected);
  });

  it('is people where Identity Center made the role', async () => {
    const role = 'AWSReservedSSO_Admin_1';
    expect((await trusting(service('lambda.amazonaws.com'), role)).usedBy).toBe('people');
    const other = 'my-AWSReservedSSO_Admin_1';
    expect((await trusting(service('lambda.amazonaws.com'), other)).usedBy).toBeNull();
  });

  it.each(['no JSON', '%'])('is the worst where the policy cannot be read: %j', async (trust) => {
    expect(await trusting(trust)).toMatchObject({
      admitsLambda: true,
      otherTrust: ['a trust policy that could not be read'],
      usedBy: null,
    });
  });

  it('is nothing that an answer without a role could say', async () => {
    const { aws, iam } = fakeAccount();
    iam.on(GetRoleCommand).resolves({});
    expect(await readRole('orders-role', aws)).toMatchObject({
      arn: '',
      id: '',
      tags: {},
      createdAt: null,
      otherTrust: ['a trust policy that could not be read'],
    });
    iam.on(GetRoleCommand).resolves({
      Role: {
        ...{ Arn: 'a', RoleId: 'i', Path: '/', RoleName: 'r', CreateDate: new Date(5) },
        Tags: [{ Key: 'k', Value: 'v' }, {} as never],
      },
    });
    expect(await readRole('orders-role', aws)).toMatchObject({
      ...{ arn: 'a', id: 'i', createdAt: 5 },
      tags: { k: 'v', '': '' },
    });
  });
});

describe('a function', () => {
  const world = () =>
    aWorld({
      functions: new Map([
        ['orders', aFunction()],
        ['bills', aFunction({ changed: 'never' })],
        ['other', aFunction({ role: 'other-orders-role' })],
      ]),
    });

  it('is read with its code, and with nothing where AWS says nothing', async () => {
    const { aws, lambda } = fakeAccount();
    lambda.on(GetFunctionCommand).resolves({
      Configuration: { FunctionArn: 'a', Role: 'r', CodeSha256: 'c' },
      Tags: { k: 'v' },
    });
    expect(await readFunction({ functionName: 'orders' }, aws)).toEqual({
      ...{ arn: 'a', roleArn: 'r', codeSha256: 'c' },
      tags: { k: 'v' },
    });
    lambda.on(GetFunctionCommand).resolves({});
    expect(await readFunction({ functionName: 'orders' }, aws)).toEqual({
      ...{ arn: '', roleArn: '', tags: {}, codeSha256: undefined },
    });
  });

  it('has as neighbours the functions with exactly its role, itself apart', async () => {
    const { aws } = fakeAccount(world());
    const { neighbours } = await readFunctionFacts(
      { functionName: 'orders', roleName: 'orders-role', regions: [undefined] },
      aws,
      deadlines,
    );
    expect(neighbours).toMatchObject({ ok: true, value: [{ name: 'bills', changedAt: null }] });
    expect((await functionsOfRole('orders-role', aws)).map(({ name }) => name)).toEqual([
      'orders',
      'bills',
    ]);
  });

  it('has unknown neighbours where the list cannot be read', async () => {
    const { aws, lambda } = fakeAccount(world());
    lambda.on(ListFunctionsCommand).rejects(denied);
    const reads = await readFunctionFacts(
      { functionName: 'orders', roleName: 'orders-role', regions: [undefined] },
      aws,
      deadlines,
    );
    expect(reads.neighbours).toMatchObject({ ok: false, why: expect.stringContaining('no') });
    lambda.on(ListFunctionsCommand).resolves({ Functions: [{}, { Role: 'a/orders-role' }] });
    expect(await functionsOfRole('orders-role', aws)).toEqual([
      { name: '', arn: '', changedAt: null },
    ]);
    lambda.on(ListFunctionsCommand).resolves({});
    expect(await functionsOfRole('orders-role', aws)).toEqual([]);
  });

  it('is taken from the region where it has the role; an unreadable region goes before others', async () => {
    const named = { functionName: 'orders', roleName: 'orders-role' };
    const regions = [undefined, 'us-east-1'] as const;
    const { aws, lambda, further } = fakeAccount(world(), ['us-east-1']);
    const chosen = async () => {
      const { region, function: read } = await readFunctionFacts(
        { ...named, regions },
        aws,
        deadlines,
      );
      return [region, read.ok];
    };
    const says = (roleName: string) => ({ Configuration: { Role: `arn/${roleName}` } });
    lambda.on(GetFunctionCommand).resolves(says('other'));
    further.on(GetFunctionCommand).resolves(says('orders-role'));
    expect(await chosen()).toEqual(['us-east-1', true]);

    further.on(GetFunctionCommand).rejects(denied);
    expect(await chosen()).toEqual(['us-east-1', false]);

    const missing = new ResourceNotFoundException({ message: 'gone', $metadata: {} });
    further.on(GetFunctionCommand).rejects(missing);
    expect(await chosen()).toEqual([undefined, true]);

    lambda.on(GetFunctionCommand).rejects(missing);
    expect(await chosen()).toEqual([undefined, false]);
  });
});

describe('what calls or feeds a function', () => {
  const orders: Suspect = {
    ...{ kind: 'function', functionName: 'orders', roleName: 'orders-role' },
    sharing: 'sole',
  };
  const arn = (name: string) => `arn:aws:${name}`;
  const fed = (EventSourceArn: string | undefined, State = 'Enabled', UUID = EventSourceArn) => ({
    ...{ State, UUID },
    ...(EventSourceArn !== undefined && { EventSourceArn }),
  });

  it('is named: public URL, signed URL, queues and streams that are on, and invokers', async () => {
    const { aws, lambda } = fakeAccount();
    lambda.on(GetPolicyCommand).resolves({
      Policy: JSON.stringify({
        Statement: [{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' } }],
      }),
    });
    lambda.on(ListFunctionUrlConfigsCommand).resolves({
      FunctionUrlConfigs: [{ AuthType: 'NONE' }, { AuthType: 'AWS_IAM' }] as never,
    });
    lambda.on(ListEventSourceMappingsCommand).resolves({
      EventSourceMappings: [
        fed(arn('sqs:eu-west-1:1:orders')),
        fed(arn('kinesis:eu-west-1:1:stream/clicks')),
        fed(arn('dynamodb:eu-west-1:1:table/t')),
        fed(arn('kafka:eu-west-1:1:cluster/c')),
        fed(arn('sqs:eu-west-1:1:off'), 'Disabled'),
        fed('odd'),
        fed(undefined),
      ],
    });
    expect(await readCallers(orders, aws)).toEqual([
      ...['s3', 'its public URL', 'its URL for signed calls', 'queue orders'],
      ...['stream stream/clicks', 'stream table/t', 'event source cluster/c'],
      ...['event source odd', 'event source '],
    ]);
  });

  it('is nothing without a resource policy, and an error where the policy cannot be read', async () => {
    const { aws, lambda } = fakeAccount();
    lambda.on(ListFunctionUrlConfigsCommand).resolves({});
    lambda.on(ListEventSourceMappingsCommand).resolves({});
    expect(await functionCallers.read(orders, aws)).toEqual([]);
    lambda.on(GetPolicyCommand).resolves({});
    expect(await functionCallers.read(orders, aws)).toEqual([]);
    lambda.on(GetPolicyCommand).rejects(denied);
    await expect(functionCallers.read(orders, aws)).rejects.toThrow('no');
    expect(await functionCallers.read({ kind: 'user', userName: 'u' }, aws)).toEqual([]);
  });

  it('is no more than an incident holds: 100 names of 200 letters, each once', async () => {
    const { aws, lambda } = fakeAccount();
    lambda.on(ListFunctionUrlConfigsCommand).resolves({
      FunctionUrlConfigs: [{ AuthType: 'NONE' }, { AuthType: 'NONE' }] as never,
    });
    lambda.on(ListEventSourceMappingsCommand).resolves({
      EventSourceMappings: Array.from({ length: 150 }, (_, index) =>
        fed(arn(`sqs:r:1:${index}-${'x'.repeat(250)}`)),
      ),
    });
    const callers = await functionCallers.read(orders, aws);
    expect(callers).toHaveLength(100);
    expect(callers.slice(0, 2)).toEqual(['its public URL', `queue 0-${'x'.repeat(192)}`]);
  });
});
