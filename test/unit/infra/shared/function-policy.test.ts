import { describe, expect, it } from 'vitest';
import { standardFunctions } from '../../../../responders/functions.ts';
import { protectedApp, response, target } from '../../../support/infra/shared.ts';
import { at, type Json, listAt, ofType, one } from '../../../support/infra/synthesised.ts';

const arnOf = (name: string): string =>
  `<${one(response, 'AWS::Lambda::Function', new RegExp(`^Responders${name}`)).id}.Arn>`;
const statementsOf = (name: string): readonly Json[] =>
  ofType(response, 'AWS::Lambda::ResourcePolicy')
    .filter(({ properties }) => at(properties, 'ResourceArn') === arnOf(name))
    .flatMap(({ properties }) => listAt(properties, 'PolicyDocument', 'Statement'));
const statement = (name: string, sid: string): Json | undefined =>
  statementsOf(name).find((candidate) => at(candidate, 'Sid') === sid);

/** Whom the Deny of calls does not hit. */
const callersOf = (name: string): readonly string[] =>
  listAt(statement(name, 'OnlyItsCallersCall'), 'Condition', 'ArnNotLike', 'aws:PrincipalArn').map(
    (arn) => /^<(\w+?)(Role)?[0-9A-F]{8}\.Arn>$/.exec(String(arn))?.[1] ?? String(arn),
  );

const machines = {
  incident: 'MachinesIncident',
  release: 'MachinesRelease',
  lateAnswer: 'MachinesLateAnswer',
  holdWatch: 'MachinesHoldWatch',
  heartbeat: 'MachinesHeartbeat',
};
const callers: Readonly<Record<string, readonly string[]>> = {
  ContainmentLambda: [machines.incident],
  WatchLambda: [machines.incident, machines.holdWatch],
  EvidenceCollectionLambda: [machines.incident],
  TimelineAnalysisLambda: [machines.incident],
  GenerateReportLambda: [machines.incident],
  NotifyLambda: [machines.incident, machines.release, machines.holdWatch, machines.heartbeat],
  HeartbeatLambda: [machines.heartbeat],
  CustodyLambda: [
    'PeopleAuditor',
    'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/cordon/CordonConsoleEvidenceLambdaRole',
  ],
  ReleaseLambda: [machines.release],
};

describe.each(standardFunctions.map(({ name }) => name))('the policy of %s', (name) => {
  it('denies calls by everybody but the roles that call it in an incident', () => {
    expect(callersOf(name)).toEqual(callers[name] ?? []);
  });

  it('covers every version and alias, and hits no service that calls for itself', () => {
    for (const sid of ['OnlyItsCallersCall', 'OnlyDeployersChange']) {
      const denial = statement(name, sid);
      expect(at(denial, 'Effect')).toBe('Deny');
      expect(at(denial, 'Principal')).toEqual({ AWS: '*' });
      expect(listAt(denial, 'Resource')).toEqual([arnOf(name), `${arnOf(name)}:*`]);
      expect(at(denial, 'Condition', 'Bool')).toEqual({ 'aws:PrincipalIsAWSService': 'false' });
    }
  });

  it('denies changes by everybody but the deployers and the root user', () => {
    const but = at(
      statement(name, 'OnlyDeployersChange'),
      'Condition',
      'ArnNotLike',
      'aws:PrincipalArn',
    );
    const account = 'arn:<AWS::Partition>:iam::<AWS::AccountId>';
    expect(but).toEqual([
      `${account}:role/cdk-*-cfn-exec-role-<AWS::AccountId>-<AWS::Region>`,
      `${account}:root`,
    ]);
  });
});

it('a function that has a whole policy has no single permission, which would overwrite it', () => {
  for (const stack of [response, target, protectedApp]) {
    const whole = ofType(stack, 'AWS::Lambda::ResourcePolicy').map(({ properties }) =>
      at(properties, 'ResourceArn'),
    );
    const single = ofType(stack, 'AWS::Lambda::Permission').map(({ properties }) =>
      at(properties, 'FunctionName'),
    );
    expect(single.filter((arn) => whole.includes(arn))).toEqual([]);
  }
});
