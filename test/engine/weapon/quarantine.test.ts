import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { buildSync } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { templatePolicy } from '../../support/engine/account.ts';
import { borrowed, type Deployed, outputOf } from '../../support/engine/deployed.ts';
import { independent } from '../../support/engine/evaluator.ts';
import { sessionOf, verdict } from '../../support/engine/keys.ts';
import { makeRole } from '../../support/engine/workload.ts';

type Policy = 'Role' | 'Function';
type What = 'read' | 'log' | 'others' | 'group';

interface Case {
  readonly words: string;
  readonly wanted: 'allowed' | 'denied';
  /** The name of the function, which is that of its session. */
  readonly who: string;
  /** In Lambda, or with the session's keys somewhere else. */
  readonly from: 'inside' | 'outside';
  readonly tags?: Readonly<Record<string, string>>;
  readonly policy?: Policy;
  readonly what?: What;
}

const everything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};
const groupOf = (name: string): string => `/aws/lambda/${name}`;
const other = '/quarantine/test';
const groupArn = (name: string): string => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`;
/** The evaluator takes a log line, because it does not match a resource that ends with a star. */
const lineIn = (group: string) => ({
  action: 'logs:PutLogEvents',
  resource: `${groupArn(group)}:log-stream:s`,
});
const requests: Readonly<
  Record<What, (who: string) => { readonly action: string; readonly resource: string }>
> = {
  read: () => ({ action: 's3:ListBucket', resource: 'arn:aws:s3:::quarantine-test' }),
  log: (who) => lineIn(groupOf(who)),
  others: () => lineIn(other),
  group: () => ({ action: 'logs:CreateLogGroup', resource: `${groupArn('/another')}:*` }),
};

const slot = (number: number, name = 'culprit') => ({ [`cordon-quarantined-${number}`]: name });
const full = { ...slot(1, 'one'), ...slot(2, 'two'), ...slot(3, 'culprit') };
const both = (
  words: string,
  wanted: Case['wanted'],
  rest: Omit<Case, 'words' | 'wanted' | 'from'>,
): Case[] =>
  (['inside', 'outside'] as const).map((from) => ({
    words: `${words}, ${from === 'inside' ? 'in Lambda' : 'with keys carried away'}`,
    wanted,
    from,
    ...rest,
  }));

const cases: readonly Case[] = [
  ...[1, 2, 3].flatMap((number) =>
    both(`the culprit in slot ${number}`, 'denied', { who: 'culprit', tags: slot(number) }),
  ),
  ...[1, 2, 3].flatMap((number) =>
    both(`the neighbour of slot ${number}`, 'allowed', { who: 'neighbour', tags: slot(number) }),
  ),
  ...both('the third of three', 'denied', { who: 'culprit', tags: full }),
  ...both('the neighbour of three', 'allowed', { who: 'neighbour', tags: full }),
  ...both('nobody, when the role has no tags', 'allowed', { who: 'culprit' }),
  ...both('a longer name', 'allowed', { who: 'culprit-2', tags: slot(1) }),
  ...both('a name that ends alike', 'allowed', { who: 'not-the-culprit', tags: slot(1) }),
  ...both('a shorter name', 'allowed', { who: 'culpri', tags: slot(1) }),
  ...both('a star in a tag', 'allowed', { who: 'neighbour', tags: slot(1, '*') }),
  ...both('a tag of another key', 'allowed', {
    who: 'culprit',
    tags: { 'cordon-quarantined-4': 'culprit' },
  }),
  ...both('the culprit’s own log lines', 'allowed', { who: 'culprit', tags: slot(1), what: 'log' }),
  ...both('a log group that is not the culprit’s', 'denied', {
    who: 'culprit',
    tags: slot(1),
    what: 'others',
  }),
  ...both('a new log group of the culprit', 'denied', {
    who: 'culprit',
    tags: slot(1),
    what: 'group',
  }),
  ...both('whoever has the role', 'denied', { who: 'anybody', policy: 'Role' }),
  {
    words: 'the log lines of whoever has the role, in Lambda',
    wanted: 'allowed',
    who: 'anybody',
    from: 'inside',
    policy: 'Role',
    what: 'log',
  },
  {
    words: 'the log lines of whoever has the role, with keys carried away',
    wanted: 'denied',
    who: 'anybody',
    from: 'outside',
    policy: 'Role',
    what: 'log',
  },
  ...both('a log group of no function, for whoever has the role', 'denied', {
    who: 'anybody',
    policy: 'Role',
    what: 'others',
  }),
  ...both('a new log group of whoever has the role', 'denied', {
    who: 'anybody',
    policy: 'Role',
    what: 'group',
  }),
];

const probe = `
import { CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
const stream = (logGroupName) => new CloudWatchLogsClient({}).send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' + Math.random() }));
const calls = {
  read: () => new S3Client({ forcePathStyle: true }).send(new ListObjectsV2Command({ Bucket: 'quarantine-test' })),
  log: () => stream('/aws/lambda/' + process.env.AWS_LAMBDA_FUNCTION_NAME),
  others: () => stream('${other}'),
  group: () => new CloudWatchLogsClient({}).send(new CreateLogGroupCommand({ logGroupName: '/another' + Math.random() })),
};
export const handler = async ({ what }) => {
  console.log(what);
  return calls[what]().then(() => 'allowed', ({ name, message }) => /^AccessDenied/.test(name) ? 'denied' : name + ': ' + message);
};`;

let cordon: Deployed;
let code: Buffer;
const policies: Partial<Record<Policy, unknown>> = {};
beforeAll(async () => {
  const stdin = { contents: probe, resolveDir: import.meta.dirname };
  const { outputFiles } = buildSync({
    stdin,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    write: false,
  });
  code = zipOf([{ name: 'index.mjs', data: Buffer.from(outputFiles[0]?.contents ?? '') }]);
  cordon = await borrowed();
  for (const name of ['Role', 'Function'] as const)
    policies[name] = await templatePolicy(cordon, `CordonQuarantine${name}`);
  await new S3Client(clientConfig(cordon)).send(
    new CreateBucketCommand({ Bucket: 'quarantine-test' }),
  );
  await new CloudWatchLogsClient(clientConfig(cordon)).send(
    new CreateLogGroupCommand({ logGroupName: other }),
  );
});
/** A role that may do everything, with one of the two policies attached. */
const roleFor = async (name: string, { tags = {}, policy = 'Function' }: Case): Promise<string> => {
  const arn = await makeRole(cordon, name, {
    tags,
    attached: [outputOf(cordon, `Quarantine${policy}PolicyArn`)],
  });
  await new IAMClient(clientConfig(cordon)).send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: 'everything',
      PolicyDocument: JSON.stringify(everything),
    }),
  );
  return arn;
};

const inLambda = async (Role: string, FunctionName: string, what: What): Promise<string> => {
  const lambda = new LambdaClient(clientConfig(cordon));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 20,
      Code: { ZipFile: code },
    }),
  );
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify({ what }) }),
  );
  await lambda.send(new DeleteFunctionCommand({ FunctionName }));
  return String(JSON.parse(Buffer.from(Payload ?? []).toString()));
};

const elsewhere = (keys: Credentials, who: string, what: What): Promise<string> => {
  const config = clientConfig(cordon, keys);
  const logs = new CloudWatchLogsClient(config);
  const stream = (logGroupName: string) =>
    logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: `s${Math.random()}` }));
  const calls = {
    read: () => new S3Client(config).send(new ListObjectsV2Command({ Bucket: 'quarantine-test' })),
    log: () => stream(groupOf(who)),
    others: () => stream(other),
    group: () => logs.send(new CreateLogGroupCommand({ logGroupName: `/another${Math.random()}` })),
  };
  return verdict(calls[what]);
};

const evaluated = (
  { who, from, tags = {}, policy = 'Function', what = 'read' }: Case,
  source = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${who}`,
) =>
  independent(
    `arn:aws:sts::${ACCOUNT}:assumed-role/any/${who}`,
    [
      { name: 'everything', document: everything },
      { name: 'quarantine', document: policies[policy] },
    ],
    {
      ...requests[what](who),
      context: {
        'aws:userid': `AROAEXAMPLE:${who}`,
        ...Object.fromEntries(
          Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
        ),
        ...(from === 'inside' && { 'lambda:SourceFunctionArn': source }),
      },
    },
  );

it.each(cases.map((one, number) => ({ ...one, one, number })))(
  '$wanted: $words',
  async ({ one, number, who, from, what = 'read', wanted }) => {
    const role = `quarantined-${number}`;
    const arn = await roleFor(role, one);

    const engine =
      from === 'inside'
        ? await inLambda(arn, who, what)
        : await elsewhere(await sessionOf(cordon, role, who), who, what);

    expect({ engine, evaluator: await evaluated(one) }).toEqual({
      engine: wanted,
      evaluator: wanted,
    });
  },
);

it('a function of the same name in another account is another function', async () => {
  // No engine needed: AWS lets no function run with a role of another account, so only the
  // evaluator can be asked.
  const one: Case = {
    words: '',
    wanted: 'allowed',
    who: 'neighbour',
    from: 'inside',
    tags: slot(1),
  };
  const name = (account: string): string => `arn:aws:lambda:${REGION}:${account}:function:culprit`;

  expect([await evaluated(one, name(ACCOUNT)), await evaluated(one, name('999999999999'))]).toEqual(
    ['denied', 'allowed'],
  );
});

it('an unused slot denies nobody, not even a neighbour that is called none: its default is no name of a function', async () => {
  const one: Case = { words: '', wanted: 'allowed', who: 'none', from: 'inside', tags: slot(1) };
  const arn = await roleFor('called-none', one);

  expect({ engine: await inLambda(arn, 'none', 'read'), evaluator: await evaluated(one) }).toEqual({
    engine: 'allowed',
    evaluator: 'allowed',
  });
});
