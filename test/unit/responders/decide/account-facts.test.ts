import { GetLoginProfileCommand, GetRoleCommand, GetUserCommand } from '@aws-sdk/client-iam';
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
import { kinds, possibleSuspects, readCallers } from '../../../../responders/decide/kinds.ts';
import { readRole } from '../../../../responders/decide/role-reads.ts';
import { sessionFacts } from '../../../../responders/decide/session-kind.ts';
import type { Named, NamedRoleSession } from '../../../../responders/finding/identify.ts';
import type { Suspect } from '../../../../responders/incident/suspect.ts';
import { aFunction, aRole, aUser, aWorld, fakeAccount } from '../../../support/fakes/account.ts';
import { ok, roleFacts } from '../../../support/responders/decide/input.ts';

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

describe('a user', () => {
  const named: Named = { kind: 'user', userName: 'deploy', claimed: { userId: 'AIDA1' } };
  const factsOf = (world = aWorld({ users: new Map([['deploy', aUser({ id: 'AIDA1' })]]) })) => {
    const account = fakeAccount(world);
    const read = () =>
      kinds
        .map((kind) => kind.facts(named, account.aws, deadlines))
        .find((facts) => facts !== undefined);
    return { ...account, read };
  };

  it('is proven by its id, asks where it has a password, and contradicts with another id', async () => {
    const { read, world } = factsOf();
    expect((await read())?.confirmed).toEqual({
      suspect: {
        kind: 'user',
        userName: 'deploy',
        arn: 'arn:aws:iam::111122223333:user/deploy',
        userId: 'AIDA1',
      },
      arns: ['arn:aws:iam::111122223333:user/deploy'],
      tags: [{ 'cordon:drill': 'allowed' }],
      parts: 'user',
      contradiction: null,
      proof: 'the user is proven by its id',
    });
    world.users.set('deploy', aUser({ id: 'AIDA2', hasPassword: true }));
    expect((await read())?.confirmed).toMatchObject({
      contradiction:
        'the finding’s user id is not that of deploy: the user may have been deleted and made again',
      asks: 'user deploy has a console password, so it may be a person',
    });
  });

  it('that is gone is not asked for its password; one that cannot be read is not confirmed', async () => {
    const { read, world, iam } = factsOf();
    iam.on(GetLoginProfileCommand).rejects(denied);
    expect(await read()).toMatchObject({
      reads: { user: { ok: true }, 'console password': { ok: false, missing: false } },
      confirmed: null,
    });
    world.users.delete('deploy');
    const gone = await read();
    expect(Object.keys(gone?.reads ?? {})).toEqual(['user']);
    expect(gone?.confirmed).toBeNull();
    iam.on(GetUserCommand).rejects(denied);
    expect(Object.keys((await read())?.reads ?? {})).toEqual(['user', 'console password']);
  });

  it('of which AWS says nothing has no name and no tags', async () => {
    const { read, iam } = factsOf();
    iam.on(GetUserCommand).resolves({});
    expect((await read())?.confirmed).toMatchObject({ arns: [''], tags: [{}] });
    iam.on(GetUserCommand).resolves({ User: { Tags: [{}] } as never });
    expect((await read())?.confirmed).toMatchObject({ tags: [{ '': '' }] });
  });

  it('is what its name may stand for, and no other kind', () => {
    expect(possibleSuspects(named, { further: new Map() })).toEqual([
      { kind: 'user', userName: 'deploy' },
    ]);
  });
});

describe('a session', () => {
  const session = (over: Partial<NamedRoleSession> = {}): NamedRoleSession => ({
    ...{ kind: 'session', roleName: 'web-role', sessionName: 'i-1', region: 'eu-west-1' },
    since: null,
    claimed: { roleId: 'AROAEXAMPLEEXAMPLE01' },
    ...over,
  });
  const confirmed = (over: Partial<NamedRoleSession>, role: Parameters<typeof roleFacts>[0]) =>
    sessionFacts(session(over), { role: ok(roleFacts({ admitsLambda: false, ...role })) })
      .confirmed;

  it.each<[string, Partial<NamedRoleSession>, Parameters<typeof roleFacts>[0], object]>([
    [
      'with a name is denied alone',
      {},
      {},
      { suspect: { kind: 'session', sessionName: 'i-1' }, proof: 'the role is proven by its id' },
    ],
    [
      'of one pod is denied with the role',
      {},
      { usedBy: 'pod' },
      {
        suspect: { kind: 'role' },
        proof: 'the role is proven by its id, and one service account alone may assume it',
      },
    ],
    ['of people asks', {}, { usedBy: 'people' }, { asks: 'people sign in with role web-role' }],
    [
      'without a name asks about the role',
      { sessionName: null },
      {},
      {
        suspect: { kind: 'role' },
        asks: 'the session has no name that could be denied alone, and a yes denies role web-role',
      },
    ],
    [
      'with a comma in its name asks about the role',
      { sessionName: 'a,b' },
      {},
      { suspect: { kind: 'role' }, asks: expect.stringContaining('a yes denies role') },
    ],
    [
      'without a name, of one pod, asks nobody',
      { sessionName: null },
      { usedBy: 'pod' },
      { suspect: { kind: 'role' } },
    ],
  ])('%s', (_what, over, role, expected) => {
    const known = confirmed(over, role);
    expect(known).toMatchObject(expected);
    if (!('asks' in expected)) expect(known).not.toHaveProperty('asks');
  });

  it('may be a function’s where its name can be one, and the role admits functions', async () => {
    expect(possibleSuspects(session(), { further: new Map() }).map(({ kind }) => kind)).toEqual([
      'function',
      'function',
      'session',
      'role',
    ]);
    expect(
      possibleSuspects(session({ sessionName: 'a.b' }), { further: new Map() }).map(
        ({ kind }) => kind,
      ),
    ).toEqual(['session', 'role']);
    expect(
      possibleSuspects(session({ sessionName: null }), { further: new Map() }).map(
        ({ kind }) => kind,
      ),
    ).toEqual(['role']);
  });
});
