// Row 10 of the intruder: the call was made in another region, so the finding arises there.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import {
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ListFunctionsCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { releaseIncident } from '../../../operator/release.ts';
import { until } from '../../../operator/wait.ts';
import { incidentOfClaim } from '../../../responders/incident/case-table.ts';
import { at } from '../../../responders/shared/json.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { borrowed, outputOf } from '../../support/engine/deployed.ts';
import { permit, sessionOf, verdict } from '../../support/engine/keys.ts';
import { makeFunction, makeRole } from '../../support/engine/workload.ts';
import { awaited, type Desk, deskOf, mailsWith } from './case.ts';
import { attachedTo, type Clients, clientsOf } from './clients.ts';
import { expectEvidence, expectNoEvidence } from './evidence.ts';
import { type Intruder, intruder } from './intruder.ts';

const further = 'eu-west-1';
const reading = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['lambda:ListFunctions', 'iam:GetRole'], Resource: '*' }],
};

let desk: Desk;
let stranger: Intruder;
let root: Clients;
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  stranger = await intruder(cordon, 'intruder-regions');
  root = clientsOf(cordon);
});

const lambdaIn = (region: string) => new LambdaClient(clientConfig({ ...desk.cordon, region }));

/** A function in a region, with a role that reads. */
const workloadIn = async (region: string, functionName: string) => {
  const roleName = `${functionName}-role`;
  const roleArn = await makeRole(desk.cordon, roleName);
  await permit(desk.cordon, roleName, reading);
  await makeFunction({ ...desk.cordon, region }, functionName, roleArn);
  return { functionName, roleName, roleArn };
};

type Workload = Awaited<ReturnType<typeof workloadIn>>;

/** A finding of a region about a function there. */
const findingIn = (region: string, workload: Workload): object & { readonly id: string } => {
  const id = randomUUID().replaceAll('-', '');
  return JSON.parse(JSON.stringify(findingAbout(workload, id)).replaceAll(REGION, region));
};

/** A finding of a region about a call there, in the session of a function. */
const sessionFindingIn = async (region: string, { roleName, functionName }: Workload) => {
  const { Role } = await root.iam.send(new GetRoleCommand({ RoleName: roleName }));
  const found = findingIn(region, { functionName, roleName, roleArn: '' });
  return {
    ...found,
    type: 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
    resource: {
      resourceType: 'AccessKey',
      accessKeyDetails: {
        accessKeyId: 'ASIAEXAMPLE',
        principalId: `${Role?.RoleId}:${functionName}`,
        userName: roleName,
        userType: 'AssumedRole',
      },
    },
  };
};

/**
 * The activity begins now, so what was made before is not the intruder's. CloudTrail's times are
 * whole seconds.
 */
const begunNow = async <T extends object>(detail: T) => {
  await sleep(1_000);
  const now = new Date().toISOString();
  const times = { eventFirstSeen: now, eventLastSeen: now };
  return { ...detail, service: { ...Object(at(detail, 'service')), ...times } };
};

const incidentOf = (region: string, findingId: string, doubt?: string): Promise<string> =>
  until(
    () =>
      incidentOfClaim(desk.table, {
        drill: false,
        account: ACCOUNT,
        region,
        findingId,
        ...(doubt && { doubt }),
      }),
    { within: 120_000, every: 300, timeoutMessage: `no incident of ${findingId} in ${region}` },
  );

/** GuardDuty publishes a finding on the default bus of its region. */
const publishIn = async (region: string, detail: object & { readonly id: string }) => {
  await new EventBridgeClient(clientConfig({ ...desk.cordon, region })).send(
    new PutEventsCommand({
      Entries: [
        {
          Source: 'aws.guardduty',
          DetailType: 'GuardDuty Finding',
          Detail: JSON.stringify(detail),
        },
      ],
    }),
  );
  return incidentOf(region, detail.id);
};

const reservedIn = async (region: string, FunctionName: string) =>
  (await lambdaIn(region).send(new GetFunctionConcurrencyCommand({ FunctionName })))
    .ReservedConcurrentExecutions;

/** What a session of the function may do in a region, from another machine. */
const useIn = async (region: string, { roleName, functionName }: Workload) => {
  const keys = await sessionOf(desk.cordon, roleName, functionName);
  const lambda = new LambdaClient(clientConfig({ ...desk.cordon, region }, keys));
  return () => verdict(() => lambda.send(new ListFunctionsCommand({})));
};

it('row 10: a finding of a further region has the function contained there, and released', async () => {
  const workload = await workloadIn(further, 'regions-there');
  await lambdaIn(further).send(
    new PutFunctionConcurrencyCommand({
      FunctionName: workload.functionName,
      ReservedConcurrentExecutions: 3,
    }),
  );
  const use = await useIn(further, workload);
  expect(await use()).toBe('allowed');

  const id = await publishIn(further, findingIn(further, workload));
  const { head } = await awaited(
    desk,
    id,
    'contained',
    (incident) => incident.head.state === 'contained',
  );

  expect(head.suspect).toMatchObject({ functionName: 'regions-there', region: further });
  expect(await reservedIn(further, workload.functionName)).toBe(0);
  expect(await attachedTo(root, workload.roleName)).toContainEqual(
    expect.stringMatching(/^CordonQuarantine/),
  );
  expect(await use()).toBe('denied');
  // Evidence, timeline and report are made of the function where it is.
  const closed = await awaited(desk, id, 'reported', ({ stages }) =>
    stages.some(({ name }) => name === 'report1'),
  );
  expect(closed.stages.filter(({ status }) => status !== 'ok')).toEqual([]);
  await mailsWith(desk, id, 'regions-there');
  await expectEvidence(desk, id, 'function/configuration.json');

  await releaseIncident(desk.place, closed, { reason: 'clean again' });
  const released = await awaited(
    desk,
    id,
    'released',
    (incident) => incident.head.release !== null,
  );
  expect(released.head.state).toBe('released');
  expect(await reservedIn(further, workload.functionName)).toBe(3);
  expect(await attachedTo(root, workload.roleName)).toEqual([]);
  expect(await use()).toBe('denied');
  expect(await (await useIn(further, workload))()).toBe('allowed');
});

it('row 10: a call in a further region has the function contained that made it', async () => {
  const workload = await workloadIn(REGION, 'regions-caller');
  const use = await useIn(further, workload);
  expect(await use()).toBe('allowed');

  const id = await publishIn(further, await sessionFindingIn(further, workload));
  await awaited(desk, id, 'contained', ({ head }) => head.state === 'contained');

  expect(await reservedIn(REGION, workload.functionName)).toBe(0);
  expect(await use()).toBe('denied');
  await mailsWith(desk, id, 'regions-caller');
  await expectEvidence(desk, id, 'function/configuration.json');
});

it('row 10: a session may be of the same function in another region, so both are contained', async () => {
  const workload = await workloadIn(REGION, 'regions-twice');
  const { functionName, roleArn, roleName } = workload;
  await makeFunction({ ...desk.cordon, region: further }, functionName, roleArn);
  await lambdaIn(further).send(
    new PutFunctionConcurrencyCommand({
      FunctionName: functionName,
      ReservedConcurrentExecutions: 4,
    }),
  );

  const id = await publishIn(REGION, await begunNow(await sessionFindingIn(REGION, workload)));
  const reported = await awaited(desk, id, 'reported', ({ mails }) =>
    mails.some(({ kind }) => kind === 'report1'),
  );

  expect(reported.head.suspect).toMatchObject({
    copies: [{ place: `${further}/${functionName}` }],
  });
  expect([await reservedIn(REGION, functionName), await reservedIn(further, functionName)]).toEqual(
    [0, 0],
  );
  const [mail] = await mailsWith(desk, id, 'report 1');
  expect(mail?.body).toContain(`with the same name and role: ${further}/${functionName}`);
  await expectEvidence(desk, id, 'function/configuration.json');

  await releaseIncident(desk.place, reported, { reason: 'clean again' });
  await awaited(desk, id, 'released', ({ head }) => head.release !== null);
  expect(await reservedIn(further, functionName)).toBe(4);
  expect(await attachedTo(root, roleName)).toEqual([]);
});

it('row 10: a finding about a function has the same one in another region named, not paused', async () => {
  const workload = await workloadIn(REGION, 'regions-named');
  const { functionName, roleArn } = workload;
  await makeFunction({ ...desk.cordon, region: further }, functionName, roleArn);

  const id = await publishIn(REGION, await begunNow(findingIn(REGION, workload)));
  await awaited(desk, id, 'reported', ({ mails }) => mails.some(({ kind }) => kind === 'report1'));

  expect(await reservedIn(REGION, functionName)).toBe(0);
  expect(await reservedIn(further, functionName)).toBeUndefined();
  const [mail] = await mailsWith(desk, id, 'report 1');
  expect(mail?.body).toContain(`The function ${functionName} in ${further}, of the same name`);
  await expectEvidence(desk, id, 'function/configuration.json');
});

it('row 10: a forged finding of a further region is refused and told', async () => {
  const workload = await workloadIn(further, 'regions-victim');
  const detail = findingIn(further, workload);
  await stranger.clients.states.send(
    new StartExecutionCommand({
      stateMachineArn: outputOf(desk.cordon, 'IncidentMachineArn'),
      input: JSON.stringify({
        event: { 'detail-type': 'GuardDuty Finding', region: further, detail },
        drill: false,
      }),
    }),
  );
  const id = await incidentOf(further, detail.id, 'forged');
  const { head, actions } = await awaited(desk, id, 'refused', () => true);

  expect(head).toMatchObject({ state: 'forged', decision: { kind: 'forged' } });
  expect(actions).toEqual([]);
  expect(await reservedIn(further, workload.functionName)).toBeUndefined();
  expect(await attachedTo(root, workload.roleName)).toEqual([]);
  expect(await mailsWith(desk, `Cordon FORGED finding: ${id}`)).not.toEqual([]);
  await expectNoEvidence(desk, id, { detail: expect.objectContaining({ id: detail.id }) });
});

it('row 10: a finding of a region that is not configured is told, with what to configure', async () => {
  const workload = await workloadIn('eu-north-1', 'regions-unconfigured');
  await stranger.clients.states.send(
    new StartExecutionCommand({
      stateMachineArn: outputOf(desk.cordon, 'IncidentMachineArn'),
      input: JSON.stringify({
        event: {
          'detail-type': 'GuardDuty Finding',
          detail: findingIn('eu-north-1', workload),
        },
        drill: false,
      }),
    }),
  );
  const [mail] = await mailsWith(desk, 'regions-unconfigured', 'add eu-north-1 to furtherRegions');

  expect(mail?.body).toContain('acts in us-east-1, eu-west-1 only');
  expect(await reservedIn('eu-north-1', workload.functionName)).toBeUndefined();
  expect(await attachedTo(root, workload.roleName)).toEqual([]);
});
