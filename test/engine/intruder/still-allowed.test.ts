// Rows 18, 19, 20, 22 and 23 of the intruder: what goes on after a containment, what of it counts
// against the suspect, and what a flood of denied calls hides.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DeleteUserCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  GetFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeAll, expect, it } from 'vitest';
import { commandAndControl } from '../../../game-day/findings.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import { containByHand } from '../../../operator/contain.ts';
import { injectEvent } from '../../../operator/inject.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { until } from '../../../operator/wait.ts';
import { reportStage } from '../../../responders/incident/stage.ts';
import { contradiction } from '../../../responders/report/words.ts';
import { jsonIn, listAt, numberAt, textAt } from '../../../responders/shared/json.ts';
import { borrowed } from '../../support/engine/deployed.ts';
import { caller, permit, sessionOf, verdict } from '../../support/engine/keys.ts';
import { makeFunction, makeRole } from '../../support/engine/workload.ts';
import { call, folderOfIncident, objectsUnder } from '../evidence/incident.ts';
import { awaited, type Desk, deskOf, mailsWith } from './case.ts';
import { clientsOf } from './clients.ts';
import { expectEvidence } from './evidence.ts';

const functionName = 'still-allowed';
const roleName = `${functionName}-role`;
const hopRole = 'still-allowed-hop';
const flood = 150;

/** Everything but one call, which a flood tries again and again. */
const nearlyEverything = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: 'iam:DeleteUser', Resource: '*' },
  ],
};

let desk: Desk;
let stolen: Credentials;
let chained: Credentials;
/** The incident about the function, which shares its role with an older one. */
let id: string;

const logsAs = (keys: Credentials) => new CloudWatchLogsClient(clientConfig(desk.cordon, keys));
const groupOf = (name: string): string => `/aws/lambda/${name}`;

const deniedCalls = async (): Promise<void> => {
  const { iam } = clientsOf(desk.cordon, stolen);
  for (let number = 0; number < flood; number += 1)
    expect(await verdict(() => iam.send(new DeleteUserCommand({ UserName: 'nobody' })))).toBe(
      'denied',
    );
};

const reported = async (detail: object): Promise<string> => {
  const envelope = { detailType: 'GuardDuty Finding', detail };
  const injected = await injectEvent(desk.place, desk.table, 'default', envelope, {
    within: 120_000,
  });
  if ('refused' in injected) throw new Error(injected.refused);
  return injected.incident.head.id;
};

const findingAboutActivity = (name: string, roleArn: string, began: Date) =>
  commandAndControl({
    ...{ account: ACCOUNT, region: REGION, at: began, functionName: name, roleArn },
    functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
  });

/** A theft, a hop and a flood, then the finding. */
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  const roleArn = await makeRole(cordon, roleName);
  await permit(cordon, roleName, nearlyEverything);
  for (const name of [functionName, `${functionName}-neighbour`])
    await makeFunction(cordon, name, roleArn);
  await caller(cordon, hopRole, nearlyEverything);
  const root = logsAs(cordon.rootKey);
  for (const name of [functionName, `${functionName}-neighbour`])
    await root.send(new CreateLogGroupCommand({ logGroupName: groupOf(name) }));

  stolen = await sessionOf(cordon, roleName, functionName);
  const thief = clientsOf(cordon, stolen);
  await thief.s3.send(new ListBucketsCommand({}));
  const { Credentials: hop } = await thief.sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/${hopRole}`,
      RoleSessionName: 'hop',
    }),
  );
  chained = {
    accessKeyId: hop?.AccessKeyId ?? '',
    secretAccessKey: hop?.SecretAccessKey ?? '',
    sessionToken: hop?.SessionToken ?? '',
  };
  await clientsOf(cordon, chained).iam.send(new GetRoleCommand({ RoleName: roleName }));
  await deniedCalls();
  // The neighbour is older than the activity; CloudTrail's times are whole seconds.
  await sleep(1_000);
  id = await reported(findingAboutActivity(functionName, roleArn, new Date()));
  await awaited(desk, id, 'contained', ({ head }) => head.state === 'contained');
  await awaited(desk, id, 'reported', ({ mails }) => mails.some(({ kind }) => kind === 'report1'));
}, 300_000);

/** What the first report, once it was mailed, says that the containment leaves open. */
const openIn = async (incident: string): Promise<string> => {
  const { stages, mails } = await awaited(desk, incident, 'reported', (it) =>
    it.mails.some(({ kind }) => kind === 'report1'),
  );
  expect(mails.map(({ kind }) => kind)).toContain('flash');
  // One that combines several notices has no details.
  expect(await mailsWith(desk, incident)).not.toEqual([]);
  return (reportStage(stages, 1)?.open ?? []).join('\n');
};

it('row 19: the denied session writes into the log group of its function, and into no other', async () => {
  const write = (name: string) =>
    verdict(() =>
      logsAs(stolen).send(
        new CreateLogStreamCommand({ logGroupName: groupOf(name), logStreamName: 'stolen' }),
      ),
    );

  expect([await write(functionName), await write(`${functionName}-neighbour`)]).toEqual([
    'allowed',
    'denied',
  ]);
});

it('row 23: the denied session still passes GetCallerIdentity, which the report says', async () => {
  const thief = clientsOf(desk.cordon, stolen);
  const said = [
    await verdict(() => thief.sts.send(new GetCallerIdentityCommand({}))),
    await verdict(() => thief.s3.send(new ListBucketsCommand({}))),
  ];

  expect(said).toEqual(['allowed', 'denied']);
  expect(await openIn(id)).toContain('sts:GetCallerIdentity, which AWS never denies');
});

const countOf = (timeline: unknown, action: string): number =>
  listAt(timeline, 'all')
    .filter((event) => textAt(event, 'action') === action)
    .reduce<number>((sum, event) => sum + (numberAt(event, 'count') ?? 1), 0);

/** The second pass, which the state machine makes later; each look asks Athena anew. */
const lookAgain = async (attempt: number): Promise<unknown> => {
  const now = Date.now();
  const input = { incidentId: id, pass: 2, resume: { now, attempt, looks: 99 } };
  await call(desk.cordon, 'TimelineAnalysisLambda', input);
  const objects = await objectsUnder(desk.cordon, folderOfIncident(id), false);
  return jsonIn(objects.get('timeline/pass-2.json')?.toString() ?? '');
};

/** Once CloudTrail has delivered every call: the final timeline and report. */
const finalTimeline = async (): Promise<unknown> => {
  let attempt = 0;
  const seen = await until(
    async () => {
      attempt += 1;
      const look = await lookAgain(attempt);
      return countOf(look, 'iam:DeleteUser') === 2 * flood ? look : undefined;
    },
    { within: 120_000, every: 1_000, timeoutMessage: `${id} does not show every denied call` },
  );
  await call(desk.cordon, 'GenerateReportLambda', { incidentId: id, version: 2, failed: [] });
  await call(desk.cordon, 'NotifyLambda', { incidentId: id, kind: 'report2', failed: [] });
  return seen;
};

/** The final report as text. */
const reportedText = async (): Promise<string> => {
  const objects = await objectsUnder(desk.cordon, folderOfIncident(id), false);
  return objects.get('report/v2.txt')?.toString() ?? '';
};

let timeline: unknown;
const eventsNamed = (action: string) =>
  listAt(timeline, 'all').filter((event) => textAt(event, 'action') === action);

it('row 20: a flood of denied calls is counted, and hides neither the theft nor the hop', async () => {
  await deniedCalls();
  timeline = await finalTimeline();

  // A line for each group of the same calls, before and after the containment.
  expect(eventsNamed('iam:DeleteUser').length).toBeLessThan(5);
  for (const action of ['s3:ListBuckets', 'sts:AssumeRole'])
    expect(eventsNamed(action).map((event) => textAt(event, 'outcome'))).toContain('allowed');
  await expectEvidence(desk, id, 'timeline/pass-2.json', 'timeline/pass-2.csv');
});

it('row 18: log lines and GetCallerIdentity are no proof that the containment failed', async () => {
  const whose = (action: string) => eventsNamed(action).map((event) => textAt(event, 'whose'));

  expect(whose('logs:CreateLogStream')).toContain('platform');
  expect(whose('sts:GetCallerIdentity')).toContain('suspect');
  const { head } = await awaited(desk, id, 'there', () => true);
  expect(head.state).toBe('contained');
  expect(Date.parse(textAt(timeline, 'lastAllowed.at') ?? '')).toBeLessThanOrEqual(
    head.clocks.effective ?? 0,
  );
  const sentence = 'CONTAINED: every change was made and seen to hold.';
  await mailsWith(desk, id, 'report 2', sentence);
  expect(await reportedText()).not.toContain(contradiction.split(', ').at(1));
});

it('row 23: the session of the hop is proposed for containment, and contained by its ARN', async () => {
  const target = `arn:aws:sts::${ACCOUNT}:assumed-role/${hopRole}/hop`;
  expect(await reportedText()).toContain(`cordon contain '${target}'`);
  await mailsWith(desk, id, target);
  const read = () =>
    verdict(() =>
      clientsOf(desk.cordon, chained).iam.send(new GetRoleCommand({ RoleName: roleName })),
    );
  expect(await read()).toBe('allowed');

  const { head } = await containByHand(desk.place, desk.table, { target, reason: 'a hop' });

  expect([head.state, await read()]).toEqual(['contained', 'denied']);
  await mailsWith(desk, head.id, 'Asked for by');
});

it.each([
  ['durable', { DurableConfig: { ExecutionTimeout: 3_600, RetentionPeriodInDays: 1 } }],
  [
    'managed',
    {
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: {
          CapacityProviderArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:capacity-provider:own`,
        },
      },
    },
  ],
] as const satisfies readonly (readonly [string, Partial<CreateFunctionCommandInput>])[])(
  'row 22: what a pause leaves running of a %s function is told, and its evidence shows it',
  async (kind, config) => {
    const FunctionName = `still-allowed-${kind}`;
    const Role = await makeRole(desk.cordon, `${FunctionName}-role`);
    const { lambda } = clientsOf(desk.cordon);
    await lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName, Role, Runtime: 'nodejs24.x', Handler: 'index.handler', ...config },
        Code: { ZipFile: zipOf([{ name: 'index.mjs', data: Buffer.from('export {}') }]) },
      }),
    );

    const incident = await reported(findingAboutActivity(FunctionName, Role, new Date()));

    await awaited(desk, incident, 'contained', ({ head }) => head.state === 'contained');
    const { ReservedConcurrentExecutions } = await lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName }),
    );
    expect(ReservedConcurrentExecutions).toBe(0);
    const open = await openIn(incident);
    expect(open).toContain('durable executions until their next checkpoint');
    expect(open).toContain('aws lambda stop-durable-execution');
    expect(open).toContain('instances of a capacity provider');
    await expectEvidence(desk, incident, 'function/configuration.json');
    const objects = await objectsUnder(desk.cordon, folderOfIncident(incident), false);
    const stored = objects.get('function/configuration.json')?.toString() ?? '';
    for (const key of Object.keys(config)) expect(stored).toContain(key);
  },
);
