import {
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
} from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import { endOf } from '../../../operator/executions.ts';
import type { DecidingPlace } from '../../../operator/place.ts';
import { proven } from '../../../operator/prove.ts';
import { releaseIncident } from '../../../operator/release.ts';
import { until } from '../../../operator/wait.ts';
import { answerFields, releaseFields } from '../../../responders/incident/proven-fields.ts';
import { questionToken } from '../../../responders/incident/records.ts';
import { borrowed, outputOf } from '../../support/engine/deployed.ts';
import { sessionOf } from '../../support/engine/keys.ts';
import { awaited, type Desk, deskOf, incidentAbout, mailsWith } from './case.ts';
import { attachedTo, type Clients, clientsOf } from './clients.ts';
import { evidenceNow, expectEvidence, expectNoEvidence } from './evidence.ts';
import { denials, denied, type Intruder, intruder, judgements } from './intruder.ts';
import { takeRole, withProofKey } from './proofs.ts';

let desk: Desk;
let stranger: Intruder;
let root: Clients;
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  stranger = await intruder(cordon, 'intruder-people');
  root = clientsOf(cordon);
});

const critical = { 'cordon:tier': 'critical' };
const readCase = (id: string) => awaited(desk, id, 'there', () => true);
/** A MAC has no other form; only KMS knows that it is wrong. */
const guess = (purpose: string): string =>
  `${purpose}.${Date.now() + 60_000}.${'0'.repeat(64)}.${'A'.repeat(43)}`;

it.each(['DrillKeyArn', 'AnswerKeyArn', 'ReleaseKeyArn'])(
  'rows 2 to 4: the intruder makes and verifies no MAC, and changes no policy: %s',
  async (name) => {
    const attempts = withProofKey(outputOf(desk.cordon, name));
    expect(await judgements(stranger, attempts)).toEqual(denials(attempts));
  },
);

it.each(['ApproveRoleArn', 'ReleaseRoleArn', 'DrillRoleArn', 'ReaderRoleArn', 'AuditorRoleArn'])(
  'row 6: the intruder cannot take the role of people: %s',
  async (name) => {
    expect(await stranger.judged(takeRole(outputOf(desk.cordon, name)))).toEqual(denied);
  },
);

describe('row 3: a release', () => {
  const start = async (input: object): Promise<unknown> => {
    const stateMachineArn = outputOf(desk.cordon, 'ReleaseMachineArn');
    const { executionArn = '' } = await stranger.clients.states.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    const sfn = new SFNClient(await desk.place.config('operator'));
    const end = await until(() => endOf(sfn, executionArn), {
      within: 120_000,
      timeoutMessage: `${executionArn} has not ended`,
    });
    return end.output;
  };

  it('that the intruder starts is refused and told, and what a person proves is done', async () => {
    const { id, roleName } = await incidentAbout(desk, 'intruder-release');
    // Who else uses the role may be known only to the watch.
    const { head } = await awaited(
      desk,
      id,
      'contained with its whole role',
      (it) =>
        it.head.state === 'contained' &&
        it.head.suspect?.kind === 'function' &&
        it.head.suspect.sharing === 'sole',
    );
    const word = { by: 'anna', reason: 'clean', letSessionsLive: true };
    const foreign = await proven(desk.place, 'release', (by) =>
      releaseFields({ ...head, id: 'inc-20261121-7f3k2m8q' }, { ...word, by }),
    );
    const own = await proven(desk.place, 'release', (by) => releaseFields(head, { ...word, by }));
    const { identity } = foreign;
    const before = await attachedTo(root, roleName);
    expect(before).toContain('CordonQuarantineRole');
    await expectEvidence(desk, id, 'function/configuration.json');
    const evidence = await evidenceNow(desk, id);

    for (const [input, refused] of [
      [{ incidentId: id, ...word }, 'it came without a proof'],
      [{ incidentId: id, ...word, proof: guess('release') }, 'its proof was made for something'],
      [{ incidentId: id, ...word, ...foreign }, 'its proof was made for something else'],
      [{ incidentId: id, ...word, ...own, identity }, 'AWS does not know who signed it'],
      [{ incidentId: id, ...word, ...own, identity: undefined }, 'nobody has signed it'],
      [{ incidentId: { any: 'text' }, ...word }, 'it names no incident'],
    ] as const)
      expect(await start(input)).toMatchObject({
        released: false,
        refused: expect.stringContaining(refused),
      });

    expect(await attachedTo(root, roleName)).toEqual(before);
    expect((await readCase(id)).head).toMatchObject({ state: 'contained', release: null });
    const [mail] = await mailsWith(desk, `Cordon: a release was refused: ${id}`);
    expect(mail?.body).toContain('Nothing was changed.');
    // Reports may have been added since.
    expect(await evidenceNow(desk, id)).toMatchObject(evidence);

    const done = await releaseIncident(desk.place, await readCase(id), word);
    expect(done).toMatchObject({ released: true, refused: null });
    expect(await attachedTo(root, roleName)).not.toContain('CordonQuarantineRole');
    const { release } = (await readCase(id)).head;
    expect(release?.by).toBe(`arn:aws:iam::${desk.place.account}:root`);
  });
});

describe('row 6: who takes a role of Cordon and belongs to the incident', () => {
  it('releases nothing, although the role for it has made the proof', async () => {
    const { id, roleName } = await incidentAbout(desk, 'intruder-circle');
    const { head } = await awaited(desk, id, 'contained', (it) => it.head.state === 'contained');
    const before = await attachedTo(root, roleName);
    // The workload signs, and the role for releases makes the MAC: as after a trust policy that
    // names too many.
    const keys = await sessionOf(desk.cordon, roleName, 'intruder-circle');
    const { place } = desk;
    const theirs: DecidingPlace = {
      ...place,
      config: async (who) => (who === 'operator' ? place.withKeys(keys) : place.config(who)),
    };
    const word = { reason: 'clean', letSessionsLive: true };
    const proof = await proven(theirs, 'release', (by) => releaseFields(head, { ...word, by }));

    const { executionArn = '' } = await stranger.clients.states.send(
      new StartExecutionCommand({
        stateMachineArn: outputOf(desk.cordon, 'ReleaseMachineArn'),
        input: JSON.stringify({ incidentId: id, ...word, ...proof }),
      }),
    );
    const sfn = new SFNClient(await place.config('operator'));
    const end = await until(() => endOf(sfn, executionArn), {
      within: 120_000,
      timeoutMessage: `${executionArn} has not ended`,
    });

    expect(end.output).toMatchObject({
      released: false,
      refused: 'who signed it belongs to what the incident is about',
    });
    expect(await attachedTo(root, roleName)).toEqual(expect.arrayContaining([...before]));
    expect((await readCase(id)).head).toMatchObject({ state: 'contained', release: null });
    await mailsWith(desk, `Cordon: a release was refused: ${id}`);
    await expectEvidence(desk, id);
  });
});

describe('row 4: a question', () => {
  const asked = async (name: string) => {
    const made = await incidentAbout(desk, name, critical);
    await awaited(desk, made.id, 'asked', ({ mails }) => mails.some(({ kind }) => kind === 'ask'));
    return made;
  };
  /** As anybody reads it who may read the history of executions. */
  const tokenOf = async (id: string, not?: string): Promise<string> =>
    until(
      async () => {
        const token = await questionToken({ ...desk.table, ...rootTable() }, id);
        return token === not ? undefined : token;
      },
      { within: 120_000, timeoutMessage: `${id} has no new token` },
    );
  const rootTable = () => ({ dynamo: root.dynamodb });
  /**
   * Ends the wait of a question; returns the token that did. A question whose mail was tried again
   * waits with a new token, and the one before is gone.
   */
  const ended = async (
    id: string,
    taskToken: string,
    end: (taskToken: string) => Promise<unknown>,
  ): Promise<string> => {
    try {
      await end(taskToken);
      return taskToken;
    } catch (error) {
      if (!(error instanceof TaskDoesNotExist)) throw error;
      return ended(id, await tokenOf(id, taskToken), end);
    }
  };

  it('outlives answers and ends that nobody may send, and takes the one that is proven', async () => {
    const { id, roleName } = await asked('intruder-question');
    const { states } = stranger.clients;
    const yes = { approved: true, by: 'anna', reason: 'it is real' };
    let taskToken = await tokenOf(id);
    for (const answer of [yes, { ...yes, proof: guess('answer') }, 'yes', { silent: true }]) {
      const output = JSON.stringify(answer);
      const sent = await ended(id, taskToken, (taskToken) =>
        states.send(new SendTaskSuccessCommand({ taskToken, output })),
      );
      taskToken = await tokenOf(id, sent);
    }
    const failed = await ended(id, taskToken, (taskToken) =>
      states.send(new SendTaskFailureCommand({ taskToken, error: 'States.Timeout' })),
    );
    taskToken = await tokenOf(id, failed);

    const { head, actions } = await readCase(id);
    expect([head.state, head.answers ?? [], actions]).toEqual(['awaiting-approval', [], []]);
    expect(await attachedTo(root, roleName)).toEqual([]);
    await expectNoEvidence(desk, id, { detail: expect.objectContaining({ id: head.finding.id }) });
    const [mail] = await mailsWith(desk, `Cordon: an answer was refused: ${id}`);
    expect(mail?.body).toContain('an open question stays open');
    await mailsWith(desk, `Cordon: a question ended too early: ${id}`);

    const word = { contain: true, reason: 'it is real' };
    const proof = await proven(desk.place, 'answer', (by) => answerFields(head, { ...word, by }));
    const approver = new SFNClient(await desk.place.config('approve'));
    const output = JSON.stringify({ approved: true, reason: word.reason, ...proof });
    await ended(id, taskToken, (taskToken) =>
      approver.send(new SendTaskSuccessCommand({ taskToken, output })),
    );
    const after = await awaited(desk, id, 'contained', (it) => it.head.state === 'contained');
    expect(after.head.answers).toMatchObject([
      { contain: true, by: expect.stringMatching(/:root$/) },
    ]);
    expect(await attachedTo(root, roleName)).toContain('CordonQuarantineRole');
    await expectEvidence(desk, id, 'function/configuration.json');
    expect(
      (await releaseIncident(desk.place, after, { reason: 'a test', letSessionsLive: true }))
        .released,
    ).toBe(true);
  });
});
