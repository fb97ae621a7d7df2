import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../infra/config.ts';
import { heartbeatHours } from '../../../../infra/response/heartbeat.ts';
import { response } from '../../../support/infra/shared.ts';
import {
  at,
  lines,
  listAt,
  ofType,
  one,
  permissionsOf,
} from '../../../support/infra/synthesised.ts';

const machine = `<${one(response, 'AWS::StepFunctions::StateMachine', /^MachinesHeartbeat/).id}>`;
const canary = one(response, 'AWS::Lambda::Function', /^HeartbeatCanary/);
const role = one(response, 'AWS::IAM::Role', /^HeartbeatCanary/);
const iam = 'arn:<AWS::Partition>:iam::<AWS::AccountId>';
const self = 'arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:canary-heartbeat';

describe('the heartbeat', () => {
  it('is started once a day, and after each deployment of this stack', () => {
    const [clock, deployed] = [/^HeartbeatClock/, /^HeartbeatDeployed/].map(
      (id) => one(response, 'AWS::Events::Rule', id).properties,
    );

    expect(at(clock, 'ScheduleExpression')).toBe('rate(24 hours)');
    expect(at(deployed, 'EventPattern')).toMatchObject({
      source: ['aws.cloudformation'],
      detail: { 'stack-id': ['<AWS::StackId>'] },
    });
    for (const rule of [clock, deployed]) expect(at(rule, 'Targets', 0, 'Arn')).toBe(machine);
  });

  it('is missed after 26 hours: CloudWatch takes periods of an hour for up to a week', () => {
    const { properties } = one(response, 'AWS::CloudWatch::Alarm', /HeartbeatSilent/);

    expect(properties).toMatchObject({
      MetricName: 'ExecutionsSucceeded',
      Period: 3600,
      EvaluationPeriods: 26,
      TreatMissingData: 'breaching',
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
    });
  });

  it.each([
    [{}, 24],
    [{ heartbeat: { everyHours: 6 } }, 6],
    [{ heartbeat: 'off' }, null],
    [{ observe: 'everything' }, null],
    [{ dryRun: true }, null],
  ])('with %j runs every %j hours', (options, hours) => {
    expect(heartbeatHours(parseConfig(options))).toBe(hours);
  });
});

describe('its canary', () => {
  it('is a target of drills, and no name of it looks like one of Cordon', () => {
    const tag = { Key: 'cordon:drill', Value: 'allowed' };
    for (const { properties } of [canary, role])
      expect(listAt(properties, 'Tags')).toContainEqual(tag);
    expect(at(canary.properties, 'FunctionName')).toBe('canary-heartbeat');
    expect(at(role.properties, 'RoleName')).toBe('canary-heartbeat-role');
    expect(at(role.properties, 'Path')).toBeUndefined();
  });

  it('may read itself and write its log, and nothing else', () => {
    const logs = one(response, 'AWS::Logs::LogGroup', /^HeartbeatCanary/).id;
    expect(permissionsOf(response, role.id).filter((line) => line.startsWith('Allow'))).toEqual(
      [
        `Allow lambda:GetFunctionConfiguration ${self}`,
        ...['CreateLogStream', 'PutLogEvents'].map((call) => `Allow logs:${call} <${logs}.Arn>`),
        ...['PutTelemetryRecords', 'PutTraceSegments'].map((call) => `Allow xray:${call} *`),
      ].sort(),
    );
  });

  it('lends its role to Lambda and to HeartbeatLambda only', () => {
    const statements = listAt(role.properties, 'AssumeRolePolicyDocument', 'Statement');

    expect(statements).toMatchObject([
      { Principal: { Service: 'lambda.amazonaws.com' } },
      {
        Principal: { AWS: `${iam}:root` },
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': `${iam}:role/cordon/CordonHeartbeatLambdaRole` },
        },
      },
    ]);
  });

  it('is called by HeartbeatLambda only, and changed by who deploys, contains and releases', () => {
    const policy = ofType(response, 'AWS::Lambda::ResourcePolicy').find(
      ({ properties }) => at(properties, 'ResourceArn') === `<${canary.id}.Arn>`,
    );
    const [called = '', changed = ''] = ['OnlyItsCallersCall', 'OnlyDeployersChange'].map((sid) =>
      lines(
        listAt(policy?.properties, 'PolicyDocument', 'Statement').filter(
          (statement) => at(statement, 'Sid') === sid,
        ),
      ).join(),
    );

    expect(called).toContain('CordonHeartbeatLambdaRole');
    expect(called).not.toContain('CordonContainmentLambdaRole');
    for (const name of ['Containment', 'Watch', 'Release'])
      expect(changed).toContain(`Cordon${name}LambdaRole`);
    expect(changed).not.toContain('CordonHeartbeatLambdaRole');
  });

  it('is not compared with what was deployed: a heartbeat changes it', () => {
    const rule = one(response, 'AWS::Events::Rule', /^SelfCheck/).properties;
    const input = JSON.stringify(at(rule, 'Targets', 0, 'Input'));
    expect(input).not.toContain(canary.id);
    expect(input).toContain(one(response, 'AWS::Lambda::Function', /HeartbeatLambda/).id);
  });
});
