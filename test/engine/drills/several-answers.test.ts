// One command that answers several questions. The engine is shared, so the types of the findings
// are those of no other test.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCase } from '../../../responders/incident/read-case.ts';
import { borrowed } from '../../support/engine/deployed.ts';
import { awaited, type Desk, deskOf, incidentAbout } from '../intruder/case.ts';
import { type CordonUp, commandOf } from './cordon-up.ts';

let desk: Desk;
let up: CordonUp;
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  up = commandOf(cordon);
});
afterAll(() => up.stop());

const tor = 'UnauthorizedAccess:Lambda/TorRelay';
const dropPoint = 'Trojan:Lambda/DropPoint';

/** A finding about a new critical function, whose question was sent. */
const asked = async (functionName: string, type: string): Promise<string> => {
  const critical = { 'cordon:tier': 'critical' };
  const { id } = await incidentAbout(desk, functionName, critical, { type });
  await awaited(desk, id, 'asked', ({ mails }) => mails.some(({ kind }) => kind === 'ask'));
  return id;
};

const headOf = async (id: string) => (await readCase(desk.table, id)).head;
const by = expect.stringMatching(/:root$/);

/** The document of `cordon approve --json`, which must be of its schema. */
const approvals = (stdout: string): unknown => {
  const file = join(import.meta.dirname, '../../../cli/schemas/approve.json');
  const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync(file, 'utf8')));
  const document: unknown = JSON.parse(stdout);
  expect(validate(document) ? [] : validate.errors).toEqual([]);
  return document;
};

it('approve answers the questions of a type, or those named, and no others', async () => {
  const first = await asked('several-tor-1', tor);
  const second = await asked('several-tor-2', tor);
  const third = await asked('several-drop-point', dropPoint);

  const nothing = await up.cordon(['approve', '--all', '--type', 'Tor*', '--reason', 'none']);
  expect([nothing.code, nothing.stdout]).toEqual([
    0,
    'no incident of type Tor* waits for an answer\n',
  ]);
  const ofType = ['--all', '--type', 'UnauthorizedAccess:Lambda/*', '--json'];
  const approved = await up.cordon(['approve', ...ofType, '--reason', 'a real attack']);
  expect([approved.code, approvals(approved.stdout)]).toEqual([
    0,
    {
      decisions: [first, second].map((incidentId) => ({
        ...{ incidentId, contain: true, by, reason: 'a real attack' },
        ...{ state: 'contained', late: false, secondNeeded: false },
      })),
      failed: [],
    },
  ]);
  for (const id of [first, second])
    expect(await headOf(id)).toMatchObject({
      state: 'contained',
      answers: [{ contain: true, by, reason: 'a real attack' }],
    });
  expect(await headOf(third)).toMatchObject({ state: 'awaiting-approval' });
  expect((await headOf(third)).answers ?? []).toEqual([]);

  const unknown = 'inc-20200101-00000000';
  const named = await up.cordon(['approve', first, unknown, third, '--reason', 'the same attack']);
  const lines = named.stdout.split('\n');
  expect(named.code).toBe(1);
  expect(lines.filter((line) => line.startsWith('NOT ANSWERED: '))).toEqual(
    [first, unknown].map((id) => `NOT ANSWERED: ${id}`),
  );
  expect(named.stdout).toContain(`${first} is contained and does not wait for a decision`);
  expect(named.stdout).toContain(`no incident ${unknown}`);
  expect(named.stdout).toMatch(
    new RegExp(`CONTAINED: .*\n  incident ${third}, decided by .*:root`),
  );
  expect(await headOf(third)).toMatchObject({
    state: 'contained',
    answers: [{ contain: true, by, reason: 'the same attack' }],
  });

  const again = await up.cordon(['approve', third, unknown, '--reason', 'twice', '--json']);
  expect([again.code, approvals(again.stdout)]).toEqual([
    1,
    {
      decisions: [],
      failed: [
        { incident: third, error: expect.stringContaining('does not wait for a decision') },
        { incident: unknown, error: expect.stringContaining(`no incident ${unknown}`) },
      ],
    },
  ]);
  for (const id of [first, second, third])
    expect((await up.cordon(['release', id, '--reason', 'a test'])).code).toBe(0);
});
