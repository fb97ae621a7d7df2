import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand as ListAlarmTags,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListTagsForResourceCommand as ListRuleTags,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { GetDetectorCommand, GuardDutyClient } from '@aws-sdk/client-guardduty';
import {
  DescribeStateMachineCommand,
  ListTagsForResourceCommand as ListMachineTags,
  SFNClient,
} from '@aws-sdk/client-sfn';
import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand as ListTopicTags,
  SNSClient,
} from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ListQueueTagsCommand, SQSClient } from '@aws-sdk/client-sqs';
import { at, listAt } from '../../support/infra/synthesised.ts';
import type { Reader } from './readers.ts';

const pairs = (tags: Readonly<Record<string, string>> = {}) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const readRule: Reader = async (client, id, { EventBusName }) => {
  const events = new EventBridgeClient(client);
  const bus = EventBusName === undefined ? {} : { EventBusName: String(EventBusName) };
  const Name = id.split('|').at(-1);
  const rule = await events.send(new DescribeRuleCommand({ Name, ...bus }));
  const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: Name, ...bus }));
  const { Tags } = await events.send(new ListRuleTags({ ResourceARN: rule.Arn }));
  return {
    Name: rule.Name,
    Description: rule.Description,
    EventBusName: rule.EventBusName,
    EventPattern: JSON.parse(rule.EventPattern ?? '{}'),
    ScheduleExpression: rule.ScheduleExpression,
    State: rule.State,
    Tags,
    Targets,
  };
};

export const readDetector: Reader = async (client, DetectorId) => {
  const { Status, Tags, ...detector } = await new GuardDutyClient(client).send(
    new GetDetectorCommand({ DetectorId }),
  );
  const { FindingPublishingFrequency, Features } = detector;
  const Enable = Status === 'ENABLED';
  return { Enable, FindingPublishingFrequency, Features, Tags: pairs(Tags) };
};

export const readBusPolicy: Reader = async (client, _id, { EventBusName, StatementId }) => {
  const { Policy = '{}' } = await new EventBridgeClient(client).send(
    new DescribeEventBusCommand({ Name: String(EventBusName) }),
  );
  const Statement = listAt(JSON.parse(Policy), 'Statement').find(
    (one) => at(one, 'Sid') === StatementId,
  );
  return { EventBusName, StatementId: at(Statement, 'Sid'), Statement };
};

export const readQueue: Reader = async (client, QueueUrl) => {
  const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }));
  return {
    MessageRetentionPeriod: Number(Attributes.MessageRetentionPeriod),
    RedrivePolicy: Attributes.RedrivePolicy && JSON.parse(Attributes.RedrivePolicy),
    SqsManagedSseEnabled: Attributes.SqsManagedSseEnabled === 'true',
    Tags: pairs(Tags),
    VisibilityTimeout: Number(Attributes.VisibilityTimeout),
  };
};

export const readQueuePolicy: Reader = async (client, _id, { Queues }) => {
  const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: String(listAt(Queues)[0]),
      AttributeNames: ['Policy'],
    }),
  );
  return { PolicyDocument: JSON.parse(Attributes?.Policy ?? '{}'), Queues };
};

export const readTopic: Reader = async (client, TopicArn) => {
  const sns = new SNSClient(client);
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  const { Tags } = await sns.send(new ListTopicTags({ ResourceArn: TopicArn }));
  return { DisplayName: Attributes?.DisplayName, KmsMasterKeyId: Attributes?.KmsMasterKeyId, Tags };
};

export const readTopicPolicy: Reader = async (client, _id, { Topics }) => {
  const { Attributes } = await new SNSClient(client).send(
    new GetTopicAttributesCommand({ TopicArn: String(listAt(Topics)[0]) }),
  );
  return { PolicyDocument: JSON.parse(Attributes?.Policy ?? '{}'), Topics };
};

/** By topic: AWS gives a subscription no ARN before its address has confirmed it. */
export const readSubscription: Reader = async (client, _id, wanted) => {
  const sns = new SNSClient(client);
  const { Subscriptions } = await sns.send(
    new ListSubscriptionsByTopicCommand({ TopicArn: String(wanted.TopicArn) }),
  );
  const found = Subscriptions?.find(({ Endpoint }) => Endpoint === wanted.Endpoint);
  return { Endpoint: found?.Endpoint, Protocol: found?.Protocol, TopicArn: found?.TopicArn };
};

export const readAlarm: Reader = async (client, name) => {
  const cloudwatch = new CloudWatchClient(client);
  const { MetricAlarms: [alarm] = [] } = await cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [name] }),
  );
  const { Tags } = await cloudwatch.send(new ListAlarmTags({ ResourceARN: alarm?.AlarmArn }));
  return { ...alarm, Tags };
};

export const readLogGroup: Reader = async (client, name) => {
  const logs = new CloudWatchLogsClient(client);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  const group = logGroups?.find(({ logGroupName }) => logGroupName === name);
  const { tags } = await logs.send(
    new ListTagsForResourceCommand({ resourceArn: group?.arn?.replace(/:\*$/, '') }),
  );
  return {
    LogGroupName: group?.logGroupName,
    RetentionInDays: group?.retentionInDays,
    Tags: pairs(tags),
  };
};

/** The definition is read with its substitutions made; the template holds the two apart. */
export const readStateMachine: Reader = async (
  client,
  stateMachineArn,
  { DefinitionString, DefinitionSubstitutions },
) => {
  const sfn = new SFNClient(client);
  const found = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const { tags } = await sfn.send(new ListMachineTags({ resourceArn: stateMachineArn }));
  const filled = String(DefinitionString).replaceAll(/\$\{(\w+)\}/g, (all, name: string) =>
    String(at(DefinitionSubstitutions, name) ?? all),
  );
  const same =
    JSON.stringify(JSON.parse(found.definition ?? '{}')) === JSON.stringify(JSON.parse(filled));
  const { level, includeExecutionData, destinations } = found.loggingConfiguration ?? {};
  return {
    DefinitionString: same ? DefinitionString : found.definition,
    DefinitionSubstitutions,
    LoggingConfiguration: {
      Destinations: destinations?.map(({ cloudWatchLogsLogGroup }) => ({
        CloudWatchLogsLogGroup: { LogGroupArn: cloudWatchLogsLogGroup?.logGroupArn },
      })),
      IncludeExecutionData: includeExecutionData,
      Level: level,
    },
    RoleArn: found.roleArn,
    StateMachineType: found.type,
    Tags: tags?.map(({ key, value }) => ({ Key: key, Value: value })),
    TracingConfiguration: { Enabled: found.tracingConfiguration?.enabled },
  };
};
