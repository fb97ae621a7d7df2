import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../infra/config.ts';
import { forwardingRegions } from '../../../../infra/regions.ts';
import {
  at,
  type Json,
  listAt,
  ofType,
  one,
  permissionsOf,
  synthesise,
} from '../../../support/infra/synthesised.ts';

const { forwards, stacks, outdir } = synthesise(
  { furtherRegions: ['eu-west-1', 'eu-north-1'] },
  { isChecked: true },
);
const [forward = []] = forwards;
const home = 'arn:<AWS::Partition>:events:us-east-1:<AWS::AccountId>:event-bus/default';

it('each further region has a stack, in which cdk-nag finds nothing', () => {
  const report: Json = JSON.parse(readFileSync(`${outdir}/validation-report.json`, 'utf8'));

  expect(forwards).toHaveLength(2);
  expect(listAt(report, 'pluginReports').flatMap((plugin) => listAt(plugin, 'violations'))).toEqual(
    [],
  );
});

describe('a stack that forwards', () => {
  it('has a role that may put events on the bus of the deployment, and nothing else', () => {
    expect(permissionsOf(forward, one(forward, 'AWS::IAM::Role').id)).toEqual([
      `Allow events:PutEvents ${home}`,
    ]);
  });

  it('forwards findings, and the calls that the deployment must hear of', () => {
    const rules = ofType(forward, 'AWS::Events::Rule').map(({ properties }) => properties);

    expect(rules.map((rule) => at(rule, 'EventPattern'))).toEqual([
      { source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'] },
      expect.objectContaining({ 'detail-type': ['AWS API Call via CloudTrail'] }),
    ]);
    for (const rule of rules)
      expect(at(rule, 'Targets', 0)).toMatchObject({
        Arn: home,
        RoleArn: `<${one(forward, 'AWS::IAM::Role').id}.Arn>`,
        DeadLetterConfig: { Arn: `<${one(forward, 'AWS::SQS::Queue').id}.Arn>` },
      });
  });

  it('tells by an alarm of its own region when it cannot', () => {
    const { properties } = one(forward, 'AWS::CloudWatch::Alarm');

    expect(listAt(properties, 'AlarmActions')).toEqual([`<${one(forward, 'AWS::SNS::Topic').id}>`]);
  });
});

describe('the functions', () => {
  const grantsOf = (name: string): string[] =>
    permissionsOf(
      stacks.CordonResponse,
      one(stacks.CordonResponse, 'AWS::IAM::Role', new RegExp(`^Responders${name}Role`)).id,
    );
  const regionsIn = (grants: readonly string[], call: string): string[] => [
    ...new Set(
      grants
        .filter((grant) => grant.startsWith(`Allow ${call} arn:`))
        .map((grant) => /arn:<AWS::Partition>:\w+:(<AWS::Region>|[\w-]*):/.exec(grant)?.[1] ?? ''),
    ),
  ];

  it.each([
    ['ContainmentLambda', 'lambda:PutFunctionConcurrency'],
    ['ContainmentLambda', 'lambda:UpdateEventSourceMapping'],
    ['ContainmentLambda', 'guardduty:GetFindings'],
    ['ReleaseLambda', 'lambda:DeleteFunctionConcurrency'],
    ['EvidenceCollectionLambda', 'logs:FilterLogEvents'],
  ])('%s may %s in the configured regions and in no other', (name, call) => {
    expect(regionsIn(grantsOf(name), call).sort()).toEqual([
      '<AWS::Region>',
      ...['eu-north-1', 'eu-west-1'],
    ]);
  });

  it('may not change Cordon’s own functions in any of them', () => {
    expect(
      grantsOf('ContainmentLambda').filter(
        (grant) =>
          grant.startsWith('Deny lambda:PutFunctionConcurrency') &&
          grant.includes(':eu-west-1:') &&
          grant.endsWith(':function:WatchLambda'),
      ),
    ).toHaveLength(1);
  });
});

describe('the region of the deployment', () => {
  const config = parseConfig({ furtherRegions: ['eu-west-1'] });

  it('is no further region', () => {
    expect(() => forwardingRegions(config, 'eu-west-1')).toThrow(
      'cordon.furtherRegions[0]: wanted a region besides that of the deployment, got "eu-west-1"',
    );
  });

  it('must be known where there is one', () => {
    expect(() => forwardingRegions(config, undefined)).toThrow('AWS_REGION: wanted the region');
    expect(forwardingRegions(parseConfig({}), undefined)).toEqual([]);
  });
});
