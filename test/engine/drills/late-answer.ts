import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { readInbox } from '../../../local/inbox.ts';
import { caseTable } from '../../../operator/cases.ts';
import { output } from '../../../operator/place.ts';
import { until } from '../../../operator/wait.ts';
import type { Case } from '../../../responders/incident/case.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { isClosed } from '../../../responders/incident/stage.ts';
import type { Table } from '../../../responders/incident/table.ts';
import { at } from '../../../responders/shared/json.ts';
import { caller, verdict } from '../../support/engine/keys.ts';
import type { CordonUp } from './cordon-up.ts';
import { makeCritical, makeOrdinary } from './critical.ts';
import { findings } from './events.ts';

let up: CordonUp;
let table: Table;
let sfn: SFNClient;

const awaited = (id: string, what: string, holds: (incident: Case) => boolean): Promise<Case> =>
  until(
    async () => {
      const incident = await readCase(table, id);
      return holds(incident) ? incident : undefined;
    },
    { within: 250_000, every: 200, timeoutMessage: `${id} was not ${what} within 250 s` },
  );

/**
 * A finding about a critical function, whose question was sent. It comes over the bus for drills,
 * after which CloudTrail is not waited for.
 */
const asked = async (): Promise<string> => {
  const detail = findings(up.place).beacon;
  const event = { 'detail-type': 'GuardDuty Finding', source: 'aws.guardduty', detail };
  const ended = await up.cordon(
    ['inject', '-', '--bus', 'drills', '--json'],
    JSON.stringify(event),
  );
  const id = String(at(JSON.parse(ended.stdout), 'incidentId'));
  await awaited(id, 'asked about', ({ mails }) => mails.some(({ kind }) => kind === 'ask'));
  return id;
};

const leftAlone = async (): Promise<string> => {
  const id = await asked();
  const left = await up.cordon(['decide', id, '--leave', '--reason', 'a load test']);
  expect([left.code, left.stderr]).toEqual([0, expect.stringContaining('left alone')]);
  return id;
};

/** The executions about an incident, in the order in which they began. */
const executionsOf = async (id: string) => {
  const stateMachineArn = output(up.place, 'CordonResponse', 'IncidentMachineArn');
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
  const described = await Promise.all(
    executions.map(({ executionArn }) => sfn.send(new DescribeExecutionCommand({ executionArn }))),
  );
  const { execution, findings: revisions } = await readCase(table, id).then(
    ({ head, findings: raws }) => ({ ...head, findings: raws }),
  );
  const event = String(at(JSON.parse(revisions[0]?.raw ?? '{}'), 'id'));
  return described
    .filter(({ executionArn, input = '' }) => executionArn === execution || input.includes(event))
    .sort((left, right) => Number(left.startDate) - Number(right.startDate));
};

/** Answers to a question that is over; the run is that of the commands, after they have used it. */
export const lateAnswers = (running: () => CordonUp): void => {
  describe('an answer to a question that is over', () => {
    beforeAll(async () => {
      up = running();
      table = await caseTable(up.place);
      const config = clientConfig(up.connection);
      sfn = new SFNClient(config);
      await makeCritical(up);
    });
    afterAll(() => makeOrdinary(up));

    it('the question says in mail and show what breaks, and until when it waits', async () => {
      const id = await asked();
      const shown = JSON.parse((await up.cordon(['show', id, '--json'])).stdout);

      expect(shown).toMatchObject({
        proposal: {
          because: 'it is tagged cordon:tier=critical',
          changes: expect.arrayContaining([
            expect.objectContaining({ title: 'Stop new invocations of the function' }),
          ]),
          callers: expect.any(Array),
        },
        timeLimit: { onTimeout: 'leave', askedAt: expect.any(Number) },
        answers: [],
      });
      expect(at(shown, 'timeLimit.endsAt')).toBe(
        Number(at(shown, 'timeLimit.askedAt')) + 1_800_000,
      );
      const mail = readInbox(up.connection.runDir).find(({ body }) => body.includes(id));
      const { stdout } = await up.cordon(['show', id]);
      for (const text of [mail?.body, stdout])
        expect(text).toMatch(/without an answer it is left alone after 30 min, at [\d: -]+ UTC/);
      const left = await up.cordon(['decide', id, '--leave', '--reason', 'a load test']);
      expect(left.code).toBe(0);
    });

    it('what was left alone is contained after all by those who may answer, in a new round', async () => {
      const id = await leftAlone();
      const again = await up.cordon(['decide', id, '--leave', '--reason', 'twice']);
      expect([again.code, again.stderr]).toEqual([
        1,
        expect.stringMatching(/left alone by .*:root.*: a load test/),
      ]);

      const late = await up.cordon([
        'decide',
        id,
        '--contain',
        '--reason',
        'it was real',
        '--json',
      ]);

      expect([late.code, JSON.parse(late.stdout)]).toMatchObject([
        0,
        { decisions: [{ incidentId: id, state: 'contained', late: true, reason: 'it was real' }] },
      ]);
      const { head, mails, stages } = await awaited(
        id,
        'closed in its second round',
        (incident) => incident.head.round === 2 && isClosed(incident.stages),
      );
      expect(stages.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(head.answers).toMatchObject([
        { contain: false, reason: 'a load test', by: expect.stringContaining(':root') },
        { contain: true, reason: 'it was real', by: expect.stringContaining(':root') },
      ]);
      const second = mails.filter(({ round }) => round === 2).map(({ kind }) => kind);
      expect(second).toEqual(expect.arrayContaining(['flash', 'report2']));
      const { stdout } = await up.cordon(['show', id]);
      expect(stdout).toMatch(/^CONTAINED: /);
      expect(stdout).toMatch(/before +left alone by .*: a load test/);
      expect(stdout).toContain('/round-2/report/v2.html');

      const refused = await up.cordon(['decide', id, '--contain']);
      expect([refused.code, refused.stderr]).toEqual([
        1,
        expect.stringContaining('containment was decided before'),
      ]);
      expect((await up.cordon(['release', id, '--reason', 'a test'])).code).toBe(0);
      const released = await up.cordon(['decide', id, '--contain']);
      expect([released.code, released.stderr]).toEqual([
        1,
        expect.stringContaining('was released by'),
      ]);

      const ended = await until(
        async () => {
          const executions = await executionsOf(id);
          return executions.every(({ status }) => status !== 'RUNNING') ? executions : undefined;
        },
        { within: 120_000, every: 500, timeoutMessage: `executions about ${id} are still running` },
      );
      expect(ended.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    });

    it('who can start executions and may not answer contains nothing, and is told of', async () => {
      const id = await leftAlone();
      const anything = { Effect: 'Allow', Action: 'states:*', Resource: '*' };
      const keys = await caller(up.connection, 'starts-executions', {
        Version: '2012-10-17',
        Statement: [anything],
      });
      const intruder = new SFNClient(clientConfig(up.connection, keys));
      const answer = { round: 1, by: 'anna', reason: 'yes' };
      const proof = `answer.${Date.now() + 60_000}.${'0'.repeat(64)}.${'A'.repeat(43)}`;
      const attempts: readonly (readonly [
        'IncidentMachineArn' | 'LateAnswerMachineArn',
        object,
      ])[] = [
        ['IncidentMachineArn', { incidentId: id, answer: { ...answer, approved: true } }],
        ['IncidentMachineArn', { incidentId: id, answer: { ...answer, approved: true, proof } }],
        ['LateAnswerMachineArn', { incidentId: id, ...answer, proof }],
      ];

      for (const [machine, input] of attempts)
        await intruder.send(
          new StartExecutionCommand({
            stateMachineArn: output(up.place, 'CordonResponse', machine),
            input: JSON.stringify(input),
          }),
        );

      // Of many refusals within ten minutes one is mailed.
      const refusals = () =>
        readInbox(up.connection.runDir).filter(
          ({ subject }) => subject === `Cordon: an answer was refused: ${id}`,
        );
      const told = await until(async () => (refusals().length > 0 ? refusals() : undefined), {
        within: 120_000,
        timeoutMessage: 'the refused answers were not told of',
      });
      expect(told[0]?.body).toContain('Nothing was changed');
      const { head, actions } = await readCase(table, id);
      expect([head.state, head.round, actions]).toEqual(['notify-only', 1, []]);
    });

    it('those who may answer can start nothing but an answer', async () => {
      const approver = new SFNClient(await up.place.config('approve'));
      const stateMachineArn = output(up.place, 'CordonResponse', 'IncidentMachineArn');
      const start = () =>
        approver.send(new StartExecutionCommand({ stateMachineArn, input: '{}' }));
      expect(await verdict(start)).toBe('denied');
    });
  });
};
