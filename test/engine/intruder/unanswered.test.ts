// Row 12: nobody answers. The rule asks again, then asks others, and a person's no is an end.
import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, expect, it } from 'vitest';
import { answerIncident } from '../../../cli/answer.ts';
import { createOutput } from '../../../cli/output.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { readInbox } from '../../../local/inbox.ts';
import { releaseIncident } from '../../../operator/release.ts';
import { update } from '../../../responders/incident/case-table.ts';
import { incidentKey, mailKey } from '../../../responders/incident/keys.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { at, listAt, textAt } from '../../../responders/shared/json.ts';
import { wantedJson } from '../../../responders/shared/wanted.ts';
import { borrowed } from '../../support/engine/deployed.ts';
import { call } from '../evidence/incident.ts';
import { awaited, type Desk, deskOf, incidentAbout, mailsWith } from './case.ts';
import { clientsOf } from './clients.ts';
import { expectEvidence, expectNoEvidence } from './evidence.ts';

let desk: Desk;
/** What the deployed rule gives to `NotifyLambda`, every hour. */
let everyHour: unknown;
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  const checked = await new EventBridgeClient(clientConfig(cordon)).send(
    new ListTargetsByRuleCommand({ Rule: 'cordon-check' }),
  );
  const rules = listAt(wantedJson(checked.Targets?.[0]?.Input ?? '', 'Input'), 'rules');
  const rule = rules.map((it) => textAt(it, 'arn') ?? '').find((it) => it.includes('QuestionRule'));
  const { Targets = [] } = await new EventBridgeClient(clientConfig(cordon)).send(
    new ListTargetsByRuleCommand({ Rule: rule?.split('/').at(-1) }),
  );
  everyHour = wantedJson(Targets[0]?.Input ?? '', 'Input');
});

const hours = (many: number): number => many * 3_600_000;
/** The finding as it came. */
const arrived = (detail: object) => ({
  detail: expect.objectContaining({ id: at(detail, 'id') }),
});
const mailsAbout = (id: string) =>
  readInbox(desk.cordon.engine.runDir).filter(({ subject, body }) =>
    `${subject}\n${body}`.includes(id),
  );
const askAgain = (): Promise<unknown> => call(desk.cordon, 'NotifyLambda', everyHour);

/** Lets the question be so old: its first asking and its last mail. */
const age = async (id: string, ms: number): Promise<void> => {
  const { dynamodb } = clientsOf(desk.cordon);
  const TableName = desk.table.name;
  const { head, mails } = await readCase(desk.table, id);
  const asked = mails.find(({ kind }) => kind === 'ask');
  const then = Date.now() - ms;
  await dynamodb.send(
    new PutItemCommand({
      TableName,
      Item: marshall(
        {
          pk: incidentKey(id),
          sk: mailKey({ round: head.round, kind: 'ask' }),
          ...asked,
          at: then,
        },
        { removeUndefinedValues: true },
      ),
    }),
  );
  await dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: { pk: { S: incidentKey(id) }, sk: { S: 'HEAD' } },
      UpdateExpression: 'SET #limit.#asked = :at',
      ExpressionAttributeNames: { '#limit': 'timeLimit', '#asked': 'askedAt' },
      ExpressionAttributeValues: { ':at': { N: String(then) } },
    }),
  );
};

/** Lets the time for an answer be over. */
const endTime = async (id: string): Promise<void> => {
  const { head } = await readCase(desk.table, id);
  if (!head.timeLimit) throw new Error('nothing was asked');
  const table = { dynamo: clientsOf(desk.cordon).dynamodb, name: desk.table.name };
  await update(table, id, { timeLimit: { ...head.timeLimit, endsAt: Date.now() - 1_000 } });
};

const quiet = createOutput({ stdout: () => {}, stderr: () => {}, interactive: false }, false);

it('row 12: an open question is asked again when it is due, and others are asked in the end', async () => {
  const { id, detail } = await incidentAbout(desk, 'unanswered', { 'cordon:tier': 'critical' });
  await awaited(desk, id, 'asked', ({ mails }) => mails.some(({ kind }) => kind === 'ask'));
  const [first] = mailsAbout(id);
  expect(first?.subject).toContain('DECISION NEEDED');

  await askAgain();
  expect(mailsAbout(id)).toHaveLength(1);

  await age(id, hours(1));
  await askAgain();
  const reminded = mailsAbout(id);
  expect(reminded).toHaveLength(2);
  expect(new Set(reminded.map(({ to }) => to)).size).toBe(1);

  await age(id, hours(3));
  await askAgain();
  const escalated = mailsAbout(id).slice(2);
  expect(escalated.map(({ to }) => to).sort()).toEqual([
    'lead@example.com',
    'security-team@example.com',
  ]);
  await expectNoEvidence(desk, id, arrived(detail));
});

it('row 12: silence is recorded as no answer, and a late yes contains in a new round', async () => {
  const { id, detail } = await incidentAbout(desk, 'answered-late', { 'cordon:tier': 'critical' });
  await awaited(desk, id, 'asked', ({ mails }) => mails.some(({ kind }) => kind === 'ask'));
  // What the state machine gives to the function when its wait has ended.
  const silence = { incidentId: id, answer: { silent: true } };

  await call(desk.cordon, 'ContainmentLambda', silence);
  expect((await readCase(desk.table, id)).head.state).toBe('awaiting-approval');

  await endTime(id);
  await call(desk.cordon, 'ContainmentLambda', silence);
  const { head, actions } = await readCase(desk.table, id);
  expect([head.state, head.round, actions]).toEqual(['unanswered', 1, []]);
  await expectNoEvidence(desk, id, arrived(detail));

  const word = { contain: true, reason: 'it was real' };
  expect(await answerIncident(quiet, desk.place, id, word)).toMatchObject({
    state: 'contained',
    late: true,
  });
  const contained = (await readCase(desk.table, id)).head;
  expect([contained.state, contained.round]).toEqual(['contained', 2]);
  expect(contained.answers?.at(-1)).toMatchObject(word);
  await mailsWith(desk, id, ' contained: ');
  await expectEvidence(desk, id, 'function/configuration.json');
  const after = await readCase(desk.table, id);
  const released = await releaseIncident(desk.place, after, {
    reason: 'a test',
    letSessionsLive: true,
  });
  expect(released.released).toBe(true);
});
