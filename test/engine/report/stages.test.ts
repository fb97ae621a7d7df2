import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  GetFunctionCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import type { Case } from '../../../responders/incident/case.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { partition, type Table } from '../../../responders/incident/table.ts';
import { deployed, type OwnDeployed, outputOf } from '../../support/engine/deployed.ts';
import { rawMails } from '../../support/engine/inbox.ts';

let at: OwnDeployed;
let table: Table;
let lambda: LambdaClient;
let sfn: SFNClient;

beforeAll(async () => {
  at = await deployed();
  const config = clientConfig(at);
  table = { dynamo: new DynamoDBClient(config), name: outputOf(at, 'CaseTableName') };
  lambda = new LambdaClient(config);
  sfn = new SFNClient(config);
});
afterAll(() => at.engine.stop());

const until = async <T>(
  what: string,
  look: () => Promise<T | undefined>,
  seconds = 250,
): Promise<T> => {
  const end = Date.now() + seconds * 1_000;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(100);
  }
  throw new Error(`not seen within ${seconds} s: ${what}`);
};

/**
 * A function that may not read the case table any more: it fails at once, and trying again does not
 * help.
 */
const broken = async (FunctionName: string, during: () => Promise<void>): Promise<void> => {
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
  const Variables = Configuration?.Environment?.Variables ?? {};
  const set = (table: string) =>
    lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        Environment: { Variables: { ...Variables, CORDON_TABLE: table } },
      }),
    );
  await set('somebody-elses');
  try {
    await during();
  } finally {
    await set(Variables.CORDON_TABLE ?? '');
  }
};

/**
 * A finding that tells and changes nothing, because it names no function: so stages can be watched
 * without containing.
 */
const send = async (id: string): Promise<void> => {
  const now = new Date().toISOString();
  const detail = {
    ...{
      id,
      type: 'Backdoor:Lambda/C&CActivity.B',
      severity: 8,
      accountId: '000000000000',
      region: 'us-east-1',
      partition: 'aws',
    },
    ...{
      title: 'x',
      createdAt: now,
      updatedAt: now,
      resource: { resourceType: 'Lambda' },
      service: { archived: false, detectorId: 'd0c0ffee00000000000000000000cafe' },
    },
  };
  const Entries = [
    { Source: 'aws.guardduty', DetailType: 'GuardDuty Finding', Detail: JSON.stringify(detail) },
  ];
  const { FailedEntryCount } = await new EventBridgeClient(clientConfig(at)).send(
    new PutEventsCommand({ Entries }),
  );
  expect(FailedEntryCount).toBe(0);
};

const incidentOf = (findingId: string): Promise<string> =>
  until(`an incident for ${findingId}`, async () => {
    const [claim] = await partition(table, `CLAIM#real#000000000000#us-east-1#${findingId}`);
    return claim && String(claim.incidentId);
  });

const reported = (findingId: string): Promise<Case> =>
  until(`report 1 of ${findingId}`, async () => {
    const found = await readCase(table, await incidentOf(findingId));
    return found.mails.some(({ kind }) => kind === 'report1') ? found : undefined;
  });

const mailWith = (...words: string[]) =>
  until(`a mail with ${words.join(' and ')}`, async () =>
    rawMails(at.engine.runDir).find((mail) => words.every((word) => mail.includes(word))),
  );

it('the report goes out without evidence, and names what is missing', () =>
  broken('EvidenceCollectionLambda', async () => {
    await send('evidence-is-down');

    const { head, stages } = await reported('evidence-is-down');

    expect(stages).toContainEqual(
      expect.objectContaining({
        name: 'evidence',
        status: 'failed',
        error: 'AccessDeniedException',
      }),
    );
    expect(await mailWith(head.id, 'report 1 ', 'AccessDeniedException')).toContain(
      'These stages FAILED',
    );
  }));

it('the report goes out without a timeline, and says so', () =>
  broken('TimelineAnalysisLambda', async () => {
    await send('timeline-is-down');
    const { head } = await reported('timeline-is-down');
    expect(await mailWith(head.id, 'report 1 ')).toMatch(
      /These stages FAILED[\s\S]*timeline[\s\S]*AccessDeniedException/,
    );
  }));

it('a report that cannot be written is missed by name', () =>
  broken('GenerateReportLambda', async () => {
    await send('report-is-down');
    const { head } = await reported('report-is-down');
    expect(await mailWith(head.id, 'report 1 ')).toContain('The report is MISSING.');
  }));

it('when containment itself cannot run, a person is told which execution to read', () =>
  broken(outputOf(at, 'ContainmentFunctionName'), async () => {
    await send('containment-is-down');

    const mail = await mailWith(
      'Subject: Cordon: containment FAILED, act by hand',
      'AccessDeniedException',
    );

    const [execution = ''] = /arn:aws:states:\S+:execution:\S+/.exec(mail) ?? [];
    const failed = await until('the execution to fail', async () => {
      const found = await sfn.send(new DescribeExecutionCommand({ executionArn: execution }));
      return found.status === 'FAILED' ? found : undefined;
    });
    expect(failed).toMatchObject({
      error: 'ContainmentFailed',
      input: expect.stringContaining('containment-is-down'),
    });
    await mailWith('ALARM');
  }));

it('when the notifier is down, the notice goes out without it', () =>
  broken('NotifyLambda', async () => {
    await send('notifier-is-down');
    const id = await incidentOf('notifier-is-down');
    const { stages } = await until('report 1', async () => {
      const found = await readCase(table, id);
      return found.stages.some(({ name }) => name === 'report1') ? found : undefined;
    });
    expect(stages).toContainEqual(expect.objectContaining({ name: 'flash', status: 'failed' }));
    expect((await readCase(table, id)).mails).toEqual([]);
    expect(await mailWith(`Cordon: notice failed for ${id}`)).toContain(
      'could not write its notice (AccessDeniedException)',
    );
  }));

it('who touches what finds, records or responds is told in our words, and none of the caller’s own text', async () => {
  const detail = {
    ...{
      eventName: 'StopLogging',
      eventSource: 'cloudtrail.amazonaws.com',
      eventTime: '2026-11-21T10:00:00Z',
      eventID: 'e-4711',
    },
    ...{
      awsRegion: 'us-east-1',
      sourceIPAddress: '198.51.100.7',
      userIdentity: { arn: 'arn:aws:sts::000000000000:assumed-role/ops/mallory' },
    },
    ...{
      userAgent: 'call https://evil.example',
      requestParameters: { name: 'all is well, see https://evil.example' },
    },
  };
  const entry = {
    Source: 'aws.cloudtrail',
    DetailType: 'AWS API Call via CloudTrail',
    Detail: JSON.stringify(detail),
  };
  await new EventBridgeClient(clientConfig(at)).send(new PutEventsCommand({ Entries: [entry] }));

  // Notices of the incidents above may go out with it, in a digest: it shows subject and state.
  const mail = await mailWith('Cordon itself was CHANGED: cloudtrail:StopLogging');

  expect(mail.replaceAll(/\s+/g, ' ')).toContain(
    'CHANGED, by arn:aws:sts::000000000000:assumed-role/ops/mallory from 198.51.100.7, ' +
      'at 2026-11-21T10:00:00Z. NEXT: ',
  );
  expect(mail).not.toContain('evil');
});
