// A person contains by hand, through the same door as a finding; nobody else does.
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { GetFunctionConcurrencyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { containByHand } from '../../../operator/contain.ts';
import { proven } from '../../../operator/prove.ts';
import { releaseIncident } from '../../../operator/release.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { wishFields } from '../../../responders/incident/wish.ts';
import { borrowed, outputOf } from '../../support/engine/deployed.ts';
import { permit, sessionOf, verdict } from '../../support/engine/keys.ts';
import { personCalled } from '../../support/engine/person.ts';
import { makeFunction, makeRole } from '../../support/engine/workload.ts';
import { awaited, type Desk, deskOf, mailsWith } from './case.ts';
import { clientsOf } from './clients.ts';
import { type Intruder, intruder } from './intruder.ts';

let desk: Desk;
let stranger: Intruder;
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  stranger = await intruder(cordon, 'intruder-by-hand');
});

const arnOf = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
const make = async (name: string): Promise<string> => {
  const roleArn = await makeRole(desk.cordon, `${name}-role`);
  await makeFunction(desk.cordon, name, roleArn);
  return arnOf(name);
};
const reservedOf = async (FunctionName: string): Promise<number | undefined> =>
  (
    await new LambdaClient(clientConfig(desk.cordon)).send(
      new GetFunctionConcurrencyCommand({ FunctionName }),
    )
  ).ReservedConcurrentExecutions;

const everything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
};
/** What a stolen session may still do. */
const reads = (keys: Credentials): Promise<string> =>
  verdict(() => clientsOf(desk.cordon, keys).s3.send(new ListBucketsCommand({})));

const released = async (id: string): Promise<boolean> =>
  (
    await releaseIncident(desk.place, await readCase(desk.table, id), {
      reason: 'clean',
      letSessionsLive: true,
    })
  ).released;

it('contains a function that a person names, and the release puts everything back', async () => {
  const target = await make('by-hand');
  await permit(desk.cordon, 'by-hand-role', everything);
  const keys = await sessionOf(desk.cordon, 'by-hand-role', 'by-hand');
  expect(await reads(keys)).toBe('allowed');

  const { head } = await containByHand(desk.place, desk.table, { target, reason: 'it mines' });

  expect(head).toMatchObject({ state: 'contained', byHand: { reason: 'it mines' } });
  expect([await reads(keys), await reservedOf('by-hand')]).toEqual(['denied', 0]);
  const [flash] = await mailsWith(desk, head.id, 'Asked for by');
  expect(flash?.body).toContain('it mines');
  const done = await awaited(desk, head.id, 'reported', ({ mails }) =>
    mails.some(({ kind }) => kind === 'report1'),
  );
  expect(done.stages.map(({ name, status }) => `${name} ${status}`)).toEqual(
    expect.arrayContaining(['evidence ok', 'timeline1 ok', 'report1 ok']),
  );

  expect(await released(head.id)).toBe(true);
  expect([await reads(keys), await reservedOf('by-hand')]).toEqual(['allowed', undefined]);
});

it('contains one session of a role, and a user with the keys, by their ARNs', async () => {
  const roleName = 'by-hand-instance-role';
  const { iam } = clientsOf(desk.cordon);
  const trust = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' } };
  const document = { Version: '2012-10-17', Statement: [{ ...trust, Action: 'sts:AssumeRole' }] };
  await iam.send(
    new CreateRoleCommand({
      RoleName: roleName,
      AssumeRolePolicyDocument: JSON.stringify(document),
    }),
  );
  await permit(desk.cordon, roleName, everything);
  const [stolen, other] = [
    await sessionOf(desk.cordon, roleName, 'i-0123456789abcdef1'),
    await sessionOf(desk.cordon, roleName, 'i-0123456789abcdef2'),
  ];
  const target = `arn:aws:sts::${ACCOUNT}:assumed-role/${roleName}/i-0123456789abcdef1`;
  const session = await containByHand(desk.place, desk.table, { target, reason: 'leaked' });
  expect([await reads(stolen), await reads(other)]).toEqual(['denied', 'allowed']);

  const user = await personCalled(desk.cordon, desk.place, 'by-hand-user');
  const { head } = await containByHand(desk.place, desk.table, {
    target: user.arn,
    reason: 'its key is in a public repository',
  });
  expect(head.state).toBe('contained');

  expect([await released(session.head.id), await released(head.id)]).toEqual([true, true]);
  expect(await reads(stolen)).toBe('allowed');
});

it('keeps to the walls: a role of Cordon is never contained', async () => {
  const target = `arn:aws:sts::${ACCOUNT}:assumed-role/CordonReaderRole/anna`;
  const { head, actions } = await containByHand(desk.place, desk.table, {
    target,
    reason: 'a test',
  });
  expect([head.state, actions]).toEqual(['notify-only', []]);
  expect(head.decision.reason).toContain('never contained');
});

it('changes nothing for an intruder, by any door, and tells', async () => {
  const target = await make('by-hand-forged');
  const said = { target, reason: 'a lie', at: Date.now(), nonce: 'intruder' };
  const word = await proven(desk.place, 'contain', (by) =>
    wishFields({ ...said, target: arnOf('another'), by }),
  );
  for (const [name, input] of [
    ['LateAnswerMachineArn', { ...said, by: word.by }],
    ['IncidentMachineArn', { byHand: { ...said, ...word } }],
  ] as const)
    await stranger.clients.states
      .send(
        new StartExecutionCommand({
          stateMachineArn: outputOf(desk.cordon, name),
          input: JSON.stringify(input),
        }),
      )
      .catch(() => undefined);

  const [mail] = await mailsWith(desk, 'Cordon: a containment by hand was refused');
  expect(mail?.body).toContain('Nothing was changed.');
  expect(await reservedOf('by-hand-forged')).toBeUndefined();
});
