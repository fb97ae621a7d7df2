import { ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { GetFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, expect, it } from 'vitest';
import { injectEvent } from '../../../operator/inject.ts';
import { until } from '../../../operator/wait.ts';
import { incidentOfClaim } from '../../../responders/incident/case-table.ts';
import { proofMember } from '../../../responders/incident/drill.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { at } from '../../../responders/shared/json.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { borrowed, outputOf } from '../../support/engine/deployed.ts';
import { drillEventOf } from '../../support/engine/drill-event.ts';
import { makeWorkload } from '../../support/engine/workload.ts';
import { type Desk, deskOf, incidentAbout, mailsWith } from './case.ts';
import { clientsOf } from './clients.ts';
import { expectNoEvidence } from './evidence.ts';
import { type Intruder, intruder } from './intruder.ts';

const functionName = 'forged-victim';
let desk: Desk;
let stranger: Intruder;
let roleName: string;
let about: Parameters<typeof findingAbout>[0];
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  stranger = await intruder(cordon, 'intruder-findings');
  const made = await makeWorkload(cordon, functionName, { tags: { 'cordon:drill': 'allowed' } });
  roleName = made.roleName;
  const roleArn = `arn:aws:iam::${desk.place.account}:role/${roleName}`;
  about = { functionName, roleName, roleArn };
});

const stateOfVictim = async (): Promise<unknown> => {
  const { iam, lambda } = clientsOf(desk.cordon);
  const { AttachedPolicies } = await iam.send(
    new ListAttachedRolePoliciesCommand({ RoleName: roleName }),
  );
  const { ReservedConcurrentExecutions } = await lambda.send(
    new GetFunctionConcurrencyCommand({ FunctionName: functionName }),
  );
  return { AttachedPolicies, ReservedConcurrentExecutions };
};

/** Starts the incident machine as the intruder, and waits for the incident that comes of it. */
const startWith = async (input: { readonly event: unknown; readonly drill: boolean }) => {
  const { executionArn = '' } = await stranger.clients.states.send(
    new StartExecutionCommand({
      stateMachineArn: outputOf(desk.cordon, 'IncidentMachineArn'),
      input: JSON.stringify(input),
    }),
  );
  const { account, region } = desk.place;
  const findingId = String(at(input.event, 'detail.id'));
  const claim = { drill: input.drill, account, region, findingId, doubt: 'forged' };
  const id = await until(() => incidentOfClaim(desk.table, claim), {
    within: 120_000,
    every: 300,
    timeoutMessage: `${executionArn} has opened no incident`,
  });
  return { incident: await readCase(desk.table, id) };
};

const refusedAndTold = async (
  input: { readonly event: unknown; readonly drill: boolean },
  why: string,
): Promise<void> => {
  const before = await stateOfVictim();
  const { incident } = await startWith(input);

  expect(incident.head).toMatchObject({
    state: 'forged',
    drill: false,
    decision: { kind: 'forged', reason: expect.stringContaining(why) },
  });
  expect([incident.actions, incident.befores]).toEqual([[], []]);
  expect(await stateOfVictim()).toEqual(before);
  const [mail] = await mailsWith(desk, `Cordon FORGED finding: ${incident.head.id}`);
  // In a letter of its own, or as a line of a digest.
  expect(mail?.body).toContain(incident.head.id);
  await expectNoEvidence(desk, incident.head.id, JSON.parse(JSON.stringify(input.event)));
};

const eventOf = (detail: object) => ({ 'detail-type': 'GuardDuty Finding', detail });

it('row 1: a finding that GuardDuty does not have is refused and told, and its real one is contained', async () => {
  const detail = findingAbout(about, 'f0'.repeat(16));
  // Before it, so that GuardDuty has a detector: another finding of the same one.
  await incidentAbout(desk, 'forged-neighbour');

  await refusedAndTold({ event: eventOf(detail), drill: false }, 'has no finding with its id');

  const injected = await injectEvent(
    desk.place,
    desk.table,
    'default',
    { detailType: 'GuardDuty Finding', detail },
    { within: 120_000 },
  );
  expect('refused' in injected ? injected.refused : injected.incident.head).toMatchObject({
    state: 'contained',
    suspect: { functionName },
  });
});

it('row 1: the id of a real finding does not carry a victim of the intruder’s choice', async () => {
  const { detail } = await incidentAbout(desk, 'forged-other');
  const event = eventOf(findingAbout(about, String(at(detail, 'id'))));

  await refusedAndTold({ event, drill: false }, 'is about another workload');
});

it('row 1: a detector of nobody is refused', async () => {
  const detail = findingAbout(about, 'f1'.repeat(16));
  const service = { ...detail.service, detectorId: 'e'.repeat(32) };

  await refusedAndTold(
    { event: eventOf({ ...detail, service }), drill: false },
    'names a detector that GuardDuty does not have',
  );
});

it('row 2: a drill without a proof, and with one that was made for another finding, is refused', async () => {
  const event = eventOf(findingAbout(about, 'f2'.repeat(16)));
  await refusedAndTold({ event, drill: true }, 'it came without a proof');

  const proven = await drillEventOf(desk.cordon, event);
  const other = findingAbout(about, 'f3'.repeat(16));
  const stolen = { ...other, [proofMember]: at(proven, `detail.${proofMember}`) };
  await refusedAndTold(
    { event: eventOf(stolen), drill: true },
    'its proof was made for something else',
  );
});
