// Rows 13, 15 and 24 of the intruder: what lasts longer than the first containment.
import {
  CreatePolicyCommand,
  DeleteConflictException,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, expect, it } from 'vitest';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import { releaseIncident } from '../../../operator/release.ts';
import { until } from '../../../operator/wait.ts';
import { denialDocument, denialName } from '../../../responders/incident/denied-sessions.ts';
import { borrowed, outputOf } from '../../support/engine/deployed.ts';
import { independent } from '../../support/engine/evaluator.ts';
import { attach, permit, sessionOf, verdict } from '../../support/engine/keys.ts';
import { makeRole } from '../../support/engine/workload.ts';
import { awaited, type Desk, deskOf, incidentAbout, mailsWith } from './case.ts';
import { type Clients, clientsOf } from './clients.ts';
import { expectEvidence } from './evidence.ts';
import { type Intruder, intruder } from './intruder.ts';

const everything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

let desk: Desk;
let stranger: Intruder;
let root: Clients;
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  stranger = await intruder(cordon, 'intruder-outlasting');
  root = clientsOf(cordon);
});

const attachedTo = async (RoleName: string) => {
  const { AttachedPolicies = [] } = await root.iam.send(
    new ListAttachedRolePoliciesCommand({ RoleName }),
  );
  return AttachedPolicies;
};

const heldBy = async (roleName: string) =>
  (await attachedTo(roleName)).map(({ PolicyName = '' }) => PolicyName).toSorted();

/** As the clock does every hour. */
const sweep = () =>
  root.states.send(
    new StartExecutionCommand({
      stateMachineArn: outputOf(desk.cordon, 'HoldWatchMachineArn'),
      input: '{"sweep": true}',
    }),
  );

/** What a session of the role may do from another machine. */
const useOf = async (roleName: string, functionName: string) => {
  const { iam } = clientsOf(desk.cordon, await sessionOf(desk.cordon, roleName, functionName));
  return () => verdict(() => iam.send(new GetRoleCommand({ RoleName: roleName })));
};

it('row 15: what is taken back after the watch has ended is put back, and told', async () => {
  const FunctionName = 'outlasting-detached';
  const { id, roleName } = await incidentAbout(desk, FunctionName);
  await awaited(desk, id, 'contained', ({ head }) => head.state === 'contained');
  // Written after the incident's own watch, which would tell what it repairs in this report.
  await awaited(desk, id, 'reported', ({ mails }) => mails.some(({ kind }) => kind === 'report1'));
  // A first containment that did not see in time who shares the role denied the function alone.
  const held = await heldBy(roleName);
  expect(held).toContain('CordonQuarantineRole');
  const PolicyArn = outputOf(desk.cordon, 'QuarantineRolePolicyArn');

  await root.iam.send(new DetachRolePolicyCommand({ RoleName: roleName, PolicyArn }));
  await stranger.clients.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));

  await awaited(desk, id, 'contested', ({ drifts }) => {
    const changes = drifts.flatMap((drift) => drift.changes).join();
    return changes.includes('quarantine-role') && changes.includes('pause-function');
  });
  expect(await heldBy(roleName)).toEqual(held);
  expect(
    (await root.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })))
      .ReservedConcurrentExecutions,
  ).toBe(0);
  const [mail] = await mailsWith(desk, id, 'containment check');
  expect(mail?.body).toContain('it is contained again');
  await expectEvidence(desk, id);
});

it('row 15: a role that is deleted and made again is another one, whatever is attached to it', async () => {
  const { id, roleName } = await incidentAbout(desk, 'outlasting-remade');
  await awaited(desk, id, 'reported', ({ mails }) => mails.some(({ kind }) => kind === 'report1'));
  const PolicyArn = outputOf(desk.cordon, 'QuarantineRolePolicyArn');
  const idOf = async () =>
    (await root.iam.send(new GetRoleCommand({ RoleName: roleName }))).Role?.RoleId ?? '';
  const was = await idOf();

  // The watch may put the denial back in between, and a role with a policy cannot be deleted.
  await until(
    async () => {
      for (const attached of await attachedTo(roleName))
        await root.iam.send(
          new DetachRolePolicyCommand({ RoleName: roleName, PolicyArn: attached.PolicyArn }),
        );
      return root.iam.send(new DeleteRoleCommand({ RoleName: roleName })).then(
        () => true,
        (error: unknown) => {
          if (error instanceof DeleteConflictException) return undefined;
          throw error;
        },
      );
    },
    { within: 60_000, every: 50, timeoutMessage: `${roleName} cannot be deleted` },
  );
  await makeRole(desk.cordon, roleName, { attached: [PolicyArn] });
  const made = `${roleName}, deleted and made again (${await idOf()}, before ${was})`;
  await sweep();

  await awaited(desk, id, 'contested for this reason', ({ drifts, head }) => {
    const isTold = drifts.some(({ changes }) => changes.includes(`role ${made}`));
    return isTold && head.state === 'contested';
  });
  await mailsWith(desk, id, 'containment check', made, 'CONTESTED');
  await expectEvidence(desk, id);
});

it('row 13: what could not be contained is tried again by the sweep, and told', async () => {
  const functionName = 'outlasting-full';
  const { id, roleName } = await incidentAbout(desk, functionName);
  await awaited(desk, id, 'contained', ({ head }) => head.state === 'contained');
  const [held] = await attachedTo(roleName);
  const others = await Promise.all(
    Array.from({ length: 10 }, async (_, number) => {
      const { Policy } = await root.iam.send(
        new CreatePolicyCommand({
          PolicyName: `${functionName}-${number}`,
          PolicyDocument: JSON.stringify(everything),
        }),
      );
      return Policy?.Arn ?? '';
    }),
  );
  await attach(desk.cordon, roleName, ...others.slice(0, 9));
  await root.iam.send(
    new DetachRolePolicyCommand({ RoleName: roleName, PolicyArn: held?.PolicyArn }),
  );
  await attach(desk.cordon, roleName, ...others.slice(9)).catch(() => undefined);
  await sweep();
  const settled = await awaited(desk, id, 'looked at', ({ head }) => head.state !== 'contained');
  for (const PolicyArn of others)
    await root.iam
      .send(new DetachRolePolicyCommand({ RoleName: roleName, PolicyArn }))
      .catch(() => undefined);
  await sweep();
  await awaited(desk, id, 'contained after all', ({ head, actions }) =>
    ['contained', 'contested'].includes(head.state)
      ? actions.every(({ outcome }) => outcome === 'contained')
      : false,
  );
  expect(['partial', 'contested']).toContain(settled.head.state);
  expect((await mailsWith(desk, id, 'containment check')).length).toBeGreaterThan(0);
  await expectEvidence(desk, id);
});

it('row 24: a session from before the release stays denied; a new one works', async () => {
  const functionName = 'outlasting-thief';
  const { id, roleName } = await incidentAbout(desk, functionName);
  await permit(desk.cordon, roleName, everything);
  const incident = await awaited(desk, id, 'contained', ({ head }) => head.state === 'contained');
  const stolen = await useOf(roleName, functionName);
  expect(await stolen()).toBe('denied');

  await releaseIncident(desk.place, incident, { reason: 'a test' });

  expect(await stolen()).toBe('denied');
  const fresh = await useOf(roleName, functionName);
  expect(await fresh()).toBe('allowed');
  const { head } = await awaited(desk, id, 'released', (seen) => seen.head.release !== null);
  expect(head.release?.sessions).toMatchObject({ denied: true });
  await mailsWith(desk, id, 'RELEASED', 'Sessions:');
  await expectEvidence(desk, id);
  const PolicyName = denialName(functionName);
  await root.iam.send(new DeleteRolePolicyCommand({ RoleName: roleName, PolicyName }));
  expect(await stolen()).toBe('allowed');
});

it.each([
  ['an earlier session of the function', 'AROAX:orders', '2026-11-30T01:59:59Z', 'denied'],
  ['a later session of the function', 'AROAX:orders', '2026-11-30T02:00:00Z', 'allowed'],
  ['an earlier session of a neighbour', 'AROAX:orders-2', '2026-11-30T01:00:00Z', 'allowed'],
  ['the platform for the function', 'AROAX:awslambda_1', '2026-11-30T01:00:00Z', 'allowed'],
] as const)(
  'row 24: an independent evaluator judges %s alike',
  async (_who, userid, issued, said) => {
    const before = Date.parse('2026-11-30T02:00:00Z');
    const policies = [
      { name: 'all', document: everything },
      {
        name: 'denial',
        document: JSON.parse(denialDocument({ sessionName: 'orders', before })) as unknown,
      },
    ];
    const context = { 'aws:userid': userid, 'aws:TokenIssueTime': issued };
    const request = { action: 's3:ListBucket', resource: 'arn:aws:s3:::shop', context };
    const principal = `arn:aws:sts::${ACCOUNT}:assumed-role/orders-role/orders`;
    expect(await independent(principal, policies, request)).toBe(said);
  },
);
