// Where two persons must approve: one of them alone contains nothing, under whatever name.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerIncident } from '../../../cli/answer.ts';
import { approvedBefore } from '../../../cli/decide.ts';
import { createOutput } from '../../../cli/output.ts';
import { injectEvent } from '../../../operator/inject.ts';
import { proven } from '../../../operator/prove.ts';
import { releaseIncident } from '../../../operator/release.ts';
import type { Case } from '../../../responders/incident/case.ts';
import { answerFields } from '../../../responders/incident/proven-fields.ts';
import { countedYeses } from '../../../responders/incident/yeses.ts';
import { borrowed } from '../../support/engine/deployed.ts';
import { type EnginePerson, personCalled } from '../../support/engine/person.ts';
import { withSettings } from '../../support/engine/settings.ts';
import { call } from '../evidence/incident.ts';
import { awaited, type Desk, deskOf, incidentAbout, mailsWith } from './case.ts';

let desk: Desk;
let [anna, bob]: readonly EnginePerson[] = [];
let putBack: () => Promise<void>;
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  anna = await personCalled(cordon, desk.place, 'two-persons-anna');
  bob = await personCalled(cordon, desk.place, 'two-persons-bob');
  putBack = await withSettings(cordon, 'ContainmentLambda', {
    twoPersons: 'critical',
    approvers: [anna.arn, bob.arn],
  });
});
afterAll(() => putBack());

const quiet = createOutput({ stdout: () => {}, stderr: () => {}, interactive: false }, false);

const asked = async (name: string) => {
  const made = await incidentAbout(desk, name, { 'cordon:tier': 'critical' });
  await awaited(desk, made.id, 'asked', ({ mails }) => mails.some(({ kind }) => kind === 'ask'));
  return made;
};
const look = (id: string, holds: (incident: Case) => boolean = () => true) =>
  awaited(desk, id, 'as expected', holds);

const say = (person: EnginePerson | undefined, id: string, contain = true) => {
  if (!person) throw new Error('nobody answers');
  return answerIncident(quiet, person.place, id, { contain, reason: 'confirmed' });
};

describe('two persons', () => {
  it('contain together, and one of them alone does not', async () => {
    const { id } = await asked('two-persons-yes');

    expect(await say(anna, id)).toMatchObject({ state: 'awaiting-approval', secondNeeded: true });
    const first = await look(id);
    expect([first.actions, countedYeses(first.head)]).toMatchObject([[], [{ by: anna?.arn }]]);
    const [mail] = await mailsWith(desk, id, 'another person is needed');
    expect(mail?.body).toContain('two-persons-anna has approved');

    await expect(say(anna, id)).rejects.toThrow('another person must approve it too');
    const waiting = [(await look(id)).head];
    expect(await approvedBefore(anna?.place ?? desk.place, waiting)).toEqual(waiting);
    expect(await approvedBefore(bob?.place ?? desk.place, waiting)).toEqual([]);
    expect((await look(id)).actions).toEqual([]);

    expect(await say(bob, id)).toMatchObject({ state: 'contained', secondNeeded: false });
    const { head } = await look(id);
    expect(head.answers?.map(({ by }) => by)).toEqual([anna?.arn, bob?.arn]);
    const released = await releaseIncident(desk.place, await look(id), {
      reason: 'a test',
      letSessionsLive: true,
    });
    expect(released.released).toBe(true);
  });

  it('are not one person twice, nor one with the help of somebody who may not approve', async () => {
    const { id } = await asked('two-persons-same');
    await say(anna, id);
    const before = (await look(id)).mails.length;

    // The root user can use the key of answers here, and is none of the approvers.
    await expect(say({ arn: '', place: desk.place }, id)).rejects.toThrow('was refused');
    const [mail] = await mailsWith(desk, `Cordon: an answer was refused: ${id}`);
    // Notices of the same second are combined into one mail, with a line for each.
    if (!mail?.body.includes('notices combined'))
      expect(mail?.body).toContain('two persons must approve, and who signed it may not');

    const { head, actions } = await look(id);
    expect([head.state, actions]).toEqual(['awaiting-approval', []]);
    expect(before).toBeGreaterThan(0);
    expect(await say(bob, id, false)).toMatchObject({ state: 'notify-only' });
  });

  it('approve the question as it is asked: a revision, or asking again, ends a first yes', async () => {
    const { id, detail } = await asked('two-persons-again');
    await say(anna, id);
    const at = new Date().toISOString();
    const event = { detailType: 'GuardDuty Finding', detail: { ...detail, updatedAt: at } };
    await injectEvent(desk.place, desk.table, 'default', event, { within: 120_000 });
    await look(id, ({ head }) => head.finding.revisions === 2);
    expect(countedYeses((await look(id)).head)).toEqual([]);

    expect(await say(bob, id)).toMatchObject({ secondNeeded: true });
    const { head } = await look(id);
    expect(countedYeses(head)).toMatchObject([{ by: bob?.arn }]);
    await call(desk.cordon, 'NotifyLambda', { kind: 'questions' });
    // It was asked a moment ago, so it is not due, and the yes still counts.
    expect(countedYeses((await look(id)).head)).toHaveLength(1);
    expect(await say(anna, id, false)).toMatchObject({ state: 'notify-only' });
  });

  it('are proven by STS: a proof that names another person is none', async () => {
    const { id } = await asked('two-persons-forged');
    await say(anna, id);
    const { head } = await look(id);
    const word = { contain: true, reason: 'x' };
    const own = anna?.place ?? desk.place;
    const forged = await proven(own, 'answer', () =>
      answerFields(head, { ...word, by: bob?.arn ?? '' }),
    );
    const answer = { approved: true, reason: 'x', ...forged, by: bob?.arn };
    await call(desk.cordon, 'ContainmentLambda', { incidentId: id, answer });
    const after = await look(id);
    expect([after.head.state, after.actions]).toEqual(['awaiting-approval', []]);
    expect(countedYeses(after.head)).toMatchObject([{ by: anna?.arn }]);
    expect(await say(bob, id, false)).toMatchObject({ state: 'notify-only' });
  });
});
