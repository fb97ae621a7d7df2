import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  ArchiveFindingsCommand,
  CreateDetectorCommand,
  DeleteDetectorCommand,
  GetDetectorCommand,
  GetFindingsCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-guardduty';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lambdaFinding } from '../../support/fakes/findings.ts';
import { type Engine, startEngine } from './engine.ts';
import { allow, deploy, outcome, roleKeys } from './world.ts';

let engine: Engine;
let guardDuty: GuardDutyClient;
beforeAll(async () => {
  engine = await startEngine();
  guardDuty = new GuardDutyClient(engine.client());
});
afterAll(() => engine.stop());

const DetectorId = 'd0c0ffee00000000000000000000cafe';

const publish = async (id: string, severity = 8, region = 'us-east-1'): Promise<void> => {
  const { detail } = lambdaFinding({ id, severity });
  const entry = {
    Source: 'aws.guardduty',
    DetailType: 'GuardDuty Finding',
    Detail: JSON.stringify({ ...detail, service: { ...detail.service, detectorId: DetectorId } }),
  };
  const events = new EventBridgeClient({ ...engine.client(), region });
  await events.send(new PutEventsCommand({ Entries: [entry] }));
};

const held = async (FindingIds: string[], client = guardDuty) =>
  (await client.send(new GetFindingsCommand({ DetectorId, FindingIds }))).Findings ?? [];

test('what the root key publishes as GuardDuty can be asked for, in its newest revision', async () => {
  await publish('first', 4);
  await publish('first', 8);

  expect(await held(['first', 'unknown'])).toMatchObject([
    {
      Id: 'first',
      Severity: 8,
      Resource: { LambdaDetails: { FunctionName: 'orders' } },
      Service: { DetectorId, Archived: false },
    },
  ]);
  expect((await guardDuty.send(new ListFindingsCommand({ DetectorId }))).FindingIds).toEqual([
    'first',
  ]);
});

test('a finding is held in its region only', async () => {
  await publish('far', 8, 'eu-west-1');

  expect(await held(['far'])).toEqual([]);
  const there = new GuardDutyClient({ ...engine.client(), region: 'eu-west-1' });
  expect(await held(['far'], there)).toHaveLength(1);
});

test('what is no event of GuardDuty is not held', async () => {
  const keys = await roleKeys(engine, 'forger', [allow('events:PutEvents')]);
  const { detail } = lambdaFinding({ id: 'forged' });
  const entry = { DetailType: 'GuardDuty Finding', Detail: JSON.stringify(detail) };
  await new EventBridgeClient(engine.client(keys)).send(
    new PutEventsCommand({ Entries: [{ ...entry, Source: 'aws.guardduty' }] }),
  );
  await new EventBridgeClient(engine.client()).send(
    new PutEventsCommand({ Entries: [{ ...entry, Source: 'cordon.drill' }] }),
  );

  expect(await held(['forged'])).toEqual([]);
});

test('a detector of nobody, and too many ids, are bad requests', async () => {
  const get = (input: { DetectorId: string; FindingIds: string[] }) =>
    outcome(guardDuty.send(new GetFindingsCommand(input)));

  expect(await get({ DetectorId: 'f'.repeat(32), FindingIds: ['first'] })).toBe(
    'BadRequestException',
  );
  expect(await get({ DetectorId, FindingIds: Array(51).fill('first') })).toBe(
    'BadRequestException',
  );
});

test('an archived finding says so', async () => {
  await publish('old');
  await guardDuty.send(new ArchiveFindingsCommand({ DetectorId, FindingIds: ['old'] }));

  expect(await held(['old'])).toMatchObject([{ Service: { Archived: true } }]);
});

test('GetFindings is authorised on its detector', async () => {
  const detector = `arn:aws:guardduty:us-east-1:000000000000:detector/${DetectorId}`;
  const allowed = await roleKeys(engine, 'asker', [allow('guardduty:GetFindings', detector)]);
  const other = await roleKeys(engine, 'other', [allow('guardduty:GetFindings', `${detector}0`)]);
  const ask = (keys: typeof allowed) =>
    outcome(held(['first'], new GuardDutyClient(engine.client(keys))));

  expect([await ask(allowed), await ask(other)]).toEqual(['ok', 'AccessDeniedException']);
});

test('a template makes the detector of a region, and takes it away with its findings', async () => {
  const client = new GuardDutyClient({ ...engine.client(), region: 'us-east-1' });
  const Detector = {
    Type: 'AWS::GuardDuty::Detector',
    Properties: { Enable: true, FindingPublishingFrequency: 'FIFTEEN_MINUTES' },
  };
  const { Id = '' } = await deploy(
    engine,
    'detector',
    { Detector },
    {
      Id: { Value: { Ref: 'Detector' } },
    },
  );

  expect((await client.send(new ListDetectorsCommand({}))).DetectorIds).toContain(Id);
  expect(await client.send(new GetDetectorCommand({ DetectorId: Id }))).toMatchObject({
    Status: 'ENABLED',
    FindingPublishingFrequency: 'FIFTEEN_MINUTES',
  });
  expect(await outcome(client.send(new CreateDetectorCommand({ Enable: true })))).toBe(
    'BadRequestException',
  );
  await client.send(new DeleteDetectorCommand({ DetectorId }));
  expect(await outcome(held(['first']))).toBe('BadRequestException');
});
