import { setTimeout as sleep } from 'node:timers/promises';
import {
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import { deployed, type OwnDeployed, outputOf } from '../../support/engine/deployed.ts';
import { drillEventOf } from '../../support/engine/drill-event.ts';
import { caseOf, eventAbout, incidentAbout, lambdaOf, makeVictim } from './incident.ts';

let cordon: OwnDeployed;
beforeAll(async () => {
  cordon = await deployed();
  for (const name of ['victim', 'other']) await makeVictim(cordon, name);
});
afterAll(() => cordon?.engine.stop());

const seconds = (from: number | null, to: number | null): number =>
  (Number(to) - Number(from)) / 1_000;

/**
 * Seconds: more than a busy machine needs to contain and to tell, so that waiting for the evidence
 * would show.
 */
const hangs = 15;

const respond = async (name: string): Promise<string> => {
  const sfn = new SFNClient(clientConfig(cordon));
  const event = await drillEventOf(cordon, eventAbout(name, `hang${name}`));
  const input = JSON.stringify({ event, drill: true });
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: outputOf(cordon, 'IncidentMachineArn'), input }),
  );
  for (;;) {
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return status ?? '';
    await sleep(200);
  }
};

it('evidence that hangs delays no containment: the clocks say so, and the incident completes with the gap', async () => {
  const FunctionName = 'EvidenceCollectionLambda';
  const hang =
    'export const handler = () => new Promise(() => setInterval(() => undefined, 1_000));';
  await lambdaOf(cordon).send(
    new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: hangs }),
  );
  await lambdaOf(cordon).send(
    new UpdateFunctionCodeCommand({
      FunctionName,
      ZipFile: zipOf([{ name: 'index.mjs', data: Buffer.from(hang) }]),
    }),
  );

  const status = await respond('victim');
  const { head, stages } = await caseOf(
    cordon,
    await incidentAbout(cordon, 'victim', { id: 'hangvictim' }),
  );

  expect(status).toBe('SUCCEEDED');
  expect(head.state).toBe('contained');
  for (const clock of ['accepted', 'effective', 'flash'] as const)
    expect(seconds(head.clocks.received, head.clocks[clock])).toBeLessThan(hangs);
  expect(head.clocks.evidence).toBeNull();
  expect(seconds(head.clocks.received, head.clocks.report1)).toBeGreaterThan(hangs);
  expect(stages.filter((stage) => stage.status === 'failed').map(({ name }) => name)).toEqual(
    expect.arrayContaining(['evidence']),
  );
});
