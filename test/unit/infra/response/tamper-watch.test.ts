import { describe, expect, it } from 'vitest';
import { auditFunctions } from '../../../../protected-app/audit/functions.ts';
import { type TamperScope, tamperCall } from '../../../../responders/report/tamper-call.ts';
import { response } from '../../../support/infra/shared.ts';
import { at, lines, listAt, ofType, one, synthesise } from '../../../support/infra/synthesised.ts';
import { heardEvent } from '../../../support/responders/report/tampering.ts';

const queue = one(response, 'AWS::SQS::Queue', /^TamperQueue[0-9A-F]+$/);
const rule = one(response, 'AWS::Events::Rule', /TamperWatchRule/);
const guard = one(response, 'AWS::Events::Rule', /TamperWatchGuard/);
const teller = one(response, 'AWS::Lambda::Function', /TamperLambda/);

const watchedText = (by: typeof teller): string =>
  String(at(by.properties, 'Environment', 'Variables', 'CORDON_WATCHED'));

/** What a deployed function takes for its own; a resource is written by its logical id. */
const scopeOf = (by: typeof teller): TamperScope => ({
  own: [...(watchedText(by).split('"deployers"')[0] ?? '').matchAll(/"([^"{}[\]]+)"/g)].map(
    ([, pattern = '']) => pattern,
  ),
  deployers: [],
});

describe('the rule that hears changes of Cordon', () => {
  it('hears allowed and denied calls, and only what AWS itself publishes', () => {
    expect(at(rule.properties, 'EventPattern', 'source')).toEqual([{ prefix: 'aws.' }]);
    expect(at(rule.properties, 'EventPattern', 'detail', 'errorCode')).toBeUndefined();
  });

  it.each([rule, guard])('has a pattern that EventBridge takes: $id', ({ properties }) => {
    // A name that CloudFormation makes has at most 80 characters here, an ARN 140.
    const pattern = JSON.stringify(at(properties, 'EventPattern')).replaceAll(
      /<[^>]+>/g,
      'x'.repeat(140),
    );
    expect(pattern.length).toBeLessThanOrEqual(2_048);
  });

  it('sends to a queue that only EventBridge fills, for this rule', () => {
    expect(at(rule.properties, 'Targets', 0, 'Arn')).toBe(`<${queue.id}.Arn>`);
    const policy = one(response, 'AWS::SQS::QueuePolicy', /^TamperQueuePolicy/).properties;
    const statements = lines(listAt(policy, 'PolicyDocument', 'Statement'));
    expect(statements).toContain(
      `Allow sqs:SendMessage <${queue.id}.Arn> ` +
        `{"ArnEquals":{"aws:SourceArn":"<${rule.id}.Arn>"}}`,
    );
    expect(statements).toContain(
      `Deny sqs:SendMessage <${queue.id}.Arn> {"Bool":{"aws:PrincipalIsAWSService":"false"}}`,
    );
  });

  it('is read in batches, so that a flood becomes few mails', () => {
    const mapping = one(response, 'AWS::Lambda::EventSourceMapping', /TamperWatch/).properties;
    expect(mapping).toMatchObject({
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 5,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

/** Services without which a change of Cordon, or of what it relies on, would go unheard. */
const heardServices = [
  ...['athena', 'cloudtrail', 'dynamodb', 'events', 'glue', 'guardduty', 'iam', 'kms', 'lambda'],
  ...['logs', 'monitoring', 'organizations', 's3', 'scheduler', 'secretsmanager', 'sns', 'sqs'],
  'states',
];

const scope = scopeOf(teller);

const execution = 'arn:aws:states:eu-west-1:111122223333:execution:MachinesIncidentA1B2-x:run-1';

describe('a call that silences Cordon', () => {
  it('is heard in each of these services, and in no other', () => {
    const sources = listAt(rule.properties, 'EventPattern', 'detail', 'eventSource').map(String);

    expect(sources.toSorted()).toEqual(heardServices.map((name) => `${name}.amazonaws.com`));
  });

  it.each([
    ['states', 'StopExecution', { executionArn: execution }],
    ['glue', 'UpdateTable', { databaseName: 'cordon', tableInput: { name: 'cloudtrail' } }],
    ['guardduty', 'CreateIPSet', { detectorId: 'd', location: 's3://list/of-addresses' }],
    ['guardduty', 'UpdateIPSet', { detectorId: 'd', ipSetId: 'i', activate: true }],
    ['guardduty', 'CreateThreatIntelSet', { detectorId: 'd', location: 's3://list/x' }],
    ['guardduty', 'DisassociateFromAdministratorAccount', { detectorId: 'd' }],
  ])('is heard and told: %s:%s', (service, eventName, requestParameters) => {
    const names = listAt(rule.properties, 'EventPattern', 'detail', 'eventName');
    const eventSource = `${service}.amazonaws.com`;

    expect(heardServices).toContain(service);
    expect(names).toEqual([{ 'anything-but': expect.not.arrayContaining([eventName]) }]);
    expect(
      tamperCall(heardEvent({ eventSource, eventName, requestParameters }), scope),
    ).toMatchObject({ service, call: eventName });
  });

  it('is not told where it stops an execution of another machine', () => {
    const eventSource = 'states.amazonaws.com';
    const requestParameters = { executionArn: execution.replace('Machines', 'Shop') };

    expect(
      tamperCall(heardEvent({ eventSource, eventName: 'StopExecution', requestParameters }), scope),
    ).toBeUndefined();
  });
});

describe('where the audit is chosen', () => {
  const audited = synthesise({ systems: ['audit'] }).stacks.CordonResponse;
  const scopeWithAudit = scopeOf(one(audited, 'AWS::Lambda::Function', /TamperLambda/));
  const account = 'us-east-1:111122223333';
  const subscriptionArn = `arn:aws:sns:${account}:app-audit:0a1b`;

  const changes: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    ['sns', 'Unsubscribe', { subscriptionArn }],
    ['sns', 'SetSubscriptionAttributes', { subscriptionArn, attributeName: 'FilterPolicy' }],
    ['sns', 'PutDataProtectionPolicy', { resourceArn: `arn:aws:sns:${account}:cordon-audit` }],
    ['sqs', 'SetQueueAttributes', { queueUrl: 'https://sqs/1/CordonAudit-IntakeQueue1-x' }],
    ...auditFunctions.map(
      ({ name }) => ['lambda', 'PutFunctionConcurrency', { functionName: name }] as const,
    ),
    ['dynamodb', 'UpdateTable', { tableName: 'CordonAudit-StoreEvents1-X' }],
    ['s3', 'PutBucketPolicy', { bucketName: 'cordonaudit-storeseals1-x' }],
  ];
  it.each(changes)('a change of it is told: %s:%s', (service, eventName, requestParameters) => {
    const heard = heardEvent({
      ...{ eventSource: `${service}.amazonaws.com`, eventName, requestParameters },
    });

    expect(tamperCall(heard, scopeWithAudit)).toMatchObject({ service, call: eventName });
    expect(tamperCall(heard, scope)).toBeUndefined();
  });

  const arn = (service: string, name: string) => `arn:aws:${service}:${account}:${name}`;
  const functions = {
    own: arn('lambda', 'function:AuditIngest'),
    other: arn('lambda', 'function:Shop'),
  };
  const queues = { own: arn('sqs', 'CordonAudit-IntakeQueue1-x'), other: arn('sqs', 'shop') };
  const mapping = (responseElements: Readonly<Record<string, string>>) =>
    heardEvent({
      eventName: 'UpdateEventSourceMapping20150331',
      requestParameters: { uUID: '0a1b2c3d-0000-4000-8000-000000000000', enabled: false },
      responseElements,
    });

  it.each([
    ['of its function', { functionArn: functions.own, eventSourceArn: queues.other }],
    ['of its queue', { functionArn: functions.other, eventSourceArn: queues.own }],
  ])('a change of an event source mapping %s is told, which names an id', (_words, answer) => {
    expect(tamperCall(mapping(answer), scopeWithAudit)).toMatchObject({
      ...{ service: 'lambda', call: 'UpdateEventSourceMapping' },
      resource: expect.stringMatching(/AuditIngest$|IntakeQueue/),
    });
  });

  it('a change of the mapping of others is not', () => {
    const answer = { functionArn: functions.other, eventSourceArn: queues.other };
    expect(tamperCall(mapping(answer), scopeWithAudit)).toBeUndefined();
  });

  it('a subscription of another topic is not', () => {
    const eventName = 'Unsubscribe';
    const other = { subscriptionArn: `arn:aws:sns:${account}:app-audit-of-others:0a1b` };
    const heard = heardEvent({
      ...{ eventSource: 'sns.amazonaws.com', eventName, requestParameters: other },
    });
    expect(tamperCall(heard, scopeWithAudit)).toBeUndefined();
  });
});

describe('the rule that hears changes of the way of telling', () => {
  it('mails directly, and hears what was done by no deployment', () => {
    expect(at(guard.properties, 'Targets', 0, 'Arn')).toBe(
      `<${one(response, 'AWS::SNS::Topic').id}>`,
    );
    expect(at(guard.properties, 'EventPattern', 'detail')).toMatchObject({
      errorCode: [{ exists: false }],
      userIdentity: {
        invokedBy: [{ exists: false }, { 'anything-but': 'cloudformation.amazonaws.com' }],
      },
    });
  });

  it('names the first rule, whose names in turn begin like its own', () => {
    const branches = listAt(guard.properties, 'EventPattern', 'detail', '$or');
    expect(branches).toContainEqual({ requestParameters: { name: [`<${rule.id}>`] } });
    expect(watchedText(teller)).toContain('*CordonResponse-*');
  });
});

it('the function knows every key of the deployment', () => {
  const watched = watchedText(teller);
  const keys = ofType(response, 'AWS::KMS::Key').map(({ id }) => id);
  expect(keys.length).toBeGreaterThan(5);
  expect(keys.filter((id) => !watched.includes(id))).toEqual([]);
});
