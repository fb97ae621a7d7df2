// Who approves may not release, and who releases may not approve.
import { GenerateMacCommand } from '@aws-sdk/client-kms';
import { SendTaskSuccessCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, expect, it } from 'vitest';
import { borrowed, outputOf } from '../../support/engine/deployed.ts';
import { verdict } from '../../support/engine/keys.ts';
import { type Desk, deskOf } from './case.ts';
import { type Clients, clientsOf } from './clients.ts';

let desk: Desk;
const people = new Map<string, Clients>();
beforeAll(async () => {
  desk = await deskOf(await borrowed());
  for (const role of ['approve', 'release'] as const) {
    const { credentials } = await desk.place.config(role);
    people.set(role, clientsOf(desk.cordon, credentials));
  }
});

const named = (name: string): string => outputOf(desk.cordon, name);
const mac =
  (key: string) =>
  ({ kms }: Clients) =>
    kms.send(
      new GenerateMacCommand({
        KeyId: named(key),
        Message: Buffer.from('x'),
        MacAlgorithm: 'HMAC_SHA_256',
      }),
    );
const start =
  (machine: string) =>
  ({ states }: Clients) =>
    states.send(new StartExecutionCommand({ stateMachineArn: named(machine), input: '{}' }));

/** Each right, with the one role that has it. */
const rights: readonly (readonly [string, 'approve' | 'release', (as: Clients) => unknown])[] = [
  ['prove an answer', 'approve', mac('AnswerKeyArn')],
  ['bring a late answer', 'approve', start('LateAnswerMachineArn')],
  ['prove a release', 'release', mac('ReleaseKeyArn')],
  ['start a release', 'release', start('ReleaseMachineArn')],
];

const judged = async (role: string, send: (as: Clients) => unknown): Promise<string> => {
  const clients = people.get(role);
  if (!clients) throw new Error(`no session of the role ${role}`);
  return verdict(async () => send(clients));
};

it.each(rights)('to %s is the right of the role %s alone', async (_words, holder, send) => {
  const other = holder === 'approve' ? 'release' : 'approve';
  expect([await judged(holder, send), await judged(other, send)]).toEqual(['allowed', 'denied']);
});

it('only who approves can end the wait for an answer', async () => {
  const send = ({ states }: Clients) =>
    states.send(new SendTaskSuccessCommand({ taskToken: 'no-token', output: '{}' }));
  expect(await judged('release', send)).toBe('denied');
  expect(await judged('approve', send)).toMatch(/^(InvalidToken|TaskDoesNotExist)/);
});
