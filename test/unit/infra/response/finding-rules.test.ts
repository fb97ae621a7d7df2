import { describe, expect, it } from 'vitest';
import { response } from '../../../support/infra/shared.ts';
import {
  at,
  lines,
  listAt,
  ofType,
  one,
  permissionsOf,
} from '../../../support/infra/synthesised.ts';

const rules = ofType(response, 'AWS::Events::Rule');
const deadLetters = one(response, 'AWS::SQS::Queue', /^RuleDeadLetters/).id;
const machine = `<${one(response, 'AWS::StepFunctions::StateMachine', /^MachinesIncident/).id}>`;

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, { properties }) => {
  const [target, ...others] = listAt(properties, 'Targets');

  it('keeps what it cannot deliver, and does not deliver it a day late', () => {
    expect(others).toEqual([]);
    expect(at(target, 'DeadLetterConfig')).toEqual({ Arn: `<${deadLetters}.Arn>` });
    expect(at(target, 'RetryPolicy')).toEqual({
      MaximumEventAgeInSeconds: 3600,
      MaximumRetryAttempts: 30,
    });
  });

  it('may put its dead letters into the queue', () => {
    const policy = one(response, 'AWS::SQS::QueuePolicy', /^RuleDeadLetters/).properties;
    const bySource = `{"ArnEquals":{"aws:SourceArn":"<${id}.Arn>"}}`;

    expect(lines(listAt(policy, 'PolicyDocument', 'Statement'))).toContain(
      `Allow sqs:SendMessage <${deadLetters}.Arn> ${bySource}`,
    );
  });
});

describe('the rule that hears what may change a hold', () => {
  const { properties } = one(response, 'AWS::Events::Rule', /HoldRulesChanges/);
  const names = listAt(properties, 'EventPattern', 'detail', 'eventName').map((name) =>
    at(name, 'prefix'),
  );

  it.each([
    ['makes a user again', 'CreateUser'],
    ['gives a user a password', 'CreateLoginProfile'],
    ['gives a user a key', 'CreateAccessKey'],
    ['makes a role again', 'CreateRole'],
  ])('hears at once what %s', (_what, call) => {
    expect(names).toContain(call);
  });

  it('has a pattern that EventBridge takes', () => {
    // A name that CloudFormation makes has at most 80 characters here, an ARN 140.
    const pattern = JSON.stringify(at(properties, 'EventPattern')).replaceAll(
      /<[^>]+>/g,
      'x'.repeat(140),
    );
    expect(pattern.length).toBeLessThanOrEqual(2_048);
  });
});

describe('the two doors', () => {
  const findings = one(response, 'AWS::Events::Rule', /Findings/).properties;
  const drills = one(response, 'AWS::Events::Rule', /Drills/).properties;

  it('listen to GuardDuty on the default bus and to drills on their own', () => {
    expect(at(findings, 'EventPattern')).toEqual({
      source: ['aws.guardduty'],
      'detail-type': ['GuardDuty Finding'],
    });
    expect(at(findings, 'EventBusName')).toBeUndefined();
    expect(at(drills, 'EventPattern')).toEqual({
      source: ['cordon.drill'],
      'detail-type': ['GuardDuty Finding'],
    });
    expect(at(drills, 'EventBusName')).toBe(`<${one(response, 'AWS::Events::EventBus').id}>`);
  });

  it('hand the event on whole, and say themselves which kind it is', () => {
    const template = (rule: typeof findings) => at(rule, 'Targets', 0, 'InputTransformer');

    expect(template(findings)).toEqual({
      InputTemplate: '{"drill": false, "event": <aws.events.event.json>}',
    });
    expect(template(drills)).toEqual({
      InputTemplate: '{"drill": true, "event": <aws.events.event.json>}',
    });
  });

  it('start the incident response, and their role can do nothing else', () => {
    const [role, same] = [findings, drills].map((rule) =>
      String(at(rule, 'Targets', 0, 'RoleArn')),
    );
    const id = /^<(\w+)\.Arn>$/.exec(role ?? '')?.[1] ?? '';

    expect([at(findings, 'Targets', 0, 'Arn'), at(drills, 'Targets', 0, 'Arn'), same]).toEqual([
      machine,
      machine,
      role,
    ]);
    expect(permissionsOf(response, id)).toEqual([`Allow states:StartExecution ${machine}`]);
  });

  it('leave the drill bus to the drill role and the heartbeat', () => {
    const policy = one(response, 'AWS::Events::EventBusPolicy').properties;

    expect(at(policy, 'Statement')).toEqual({
      Sid: 'OnlyTheDrillRole',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'events:PutEvents',
      Resource: `<${one(response, 'AWS::Events::EventBus').id}.Arn>`,
      Condition: {
        ArnNotEquals: {
          'aws:PrincipalArn': ['CordonDrillRole', 'CordonHeartbeatLambdaRole'].map(
            (role) => `arn:<AWS::Partition>:iam::<AWS::AccountId>:role/cordon/${role}`,
          ),
        },
      },
    });
  });
});

describe('the result of a drill', () => {
  const { id, properties } = one(response, 'AWS::Events::Rule', /DrillResults/);
  const notifier = one(response, 'AWS::Lambda::Function', /NotifyLambda/).id;

  it('comes over the drill bus to the notifier, and cannot ask for another mail', () => {
    expect(at(properties, 'EventBusName')).toBe(`<${one(response, 'AWS::Events::EventBus').id}>`);
    expect(at(properties, 'EventPattern')).toEqual({
      source: ['cordon.drill'],
      'detail-type': ['Drill Result'],
    });
    expect(at(properties, 'Targets', 0, 'Arn')).toBe(`<${notifier}.Arn>`);
    expect(at(properties, 'Targets', 0, 'InputTransformer')).toEqual({
      InputTemplate: '{"kind": "drill", "event": <aws.events.event.json>}',
    });
  });

  it('is the only thing for which a service may call the notifier by itself', () => {
    const policy = ofType(response, 'AWS::Lambda::ResourcePolicy').find(
      ({ properties }) => at(properties, 'ResourceArn') === `<${notifier}.Arn>`,
    );
    const statements = listAt(policy?.properties, 'PolicyDocument', 'Statement');
    // Besides, a schedule asks again what nobody has answered.
    expect(statements.filter((statement) => at(statement, 'Effect') === 'Allow')).toEqual(
      ['QuestionRule', id].map((rule) => ({
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: `<${notifier}.Arn>`,
        Condition: { ArnLike: { 'aws:SourceArn': `<${rule}.Arn>` } },
      })),
    );
  });
});

describe('the topic', () => {
  const topic = one(response, 'AWS::SNS::Topic');
  const policy = listAt(
    one(response, 'AWS::SNS::TopicPolicy').properties,
    'PolicyDocument',
    'Statement',
  );

  it(
    'takes messages only over TLS, from this account’s alarms and from the rule that watches ' +
      'for tampering, also if EventBridge does not say which it is',
    () => {
      const rule = one(response, 'AWS::Events::Rule', /Guard/).id;

      const others = ['OnlyCordonPublishes', 'OnlyDeployersChangeTheTopic'];
      const own = policy.filter((statement) => !others.includes(String(at(statement, 'Sid'))));

      expect(policy.length - own.length).toBe(others.length);
      expect(lines(own)).toEqual([
        `Allow sns:Publish <${topic.id}> {"ArnEqualsIfExists":{"aws:SourceArn":"<${rule}.Arn>"}}`,
        `Allow sns:Publish <${topic.id}> {"StringEquals":{"aws:SourceAccount":"<AWS::AccountId>"}}`,
        `Deny sns:Publish <${topic.id}> {"Bool":{"aws:SecureTransport":"false"}}`,
      ]);
    },
  );

  it('is encrypted with its own key', () => {
    expect(at(topic.properties, 'KmsMasterKeyId')).toBe(
      `<${one(response, 'AWS::KMS::Key', /^Alerts/).id}.Arn>`,
    );
  });
});

describe('alarms', () => {
  const alarms = ofType(response, 'AWS::CloudWatch::Alarm');

  it.each(alarms.map(({ id, properties }) => [id, properties] as const))(
    '%s tells a person what happened and what to do',
    (id, properties) => {
      expect(at(properties, 'AlarmActions')).toEqual([`<${one(response, 'AWS::SNS::Topic').id}>`]);
      // What must happen again and again is missed when there is no data.
      const missing = /Silent/.test(id) ? 'breaching' : 'notBreaching';
      expect(at(properties, 'TreatMissingData')).toBe(missing);
      expect(String(at(properties, 'AlarmDescription'))).toMatch(/^Cordon: .+\. .+\.$/);
    },
  );

  it('watch the dead letters and the function that contains', () => {
    expect(
      alarms.map(({ properties }) =>
        [at(properties, 'Namespace'), at(properties, 'MetricName')].join(' '),
      ),
    ).toEqual(
      expect.arrayContaining([
        'AWS/SQS ApproximateNumberOfMessagesVisible',
        'AWS/Lambda Errors',
        'AWS/Lambda Throttles',
      ]),
    );
  });
});
