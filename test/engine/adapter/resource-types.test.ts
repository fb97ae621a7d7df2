import { AthenaClient, GetNamedQueryCommand } from '@aws-sdk/client-athena';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudTrailClient,
  GetEventSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { account, deploy, eventually } from './world.ts';

const alarm = {
  Namespace: 'N',
  MetricName: 'M',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold',
};
const bus = `arn:aws:events:us-east-1:${account}:event-bus/default`;
const metricAcl = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'm' };

const resources = {
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'trail-logs' } },
  Trail: {
    Type: 'AWS::CloudTrail::Trail',
    Properties: {
      TrailName: 'account',
      S3BucketName: { Ref: 'Bucket' },
      IsLogging: true,
      IsMultiRegionTrail: true,
      EnableLogFileValidation: true,
      EventSelectors: [
        { DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::loot/'] }] },
      ],
    },
  },
  Query: {
    Type: 'AWS::Athena::NamedQuery',
    Properties: { Name: 'who', Database: 'cordon', QueryString: 'SELECT 1' },
  },
  Policy: {
    Type: 'AWS::Events::EventBusPolicy',
    Properties: {
      StatementId: 's',
      Statement: { Effect: 'Deny', Principal: '*', Action: 'events:PutRule', Resource: bus },
    },
  },
  Archive: {
    Type: 'AWS::Events::Archive',
    Properties: {
      ArchiveName: 'findings',
      SourceArn: bus,
      EventPattern: { source: ['aws.guardduty'] },
      RetentionDays: 30,
    },
  },
  Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'single', ...alarm } },
  Any: {
    Type: 'AWS::CloudWatch::CompositeAlarm',
    DependsOn: 'Alarm',
    Properties: { AlarmName: 'any', AlarmRule: 'ALARM("single")' },
  },
  Acl: {
    Type: 'AWS::WAFv2::WebACL',
    Properties: {
      Name: 'acl',
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      VisibilityConfig: metricAcl,
      Rules: [],
    },
  },
  Association: {
    Type: 'AWS::WAFv2::WebACLAssociation',
    Properties: {
      WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] },
      ResourceArn: 'arn:aws:apigateway:us-east-1::/restapis/abc/stages/v1',
    },
  },
  Logging: {
    Type: 'AWS::WAFv2::LoggingConfiguration',
    Properties: { ResourceArn: { 'Fn::GetAtt': ['Acl', 'Arn'] }, LogDestinationConfigs: ['a'] },
  },
  Saved: {
    Type: 'AWS::Logs::QueryDefinition',
    Properties: { Name: 'errors', QueryString: 'fields @message' },
  },
};

describe('a template with types that the engine lacks', () => {
  let engine: Engine;
  let outputs: Record<string, string>;
  beforeAll(async () => {
    engine = await startEngine();
    outputs = await deploy(engine, 'types', resources, {
      Query: { Value: { Ref: 'Query' } },
      Trail: { Value: { 'Fn::GetAtt': ['Trail', 'Arn'] } },
    });
  });
  afterAll(() => engine.stop());

  test('makes a trail that logs, with its selectors', async () => {
    const trail = new CloudTrailClient(engine.client());

    expect((await trail.send(new GetTrailCommand({ Name: 'account' }))).Trail).toMatchObject({
      S3BucketName: 'trail-logs',
      IsMultiRegionTrail: true,
      LogFileValidationEnabled: true,
      TrailARN: outputs.Trail,
    });
    expect((await trail.send(new GetTrailStatusCommand({ Name: 'account' }))).IsLogging).toBe(true);
    expect(
      (await trail.send(new GetEventSelectorsCommand({ TrailName: 'account' }))).EventSelectors?.[0]
        ?.DataResources,
    ).toHaveLength(1);
  });

  test('makes named queries, archives, bus policies and composite alarms', async () => {
    const events = new EventBridgeClient(engine.client());
    const { CompositeAlarms } = await new CloudWatchClient(engine.client()).send(
      new DescribeAlarmsCommand({ AlarmTypes: ['CompositeAlarm'] }),
    );

    expect(
      (
        await new AthenaClient(engine.client()).send(
          new GetNamedQueryCommand({ NamedQueryId: outputs.Query }),
        )
      ).NamedQuery?.Name,
    ).toBe('who');
    expect(
      await events.send(new DescribeArchiveCommand({ ArchiveName: 'findings' })),
    ).toMatchObject({ RetentionDays: 30 });
    expect(
      JSON.parse((await events.send(new DescribeEventBusCommand({}))).Policy ?? '').Statement,
    ).toMatchObject([{ Sid: 's', Effect: 'Deny' }]);
    expect(CompositeAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['any']);
  });

  test('tells which resources have nothing behind them, until the stack is gone', async () => {
    const types = async () => {
      const accepted = await engine.get('/_cordon/not-emulated');
      return Array.isArray(accepted)
        ? accepted.map((resource: { type: string }) => resource.type).sort()
        : [];
    };

    expect(await types()).toEqual([
      'AWS::Logs::QueryDefinition',
      'AWS::WAFv2::LoggingConfiguration',
    ]);
    await new CloudFormationClient(engine.client()).send(
      new DeleteStackCommand({ StackName: 'types' }),
    );
    expect(await eventually(types, (names) => names.length === 0)).toEqual([]);
  });
});
