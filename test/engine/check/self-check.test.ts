// Cordon compares itself with what was deployed, and tells what somebody has changed since.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreatePolicyVersionCommand, IAMClient } from '@aws-sdk/client-iam';
import { DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import { until } from '../../../operator/wait.ts';
import { clocksMs } from '../../../responders/check/changed-since.ts';
import { lastCheck } from '../../../responders/incident/own-state.ts';
import { listAt, textAt } from '../../../responders/shared/json.ts';
import { wantedJson } from '../../../responders/shared/wanted.ts';
import { deployed, type OwnDeployed, outputOf } from '../../support/engine/deployed.ts';
import { rawMails } from '../../support/engine/inbox.ts';
import { call } from '../evidence/incident.ts';
import { deskOf } from '../intruder/case.ts';

let cordon: OwnDeployed;
/** What the deployed rule gives to the function, hour by hour. */
let input: unknown;

const clients = () => {
  const config = clientConfig(cordon);
  return {
    events: new EventBridgeClient(config),
    iam: new IAMClient(config),
    kms: new KMSClient(config),
    lambda: new LambdaClient(config),
    sns: new SNSClient(config),
  };
};
const check = (): Promise<unknown> => call(cordon, 'CheckLambda', input);

beforeAll(async () => {
  cordon = await deployed();
  const { Targets = [] } = await clients().events.send(
    new ListTargetsByRuleCommand({ Rule: 'cordon-check' }),
  );
  input = wantedJson(Targets[0]?.Input ?? '', 'Input');
  // A change in the seconds after the deployment is taken for a part of it.
  await sleep(clocksMs);
});
afterAll(() => cordon?.engine.stop());

it('finds nothing after a deployment, and looks at every part', async () => {
  expect(await check()).toEqual({ differences: [] });
  const { table } = await deskOf(cordon);
  expect(await lastCheck(table)).toEqual({ at: expect.any(Number), differences: [] });
  expect(
    ['functions', 'rules', 'keys', 'topics', 'policies'].filter(
      (kind) => listAt(input, kind).length === 0,
    ),
  ).toEqual([]);
});

/** The ARN of a part of the list whose ARN holds this word. */
const arnWith = (kind: string, word: string): string =>
  listAt(input, kind)
    .map((part) => textAt(part, 'arn') ?? String(part))
    .find((arn) => arn.includes(word)) ?? '';
const ruleWith = (word: string): string => arnWith('rules', word).split('/').at(-1) ?? '';

type Clients = ReturnType<typeof clients>;
const changes: readonly (readonly [
  what: string,
  told: RegExp,
  change: (clients: Clients) => Promise<unknown>,
])[] = [
  [
    'the rule of findings is disabled',
    /rule \S*Findings\S* is DISABLED/,
    ({ events }) => events.send(new DisableRuleCommand({ Name: ruleWith('Findings') })),
  ],
  [
    'the tamper watch hears other calls',
    /rule \S*TamperWatchRule\S* waits for other events/,
    async ({ events }) => {
      const Name = ruleWith('TamperWatchRule');
      const { Description } = await events.send(new DescribeRuleCommand({ Name }));
      const EventPattern = JSON.stringify({ source: ['nobody'] });
      await events.send(new PutRuleCommand({ Name, Description, EventPattern }));
    },
  ],
  [
    'a rule hands its events to somebody else as well',
    /rule \S*HoldRulesChanges\S* also hands events to arn:aws:sqs:\S+:elsewhere/,
    ({ events }) =>
      events.send(
        new PutTargetsCommand({
          Rule: ruleWith('HoldRulesChanges'),
          Targets: [{ Id: 'More', Arn: 'arn:aws:sqs:us-east-1:000000000000:elsewhere' }],
        }),
      ),
  ],
  [
    'open holds are checked no more',
    /rule \S*HoldRulesHourly\S* does not reach arn:aws:states:\S+ any more/,
    ({ events }) =>
      events.send(
        new RemoveTargetsCommand({ Rule: ruleWith('HoldRulesHourly'), Ids: ['HoldWatch'] }),
      ),
  ],
  [
    'a function has other settings',
    /function ContainmentLambda was changed at \S+, after it was deployed at/,
    async ({ lambda }) => {
      const FunctionName = 'ContainmentLambda';
      const { Environment } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName }),
      );
      const Variables = { ...Environment?.Variables, CORDON_SETTINGS: '{"dryRun":true}' };
      await lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
      );
    },
  ],
  [
    'a function runs other code',
    /function WatchLambda was changed at \S+, after it was deployed at/,
    ({ lambda }) =>
      lambda.send(
        new UpdateFunctionCodeCommand({
          FunctionName: 'WatchLambda',
          ZipFile: zipOf([{ name: 'index.mjs', data: Buffer.from('export const handler = 1;') }]),
        }),
      ),
  ],
  [
    'a function has lost its reserved concurrency',
    /function ReleaseLambda may run any number at once instead of 5/,
    ({ lambda }) =>
      lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'ReleaseLambda' })),
  ],
  [
    'a key is disabled',
    /key \S+ is Disabled/,
    ({ kms }) => kms.send(new DisableKeyCommand({ KeyId: outputOf(cordon, 'ReleaseKeyArn') })),
  ],
  [
    'a quarantine policy denies nothing any more',
    /policy CordonQuarantineRole was changed at \S+, after it was deployed at/,
    ({ iam }) =>
      iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn: outputOf(cordon, 'QuarantineRolePolicyArn'),
          SetAsDefault: true,
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
          }),
        }),
      ),
  ],
  [
    'somebody else reads the mails',
    /topic \S+ also reaches intruder@example\.org, which was not deployed/,
    ({ sns }) =>
      sns.send(
        new SubscribeCommand({
          TopicArn: outputOf(cordon, 'TopicArn'),
          Protocol: 'email',
          Endpoint: 'intruder@example.org',
        }),
      ),
  ],
  [
    'the security team does not get its mails any more',
    /topic \S+ does not reach security-team@example\.com any more/,
    async ({ sns }) => {
      const TopicArn = outputOf(cordon, 'TopicArn');
      const { Subscriptions = [] } = await sns.send(
        new ListSubscriptionsByTopicCommand({ TopicArn }),
      );
      const own = Subscriptions.find(({ Endpoint }) => Endpoint?.startsWith('security-team'));
      await sns.send(new UnsubscribeCommand({ SubscriptionArn: own?.SubscriptionArn }));
    },
  ],
];

// In this order: each change stays, so that the last check tells all of them.
it.each(changes)('tells that %s', async (_what, told, change) => {
  await change(clients());

  await expect(check()).rejects.toThrow(told);
});

it('mails what differs, and the same differences once', async () => {
  // Who is told beside the topic gets each mail alone; those of the topic may be combined.
  const told = () =>
    rawMails(cordon.engine.runDir).filter(
      (mail) => mail.includes('To: lead@') && mail.includes('does not reach security-team'),
    );
  await until(async () => (told().length > 0 ? true : undefined), {
    within: 120_000,
    timeoutMessage: 'no mail about the last change has come',
  });

  await expect(check()).rejects.toThrow('DifferentError');

  expect(told()).toHaveLength(1);
});
