// What would silence Cordon is told within the time that is promised, and by two channels: a mail,
// and the webhook.
import { randomBytes } from 'node:crypto';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  DescribeRuleCommand,
  DisableRuleCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { DisableKeyCommand } from '@aws-sdk/client-kms';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ListSubscriptionsByTopicCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { readInbox } from '../../../local/inbox.ts';
import { type EndedExecution, endOf } from '../../../operator/executions.ts';
import { until } from '../../../operator/wait.ts';
import { jsonIn, listAt, textAt } from '../../../responders/shared/json.ts';
import { wantedJson } from '../../../responders/shared/wanted.ts';
import { deployed, type OwnDeployed, outputOf } from '../../support/engine/deployed.ts';
import { type Receiver, setWebhook, startReceiver } from '../../support/engine/receiver.ts';
import { call } from '../evidence/incident.ts';
import { type Clients, clientsOf } from '../intruder/clients.ts';

let cordon: OwnDeployed;
let receiver: Receiver;
let root: Clients;
let watch: CloudWatchClient;
/** What the deployed rule gives to the function, hour by hour. */
let input: unknown;

beforeAll(async () => {
  cordon = await deployed({ channels: { webhook: true } });
  root = clientsOf(cordon);
  watch = new CloudWatchClient(clientConfig(cordon));
  receiver = await startReceiver(cordon.engine.port + 8);
  await setWebhook(cordon, { url: receiver.url, key: randomBytes(32).toString('hex') });
  const { Targets = [] } = await root.events.send(
    new ListTargetsByRuleCommand({ Rule: 'cordon-check' }),
  );
  input = wantedJson(Targets[0]?.Input ?? '', 'Input');
});
afterAll(async () => {
  await receiver?.stop();
  await cordon?.engine.stop();
});

/** Waits for more than there were: what was told before this change is no answer to it. */
const moreThan = (before: number, what: string, count: () => number): Promise<true> =>
  until(async () => (count() > before ? true : undefined), {
    within: 120_000,
    every: 200,
    timeoutMessage: `nothing more was told by ${what}`,
  });

const mailsWith = (words: string) => () =>
  readInbox(cordon.engine.runDir).filter(({ subject, body }) =>
    `${subject}\n${body}`.includes(words),
  ).length;
/** One notice may have the headlines of several: what is told at once is one mail, too. */
const noticesOf =
  (kind: string, alarm = '') =>
  () =>
    receiver.requests
      .map(({ body }) => jsonIn(body))
      .filter(
        (notice) =>
          listAt(notice, 'headlines').some((headline) => textAt(headline, 'class') === kind) &&
          (textAt(notice, 'alarm') ?? '').includes(alarm),
      ).length;

/** Does something, and waits until both channels have told it. */
const toldTwice = async (
  mails: () => number,
  notices: () => number,
  act: () => Promise<unknown>,
): Promise<void> => {
  const before = { mails: mails(), notices: notices() };
  await act();
  await moreThan(before.mails, 'mail', mails);
  await moreThan(before.notices, 'the webhook', notices);
};

const heartbeat = async (): Promise<EndedExecution> => {
  const { executionArn = '' } = await root.states.send(
    new StartExecutionCommand({ stateMachineArn: outputOf(cordon, 'HeartbeatMachineArn') }),
  );
  return until(() => endOf(root.states, executionArn), {
    within: 240_000,
    timeoutMessage: `${executionArn} has not ended`,
  });
};

const silence = async (): Promise<MetricAlarm> => {
  const { MetricAlarms = [] } = await watch.send(new DescribeAlarmsCommand({}));
  const alarm = MetricAlarms.find(({ AlarmName }) => AlarmName?.includes('HeartbeatSilent'));
  if (!alarm) throw new Error('there is no alarm HeartbeatSilent');
  return alarm;
};
const silenceIs = (state: string) =>
  until(async () => ((await silence()).StateValue === state ? true : undefined), {
    within: 60_000,
    every: 500,
    timeoutMessage: `HeartbeatSilent is not ${state}`,
  });

it('a heartbeat that has stopped: no success within 26 hours is an alarm, and a success ends it', async () => {
  const { Period = 0, EvaluationPeriods = 0, ...alarm } = await silence();
  expect(Period * EvaluationPeriods).toBe(26 * 3_600);
  await silenceIs('ALARM');
  expect(await heartbeat()).toMatchObject({ status: 'SUCCEEDED', error: null });
  await silenceIs('OK');

  // The same alarm, whose day has twenty seconds.
  const { AlarmName, MetricName, Namespace, Dimensions, Statistic, AlarmActions } = alarm;
  const { Threshold, ComparisonOperator, TreatMissingData, AlarmDescription } = alarm;
  await toldTwice(
    mailsWith('ALARM: "CordonResponse-AlertsHeartbeatSilent'),
    noticesOf('alarm', 'HeartbeatSilent'),
    () =>
      watch.send(
        new PutMetricAlarmCommand({
          ...{ AlarmName, MetricName, Namespace, Dimensions, Statistic, AlarmActions },
          ...{ Threshold, ComparisonOperator, TreatMissingData, AlarmDescription },
          ...{ Period: 10, EvaluationPeriods: 2 },
        }),
      ),
  );
});

it('what is compared is compared every hour, and three hours without it are an alarm', async () => {
  const rule = await root.events.send(new DescribeRuleCommand({ Name: 'cordon-check' }));
  expect([rule.ScheduleExpression, rule.State]).toEqual(['rate(1 hour)', 'ENABLED']);
  const { MetricAlarms = [] } = await watch.send(new DescribeAlarmsCommand({}));
  const alarm = MetricAlarms.find(({ AlarmName }) => AlarmName?.includes('CheckSilent'));
  expect((alarm?.Period ?? 0) * (alarm?.EvaluationPeriods ?? 0)).toBe(3 * 3_600);
});

const ruleWith = async (word: string): Promise<string> => {
  const { Rules = [] } = await root.events.send(new ListRulesCommand({}));
  return Rules.find(({ Name }) => Name?.includes(word))?.Name ?? '';
};

const changes: readonly (readonly [
  what: string,
  told: RegExp,
  change: (clients: Clients) => Promise<unknown>,
])[] = [
  [
    'the rule of findings is disabled',
    /rule \S*FindingRulesFindings\S* is DISABLED/,
    async ({ events }) =>
      events.send(new DisableRuleCommand({ Name: await ruleWith('FindingRulesFindings') })),
  ],
  [
    'the rule that starts the heartbeat is disabled',
    /rule \S*HeartbeatClock\S* is DISABLED/,
    async ({ events }) =>
      events.send(new DisableRuleCommand({ Name: await ruleWith('HeartbeatClock') })),
  ],
  [
    'a function has other settings',
    /function ContainmentLambda was changed at \S+, after it was deployed at/,
    ({ lambda }) =>
      lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: 'ContainmentLambda',
          Description: 'another one',
        }),
      ),
  ],
  [
    'a key is disabled',
    /key \S+ is Disabled/,
    ({ kms }) => kms.send(new DisableKeyCommand({ KeyId: outputOf(cordon, 'DrillKeyArn') })),
  ],
];

// In this order: each change stays, so that the last check tells all of them.
it.each(changes)('%s: a check tells it by mail and by the webhook', async (_what, told, change) => {
  await toldTwice(mailsWith('itself differs'), noticesOf('cordon-differs'), async () => {
    await change(root);
    await expect(call(cordon, 'CheckLambda', input)).rejects.toThrow(told);
  });
});

it('a change is told at once, too, by who hears the call', () => {
  expect(noticesOf('cordon-changed')()).toBeGreaterThan(0);
});

it('a heartbeat that fails, because its key is disabled, tells that', async () => {
  await toldTwice(mailsWith('the heartbeat FAILED'), noticesOf('heartbeat-failed'), async () => {
    expect(await heartbeat()).toMatchObject({ status: 'FAILED' });
  });
});

const mailsToOthers = () =>
  readInbox(cordon.engine.runDir).filter(
    ({ to, subject }) => to === 'lead@example.com' && subject.includes('itself differs'),
  ).length;

// The last: no mail reaches the security team after it.
it('the subscription of the security team is removed: the webhook and the other addresses hear it', async () => {
  const TopicArn = outputOf(cordon, 'TopicArn');
  const { Subscriptions = [] } = await root.sns.send(
    new ListSubscriptionsByTopicCommand({ TopicArn }),
  );
  const own = Subscriptions.find(({ Endpoint }) => Endpoint?.startsWith('security-team'));
  // What differed before is none of the topic, so nobody else was told of it.
  expect(mailsToOthers()).toBe(0);

  await toldTwice(mailsToOthers, noticesOf('cordon-differs'), async () => {
    await root.sns.send(new UnsubscribeCommand({ SubscriptionArn: own?.SubscriptionArn }));
    await expect(call(cordon, 'CheckLambda', input)).rejects.toThrow(
      /topic \S+ does not reach security-team@example\.com any more/,
    );
  });
});
