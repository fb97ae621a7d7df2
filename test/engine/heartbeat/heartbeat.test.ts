// A heartbeat has its canary contained and released, says nothing while it works, and can be used
// for nothing else.
import { KMSClient } from '@aws-sdk/client-kms';
import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { beforeAll, expect, it } from 'vitest';
import { heartbeatOutcome } from '../../../cli/doctor/checks-heartbeat.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import { readInbox } from '../../../local/inbox.ts';
import { type EndedExecution, endOf } from '../../../operator/executions.ts';
import { until } from '../../../operator/wait.ts';
import { findingIdOf } from '../../../responders/heartbeat/finding.ts';
import { incidentOfClaim } from '../../../responders/incident/case-table.ts';
import {
  heartbeatCanary,
  heartbeatFields,
  heartbeatWord,
} from '../../../responders/incident/heartbeat.ts';
import { makeProof } from '../../../responders/incident/make-proof.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { at } from '../../../responders/shared/json.ts';
import { roleOf, templateRoles } from '../../support/engine/account.ts';
import { borrowed, outputOf } from '../../support/engine/deployed.ts';
import { sessionOf } from '../../support/engine/keys.ts';
import { awaited, type Desk, deskOf, incidentAbout, mailsWith } from '../intruder/case.ts';
import { clientsOf } from '../intruder/clients.ts';
import { denied, intruder } from '../intruder/intruder.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await deskOf(await borrowed());
});

const root = () => clientsOf(desk.cordon);

const run = async (
  machine: string,
  input: object,
): Promise<EndedExecution & { readonly execution: string }> => {
  const { states } = root();
  const { executionArn = '' } = await states.send(
    new StartExecutionCommand({
      stateMachineArn: outputOf(desk.cordon, machine),
      input: JSON.stringify(input),
    }),
  );
  const end = await until(() => endOf(states, executionArn), {
    within: 240_000,
    timeoutMessage: `${executionArn} has not ended`,
  });
  return { ...end, execution: executionArn };
};

const incidentOf = async (execution: string) => {
  const { account, region } = desk.place;
  const findingId = findingIdOf(execution);
  const id = await incidentOfClaim(desk.table, { drill: true, account, region, findingId });
  return readCase(desk.table, id ?? '');
};

it('succeeds twice in a row: its incident is contained, released and complete, without a mail', async () => {
  for (const _turn of [1, 2]) {
    const { status, error, execution } = await run('HeartbeatMachineArn', {});
    expect([status, error]).toEqual(['SUCCEEDED', null]);

    const { head, actions, mails, stages } = await incidentOf(execution);
    expect(head).toMatchObject({
      state: 'released',
      drill: true,
      release: { by: 'heartbeat' },
      suspect: { functionName: heartbeatCanary },
    });
    expect(actions.map(({ outcome }) => outcome)).not.toContain('not-released');
    expect(stages.map(({ status }) => status)).not.toContain('failed');
    expect(mails).toEqual([]);
    const told = readInbox(desk.cordon.engine.runDir).filter(({ subject, body }) =>
      `${subject}${body}`.includes(head.id),
    );
    expect(told).toEqual([]);
  }
});

it('its last success is in what doctor says, and too old a one is no success', async () => {
  const now = Date.now();
  const { detail, fix } = await heartbeatOutcome(desk.place, now);
  expect([detail, fix]).toEqual([
    expect.stringMatching(/^the last success was at \S+Z$/),
    undefined,
  ]);

  const later = await heartbeatOutcome(desk.place, now + 27 * 3_600_000);
  expect(later.fix).toContain('HeartbeatMachineArn');
});

it('fails and mails where its canary is paused before, and names the step', async () => {
  const { lambda } = root();
  const reserve = (ReservedConcurrentExecutions: number) =>
    lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: heartbeatCanary,
        ReservedConcurrentExecutions,
      }),
    );
  await reserve(0);
  const { status, error, execution } = await run('HeartbeatMachineArn', {});
  await reserve(1);

  expect([status, error]).toEqual(['FAILED', expect.stringContaining('HeartbeatFailed')]);
  const [mail] = await mailsWith(desk, 'the heartbeat FAILED', execution);
  expect(mail?.body).toContain('the canary cannot be started before it is contained');
});

it('its right makes no release of a real incident', async () => {
  const { id } = await incidentAbout(desk, 'heartbeat-victim');
  const { head } = await awaited(desk, id, 'contained', (it) => it.head.state === 'contained');
  const { roleName } = roleOf(await templateRoles(desk.cordon), 'HeartbeatLambda');
  const keys = await sessionOf(desk.cordon, roleName, 'HeartbeatLambda');
  const kms = new KMSClient(clientConfig(desk.cordon, keys));
  const key = outputOf(desk.cordon, 'DrillKeyArn');
  const fields = heartbeatFields(head);
  const proof = await makeProof(kms, key, { purpose: 'drill', fields, now: Date.now() });

  for (const input of [
    { incidentId: id, ...heartbeatWord, proof },
    { incidentId: id, ...heartbeatWord, by: `arn:aws:iam::${ACCOUNT}:root`, proof },
  ]) {
    const { output } = await run('ReleaseMachineArn', input);
    expect(at(output, 'released')).toBe(false);
  }
  expect((await readCase(desk.table, id)).head).toMatchObject({
    state: 'contained',
    release: null,
  });
});

it('an intruder can neither take the role of the canary, nor name another in the input', async () => {
  const stranger = await intruder(desk.cordon, 'intruder-heartbeat');
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/${heartbeatCanary}-role`;
  const attempt = {
    words: 'take the role of the canary',
    action: 'sts:AssumeRole',
    resource: RoleArn,
    send: ({ sts }: typeof stranger.clients) =>
      sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: heartbeatCanary })),
  };
  expect(await stranger.judged(attempt)).toEqual(denied);

  const { execution } = await run('HeartbeatMachineArn', {
    step: 'release',
    execution: 'another',
    functionName: 'orders',
  });
  const { head } = await incidentOf(execution);
  expect(head.suspect).toMatchObject({ functionName: heartbeatCanary });
});
