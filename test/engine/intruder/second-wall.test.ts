// Rows 1 to 4 without the first wall: with the policy of the function taken away, the intruder calls
// it, and what the function checks refuses him still. The same call with the proof that it lacked
// works, so it is the check that has refused it.
import { randomUUID } from 'node:crypto';
import { InvokeCommand, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { beforeAll, expect, it } from 'vitest';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { injectEvent } from '../../../operator/inject.ts';
import { proven } from '../../../operator/prove.ts';
import { until } from '../../../operator/wait.ts';
import { answerFields, releaseFields } from '../../../responders/incident/proven-fields.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { wishFields } from '../../../responders/incident/wish.ts';
import { jsonIn, textAt } from '../../../responders/shared/json.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { borrowed } from '../../support/engine/deployed.ts';
import { drillEventOf } from '../../support/engine/drill-event.ts';
import { caller } from '../../support/engine/keys.ts';
import { makeWorkload } from '../../support/engine/workload.ts';
import { functionArn } from '../weapon/attempts.ts';
import { awaited, type Desk, deskOf, incidentAbout } from './case.ts';
import { attachedTo, type Clients, clientsOf } from './clients.ts';
import { type Intruder, intruder } from './intruder.ts';
import { withoutWall } from './walls.ts';

let desk: Desk;
let stranger: Intruder;
let root: Clients;
let deployer: Clients;
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  stranger = await intruder(cordon, 'intruder-second-wall');
  root = clientsOf(cordon);
  deployer = clientsOf(
    cordon,
    await caller(cordon, `cdk-second-cfn-exec-role-${ACCOUNT}-${REGION}`, {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    }),
  );
});

/** What the function answers; nothing while it is busy, or another run changes the incident. */
const answered = async (FunctionName: string, payload: object): Promise<unknown> => {
  try {
    const { Payload, FunctionError } = await stranger.clients.lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }),
    );
    const answer = jsonIn(Buffer.from(Payload ?? []).toString());
    if (FunctionError === undefined) return answer;
    if (textAt(answer, 'errorType') === 'BusyError') return undefined;
    throw new Error(`${FunctionName}: ${JSON.stringify(answer)}`);
  } catch (error) {
    if (error instanceof TooManyRequestsException) return undefined;
    throw error;
  }
};

/** The intruder calls a function without its first wall. */
const invoke = (FunctionName: string, payload: object): Promise<unknown> =>
  withoutWall(
    { root, deployer },
    { action: 'lambda:InvokeFunction', resource: functionArn(FunctionName) },
    () =>
      until(() => answered(FunctionName, payload), {
        within: 60_000,
        timeoutMessage: `${FunctionName} has had no turn`,
      }),
  );
const contain = (payload: object) =>
  invoke('ContainmentLambda', { isLastTry: true, execution: randomUUID(), ...payload });

const quarantined = expect.arrayContaining([expect.stringMatching(/^CordonQuarantine/)]);

const victim = async (functionName: string) => {
  const { roleName } = await makeWorkload(desk.cordon, functionName, {
    tags: { 'cordon:drill': 'allowed' },
  });
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/${roleName}`;
  const detail = findingAbout(
    { functionName, roleName, roleArn },
    randomUUID().replaceAll('-', ''),
  );
  return { roleName, detail, event: { 'detail-type': 'GuardDuty Finding', detail } };
};

it('row 1: a finding that GuardDuty does not have is refused; once it has it, it contains', async () => {
  const { roleName, detail, event } = await victim('second-wall-finding');
  // So that GuardDuty has a detector.
  await incidentAbout(desk, 'second-wall-neighbour');

  expect(await contain({ event, drill: false })).toMatchObject({ state: 'forged', next: 'tell' });
  expect(await attachedTo(root, roleName)).toEqual([]);

  const envelope = { detailType: 'GuardDuty Finding', detail };
  const injected = await injectEvent(desk.place, desk.table, 'default', envelope, {
    within: 120_000,
  });
  expect('incident' in injected && injected.incident.head.state).toBe('contained');
  expect(await attachedTo(root, roleName)).toEqual(quarantined);
});

it('row 2: a drill without a proof is refused; the same drill with it contains', async () => {
  const { roleName, event } = await victim('second-wall-drill');

  expect(await contain({ event, drill: true })).toMatchObject({ state: 'forged', next: 'tell' });
  expect(await attachedTo(root, roleName)).toEqual([]);

  const drill = await drillEventOf(desk.cordon, event);
  expect(await contain({ event: drill, drill: true })).toMatchObject({ next: 'respond' });
  expect(await attachedTo(root, roleName)).toEqual(quarantined);
});

it('row 3: a release without a proof is refused; the same release with it is done', async () => {
  const { id, roleName } = await incidentAbout(desk, 'second-wall-release');
  const { head } = await awaited(desk, id, 'contained', (it) => it.head.state === 'contained');
  const word = { reason: 'clean', letSessionsLive: true };

  const refused = await invoke('ReleaseLambda', { incidentId: id, by: 'anna', ...word });
  expect(refused).toMatchObject({ released: false, refused: 'it came without a proof' });
  expect(await attachedTo(root, roleName)).toEqual(quarantined);

  const proof = await proven(desk.place, 'release', (by) => releaseFields(head, { ...word, by }));
  const done = await invoke('ReleaseLambda', { incidentId: id, ...word, ...proof });
  expect(done).toMatchObject({ released: true });
  expect(await attachedTo(root, roleName)).toEqual([]);
});

it('row 4: an answer without a proof is refused; the same answer with it contains', async () => {
  const { id, roleName } = await incidentAbout(desk, 'second-wall-answer', {
    'cordon:tier': 'critical',
  });
  const { head } = await awaited(desk, id, 'asked', ({ mails }) =>
    mails.some(({ kind }) => kind === 'ask'),
  );
  const word = { contain: true, reason: 'it is real' };
  const answer = { approved: true, reason: word.reason };
  const say = (more: object) =>
    invoke('ContainmentLambda', { incidentId: id, answer: { ...answer, ...more } });

  expect(await say({ by: 'anna' })).toMatchObject({
    state: 'awaiting-approval',
    refused: { what: 'answer', why: 'it came without a proof' },
  });
  expect(await attachedTo(root, roleName)).toEqual([]);

  expect(
    await say(await proven(desk.place, 'answer', (by) => answerFields(head, { ...word, by }))),
  ).toMatchObject({ next: 'respond' });
  expect(await attachedTo(root, roleName)).toEqual(quarantined);
  expect((await readCase(desk.table, id)).head.answers).toMatchObject([{ contain: true }]);
});

it('a wish to contain is refused without a proof; the same wish with it contains', async () => {
  const { roleName } = await victim('second-wall-wish');
  const target = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:second-wall-wish`;
  const wish = { target, reason: 'it is real', at: Date.now(), nonce: randomUUID() };

  expect(await contain({ byHand: { ...wish, by: 'anna' } })).toMatchObject({
    next: 'unbelieved',
    refused: { what: 'wish', why: 'it came without a proof' },
  });
  expect(await attachedTo(root, roleName)).toEqual([]);

  const word = await proven(desk.place, 'contain', (by) => wishFields({ ...wish, by }));
  expect(await contain({ byHand: { ...wish, ...word } })).toMatchObject({ next: 'respond' });
  expect(await attachedTo(root, roleName)).toEqual(quarantined);
});
