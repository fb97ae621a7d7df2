// A question says what a containment would touch, read with the rights of the function that asks;
// row 22 of the intruder: and what it would leave running.
import {
  CreateEventSourceMappingCommand,
  InvokeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { beforeAll, expect, it } from 'vitest';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { injectEvent } from '../../../operator/inject.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { borrowed } from '../../support/engine/deployed.ts';
import { makeFunction, makeRole } from '../../support/engine/workload.ts';
import { awaited, type Desk, deskOf, mailsWith } from './case.ts';
import { clientsOf } from './clients.ts';
import { expectNoEvidence } from './evidence.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await deskOf(await borrowed());
});

it('a question says who shares the role, what waits, and how often the function was called', async () => {
  const [functionName, roleName, queue] = ['radius', 'radius-role', 'radius-queue'];
  const roleArn = await makeRole(desk.cordon, roleName);
  await makeFunction(desk.cordon, functionName, roleArn, { tags: { 'cordon:tier': 'critical' } });
  await makeFunction(desk.cordon, 'radius-neighbour', roleArn);
  const { lambda, sqs } = clientsOf(desk.cordon);
  await lambda.send(new InvokeCommand({ FunctionName: functionName }));
  await lambda.send(new InvokeCommand({ FunctionName: functionName }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: queue }));
  await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: functionName,
      EventSourceArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${queue}`,
      // A batch that is never full: what waits stays where it is.
      BatchSize: 1_000,
      MaximumBatchingWindowInSeconds: 300,
    }),
  );
  for (let index = 0; index < 3; index += 1)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'an order' }));

  const detail = findingAbout({ functionName, roleName, roleArn }, 'c0ffee00radius');
  const injected = await injectEvent(
    desk.place,
    desk.table,
    'default',
    { detailType: 'GuardDuty Finding', detail },
    { within: 120_000 },
  );
  if ('refused' in injected) throw new Error(injected.refused);
  const { id } = injected.incident.head;
  const { head } = await awaited(desk, id, 'asked', ({ mails }) =>
    mails.some(({ kind }) => kind === 'ask'),
  );

  expect(head.proposal?.radius).toMatchObject({
    roleUsers: [`function radius-neighbour runs with role ${roleName}`],
    invocations: [{ functionName, lastHour: 2 }],
  });
  expect(head.proposal?.radius?.backlog?.map((waiting) => waiting.queue)).toEqual([queue]);
  const [mail] = await mailsWith(desk, id, 'radius-neighbour');
  expect(mail?.body).toContain('was called 2 times in the last hour');
  expect(head.proposal?.radius?.goesOn).toEqual([]);
  expect(mail?.body).toMatch(/about \d+ messages? in queue radius-queue/);
});

it('row 22: a question says what a pause of the function would not stop', async () => {
  const [functionName, roleName] = ['radius-durable', 'radius-durable-role'];
  const roleArn = await makeRole(desk.cordon, roleName);
  await makeFunction(desk.cordon, functionName, roleArn, { tags: { 'cordon:tier': 'critical' } });
  await clientsOf(desk.cordon).lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: functionName,
      DurableConfig: { ExecutionTimeout: 3_600, RetentionPeriodInDays: 1 },
    }),
  );
  const detail = findingAbout({ functionName, roleName, roleArn }, 'c0ffee00durable');
  const envelope = { detailType: 'GuardDuty Finding', detail };
  const injected = await injectEvent(desk.place, desk.table, 'default', envelope, {
    within: 120_000,
  });
  if ('refused' in injected) throw new Error(injected.refused);
  const { id } = injected.incident.head;

  const [mail] = await mailsWith(desk, id, 'durable executions of radius-durable');

  expect(mail?.body).toContain('until their next checkpoint');
  await expectNoEvidence(desk, id, { detail: expect.objectContaining({ id: detail.id }) });
});
