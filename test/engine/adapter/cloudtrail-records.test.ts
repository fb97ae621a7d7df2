import { setTimeout as sleep } from 'node:timers/promises';
import { CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateUserCommand,
  GetRoleCommand,
  IAMClient,
  ListRolesCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, type Keys, startEngine } from './engine.ts';
import { account, allow, assume, makeRole, outcome } from './world.ts';

describe('a CloudTrail record', () => {
  let engine: Engine;
  let trail: CloudTrailClient;
  let session: Keys;
  const lookup = async (
    key: 'EventId' | 'EventName' | 'Username' | 'ResourceName',
    value: string,
  ): Promise<Event[]> =>
    (
      await trail.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: key, AttributeValue: value }],
        }),
      )
    ).Events ?? [];
  const record = (event: Event | undefined) => JSON.parse(event?.CloudTrailEvent ?? '{}');

  beforeAll(async () => {
    engine = await startEngine();
    trail = new CloudTrailClient(engine.client());
    const role = await makeRole(
      engine,
      'worker',
      [allow('s3:*'), allow('iam:GetRole'), allow('iam:TagRole')],
      { path: '/app/' },
    );
    session = await assume(engine, role, 'scan-service');
  });
  afterAll(() => engine.stop());

  test('of a denied call names the session, its role with path, and the error', async () => {
    await outcome(new IAMClient(engine.client(session)).send(new ListRolesCommand({})));

    const [event] = await lookup('EventName', 'ListRoles');

    expect(event).toMatchObject({
      Username: 'scan-service',
      EventSource: 'iam.amazonaws.com',
      AccessKeyId: session.accessKeyId,
      ReadOnly: 'true',
    });
    expect(record(event)).toMatchObject({
      eventVersion: '1.11',
      errorCode: 'AccessDenied',
      errorMessage: expect.stringContaining('is not authorized to perform: iam:ListRoles'),
      userIdentity: {
        type: 'AssumedRole',
        principalId: expect.stringMatching(/^AROA\w+:scan-service$/),
        arn: `arn:aws:sts::${account}:assumed-role/worker/scan-service`,
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            arn: `arn:aws:iam::${account}:role/app/worker`,
            userName: 'worker',
          },
        },
      },
      readOnly: true,
      managementEvent: true,
      eventCategory: 'Management',
      recipientAccountId: account,
      awsRegion: 'us-east-1',
      eventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
  });

  test('has the parameters as AWS spells them, and can be looked up by its resource', async () => {
    const iam = new IAMClient(engine.client(session));
    await iam.send(new TagRoleCommand({ RoleName: 'worker', Tags: [{ Key: 'a', Value: 'b' }] }));
    await iam.send(new GetRoleCommand({ RoleName: 'worker' }));

    const events = await lookup('ResourceName', 'worker');

    expect(events.map((event) => event.EventName)).toEqual([
      'GetRole',
      'TagRole',
      'PutRolePolicy',
      'CreateRole',
    ]);
    expect(record(events[1])).toMatchObject({
      requestParameters: { roleName: 'worker', tags: [{ key: 'a', value: 'b' }] },
      readOnly: false,
    });
  });

  test('of AssumeRole tells whose keys were given, without the secret', async () => {
    const [event] = await lookup('EventName', 'AssumeRole');

    expect(record(event)).toMatchObject({
      eventSource: 'sts.amazonaws.com',
      userIdentity: { type: 'Root', arn: `arn:aws:iam::${account}:root` },
      responseElements: {
        credentials: { accessKeyId: session.accessKeyId },
        assumedRoleUser: { arn: `arn:aws:sts::${account}:assumed-role/worker/scan-service` },
      },
    });
    expect(event?.CloudTrailEvent).not.toContain(session.secretAccessKey);
    expect(event?.CloudTrailEvent).not.toContain(session.sessionToken);
  });

  test('of a data event stays out of Event history, and is there for a drill', async () => {
    await sleep(5); // the calls of the test before are older than that
    const since = Date.now();
    const s3 = new S3Client(engine.client(session));
    const lambda = new LambdaClient(engine.client());
    await s3.send(new CreateBucketCommand({ Bucket: 'loot' }));
    await s3.send(
      new PutObjectCommand({ Bucket: 'loot', Key: 'customers/1.csv', Body: 'secret body' }),
    );
    await outcome(s3.send(new GetBucketPolicyCommand({ Bucket: 'loot' })));
    await outcome(
      lambda.send(
        new InvokeCommand({ FunctionName: 'nobody', Payload: '{"functionName":"secret body"}' }),
      ),
    );
    await outcome(lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'nobody' })));
    await outcome(
      new DynamoDBClient(engine.client(session)).send(
        new PutItemCommand({ TableName: 'customers', Item: { pk: { S: 'secret body' } } }),
      ),
    );

    const records = await engine.get(`/_cordon/cloudtrail?since=${since}`);

    expect(records).toMatchObject([
      {
        eventName: 'CreateBucket',
        eventSource: 's3.amazonaws.com',
        requestParameters: { bucketName: 'loot' },
        managementEvent: true,
      },
      {
        eventName: 'PutObject',
        eventCategory: 'Data',
        requestParameters: { bucketName: 'loot', key: 'customers/1.csv' },
        managementEvent: false,
      },
      { eventName: 'GetBucketPolicy', errorCode: 'NoSuchBucketPolicy' },
      {
        eventName: 'Invoke',
        eventCategory: 'Data',
        errorCode: 'ResourceNotFoundException',
        requestParameters: { functionName: 'nobody' },
      },
      { eventName: 'GetFunctionConfiguration20150331v2', eventCategory: 'Management' },
      {
        eventName: 'PutItem',
        eventCategory: 'Data',
        errorCode: 'AccessDenied',
        requestParameters: { tableName: 'customers' },
      },
    ]);
    expect(JSON.stringify(records)).not.toContain('secret body');
    expect(await lookup('EventName', 'PutObject')).toEqual([]);
    expect(await lookup('EventName', 'CreateBucket')).toHaveLength(1);
  });

  test('is there whatever a caller says, and holds no secret that a user types in', async () => {
    const credential = 'Credential=AKIANOBODY/20261121/us-east-1';
    const from = (service: string) =>
      `AWS4-HMAC-SHA256 ${credential}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const send = (headers: Record<string, string>, body: string) =>
      fetch(engine.endpoint, { method: 'POST', headers, body });
    const form = 'application/x-www-form-urlencoded';
    await send(
      { 'content-type': form, authorization: from('iam') },
      `Action=ListUserTags&UserName.²=x&member=y&${'a.'.repeat(2_000)}=z`,
    );
    const json = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSStepFunctions.ListActivities',
    };
    await send(
      { ...json, authorization: from('states') },
      `${'{"a":'.repeat(600)}1${'}'.repeat(600)}`,
    );
    const answer = JSON.stringify({
      ClientId: 'nobody',
      ChallengeResponses: { NEW_PASSWORD: 'secret body' },
    });
    const signIn = {
      ...json,
      'x-amz-target': 'AWSCognitoIdentityProviderService.RespondToAuthChallenge',
    };
    await send({ ...signIn, authorization: from('cognito-idp') }, answer);

    for (const name of ['ListUserTags', 'ListActivities'])
      expect(await lookup('EventName', name)).toHaveLength(1);
    const [event] = await lookup('EventName', 'RespondToAuthChallenge');
    expect(record(event).requestParameters).toEqual({
      clientId: 'nobody',
      challengeResponses: 'HIDDEN_DUE_TO_SECURITY_REASONS',
    });
  });

  test('is given in pages that new events do not shift', async () => {
    const iam = new IAMClient(engine.client());
    for (let index = 0; index < 5; index += 1)
      await iam.send(new CreateUserCommand({ UserName: `u${index}` }));
    const filter = {
      LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue: 'CreateUser' }],
      MaxResults: 2,
    };

    const newest = await trail.send(new LookupEventsCommand(filter));
    await iam.send(new CreateUserCommand({ UserName: 'late' }));
    const second = await trail.send(
      new LookupEventsCommand({ ...filter, NextToken: newest.NextToken }),
    );
    const third = await trail.send(
      new LookupEventsCommand({ ...filter, NextToken: second.NextToken }),
    );

    const names = [newest, second, third].map((page) =>
      page.Events?.map((event) => record(event).requestParameters.userName),
    );
    expect(names).toEqual([['u4', 'u3'], ['u2', 'u1'], ['u0']]);
    expect(third.NextToken).toBeUndefined();
  });

  test('is looked up by a single attribute, at most 50 at a time', async () => {
    const two = [
      { AttributeKey: 'EventName' as const, AttributeValue: 'a' },
      { AttributeKey: 'Username' as const, AttributeValue: 'b' },
    ];

    expect(await outcome(trail.send(new LookupEventsCommand({ LookupAttributes: two })))).toBe(
      'InvalidLookupAttributesException',
    );
    expect(await outcome(trail.send(new LookupEventsCommand({ MaxResults: 51 })))).toBe(
      'InvalidMaxResultsException',
    );
    expect(await outcome(trail.send(new LookupEventsCommand({ NextToken: 'made-up' })))).toBe(
      'InvalidNextTokenException',
    );
  });

  test('can be looked up by its id', async () => {
    const [role] = await lookup('EventName', 'CreateRole');

    expect(await lookup('EventId', role?.EventId ?? '')).toEqual([role]);
    expect(await lookup('EventId', 'made-up')).toEqual([]);
  });

  test('is in the time range that was asked for', async () => {
    const dynamo = new DynamoDBClient(engine.client());
    const table = {
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
    };
    await dynamo.send(
      new CreateTableCommand({ TableName: 'timed', BillingMode: 'PAY_PER_REQUEST', ...table }),
    );
    const ask = async (from: number, to: number) =>
      (
        await trail.send(
          new LookupEventsCommand({ StartTime: new Date(from), EndTime: new Date(to) }),
        )
      ).Events?.map((event) => event.EventName);

    const hour = 3_600_000;
    expect(await ask(Date.now() - hour, Date.now() + hour)).toContain('CreateTable');
    expect(await ask(Date.now() - 2 * hour, Date.now() - hour)).toEqual([]);
  });
});

test('a full history forgets its oldest records under every attribute', async () => {
  const engine = await startEngine({ env: { CLOUDTRAIL_MAX_EVENTS: '5' } });
  try {
    const [iam, trail] = [new IAMClient(engine.client()), new CloudTrailClient(engine.client())];
    for (let index = 0; index < 7; index += 1)
      await iam.send(new CreateUserCommand({ UserName: `u${index}` }));
    const lookup = async (AttributeKey: 'EventName' | 'ResourceName', AttributeValue: string) =>
      (
        await trail.send(
          new LookupEventsCommand({ LookupAttributes: [{ AttributeKey, AttributeValue }] }),
        )
      ).Events ?? [];
    const users = (events: Event[]) => events.map(({ Resources }) => Resources?.[0]?.ResourceName);

    expect(users(await lookup('EventName', 'CreateUser'))).toEqual(['u6', 'u5', 'u4', 'u3', 'u2']);
    // Each lookup is a record, too, and takes the place of the oldest.
    expect(users(await lookup('ResourceName', 'u2'))).toEqual([]);
    expect(users(await lookup('ResourceName', 'u4'))).toEqual(['u4']);
    expect((await trail.send(new LookupEventsCommand({}))).Events).toHaveLength(5);
    expect(await engine.get('/_cordon/cloudtrail?since=0')).toHaveLength(5);
  } finally {
    await engine.stop();
  }
});
