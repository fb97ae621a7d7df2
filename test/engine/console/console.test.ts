// What people do with the console over HTTP, and what nobody can.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyBucket } from '../../../console/pages/src/verify/verify-bucket.ts';
import { evidenceReadReply } from '../../../console/schemas/replies.ts';
import { enterConsole, signInToConsole } from '../../../local/console/users.ts';
import { answerIncident } from '../../../operator/answer.ts';
import { injectEvent } from '../../../operator/inject.ts';
import { isClosed } from '../../../responders/incident/stage.ts';
import { countedYeses } from '../../../responders/incident/yeses.ts';
import { at, listAt, textAt } from '../../../responders/shared/json.ts';
import { nodeHash } from '../../support/console/evidence-on-disk.ts';
import { stopApplication } from '../../support/console/stop-application.ts';
import { deployed, type OwnDeployed } from '../../support/engine/deployed.ts';
import { personCalled } from '../../support/engine/person.ts';
import { withSettings } from '../../support/engine/settings.ts';
import { awaited } from '../intruder/case.ts';
import { secondsAgo } from './attempts.ts';
import { exportsOf, signersOf } from './audit-export.ts';
import { type ConsoleDesk, consoleDeskOf, drillAbout } from './desk.ts';
import {
  answerTo,
  askedAbout,
  callsOf,
  digestAt,
  isDenied,
  lookAt,
  questionAt,
  said,
} from './questions.ts';

let cordon: OwnDeployed;
let desk: ConsoleDesk;
beforeAll(async () => {
  cordon = await deployed();
  desk = await consoleDeskOf(cordon);
});
afterAll(() => cordon?.engine.stop());

const look = (id: string) => lookAt(desk, id);
const get = (path: string, token: string) => desk.call('GET', path, { token });
const answer = (id: string, token: string, digest: string) => answerTo(desk, id, { token, digest });

describe('two persons', () => {
  let putBack: () => Promise<void>;
  let dora: Awaited<ReturnType<typeof personCalled>>;
  beforeAll(async () => {
    dora = await personCalled(cordon, desk.place, 'dora');
    putBack = await withSettings(cordon, 'ContainmentLambda', {
      twoPersons: 'critical',
      approvers: [dora.arn],
    });
  });
  afterAll(() => putBack());

  it('are not one person in the console and with the command', async () => {
    const { id } = await askedAbout(desk, 'console-two');
    const first = await desk.enter('dora', 'approvers');
    const yes = await answer(id, first, await questionAt(desk, id, first));
    expect(yes.json).toMatchObject({ state: 'awaiting-approval', secondNeeded: true });

    const fresh = desk.resigned(first, { origin_jti: randomUUID() });
    const again = await answer(id, fresh, await questionAt(desk, id, fresh));
    expect([again.status, said(again)]).toEqual([409, expect.stringContaining('another person')]);
    const withCommand = answerIncident(
      dora.place,
      id,
      { contain: true, reason: 'once more' },
      { note: () => undefined, within: 60_000 },
    );
    await expect(withCommand).rejects.toThrow('was refused');
    const { head, actions } = await look(id);
    expect([countedYeses(head).length, actions]).toEqual([1, []]);

    const erik = await desk.enter('erik', 'approvers');
    const second = await answer(id, erik, await questionAt(desk, id, erik));
    expect(second.json).toMatchObject({ state: 'contained', secondNeeded: false });
  });

  it('are asked anew when GuardDuty has more to say, and an answer to the old is refused', async () => {
    const { id, detail } = await askedAbout(desk, 'console-revised');
    const gina = await desk.enter('gina', 'approvers');
    const old = await questionAt(desk, id, gina);
    const updatedAt = new Date(Date.now() + 60_000).toISOString();
    const event = { detailType: 'GuardDuty Finding', detail: { ...detail, updatedAt } };
    await injectEvent(desk.place, desk.table, 'default', event, { within: 120_000 });
    await awaited(desk, id, 'revised', ({ head }) => head.finding.revisions === 2);

    // A slow machine needs longer for all of this than a sign-in lasts.
    const fresh = desk.resigned(gina, { auth_time: secondsAgo(0) });
    const refused = await answer(id, fresh, old);
    const current = await questionAt(desk, id, gina);
    expect([refused.status, at(refused.json, 'question.digest')]).toEqual([409, current]);
    expect(current).not.toBe(old);
    const { head, actions } = await look(id);
    expect([head.state, countedYeses(head), actions]).toEqual(['awaiting-approval', [], []]);
  });

  it('are not one person with two sign-ins that answer at once', async () => {
    const { id, roleName } = await askedAbout(desk, 'console-race');
    const hana = await desk.enter('hana', 'approvers');
    const digest = await questionAt(desk, id, hana);
    const other = desk.resigned(hana, { origin_jti: randomUUID() });
    const both = await Promise.all([answer(id, hana, digest), answer(id, other, digest)]);

    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { head, actions } = await look(id);
    expect([head.state, countedYeses(head).length, actions]).toEqual(['awaiting-approval', 1, []]);
    expect(await isDenied(cordon, roleName)).toBe(false);
  });

  it('who answer at once are both heard, or one of them is told to look again', async () => {
    const { id, roleName } = await askedAbout(desk, 'console-two-race');
    const ivan = await desk.enter('ivan', 'approvers');
    const jane = await desk.enter('jane', 'approvers');
    const digest = await questionAt(desk, id, ivan);
    const both = await Promise.all([answer(id, ivan, digest), answer(id, jane, digest)]);

    // Of what takes longer the console says that it was taken.
    const taken = both.filter(({ status }) => [200, 202].includes(status)).length;
    expect(both.filter(({ status }) => ![200, 202, 409].includes(status))).toEqual([]);
    const { head } = await awaited(desk, id, 'decided', (known) =>
      taken === 2 ? known.head.state === 'contained' : countedYeses(known.head).length === taken,
    );
    // The second yes stands among the answers, with the first before it.
    const heard = [...countedYeses(head), ...(head.answers ?? [])].map(({ by }) => by);
    expect([taken, new Set(heard).size]).toEqual([taken, taken]);
    expect(head.state).toBe(taken === 2 ? 'contained' : 'awaiting-approval');
    expect(await isDenied(cordon, roleName)).toBe(taken === 2);
  });
});

describe('a contained incident', () => {
  let id: string;
  let roleName: string;
  beforeAll(async () => {
    ({ id, roleName } = await drillAbout(desk, 'console-held'));
    await awaited(desk, id, 'closed', ({ stages }) => isClosed(stages));
  });

  it('is shown to readers, and its document is not sent twice', async () => {
    const reader = await desk.enter('reader-one', 'readers');
    const shown = await get(`/incidents/${id}`, reader);
    expect([shown.status, at(shown.json, 'state')]).toEqual([200, 'contained']);
    const known = { 'If-None-Match': shown.headers.etag ?? '' };
    const again = await desk.call('GET', `/incidents/${id}`, { token: reader, headers: known });
    expect([again.status, again.text]).toEqual([304, '']);

    const list = await get('/incidents?state=contained&drills=only&limit=100', reader);
    expect(listAt(list.json, 'items').map((listed) => textAt(listed, 'id'))).toContain(id);
    const paths = ['/now', '/drills', '/policy', '/health', `/incidents/${id}/release-preview`];
    for (const path of paths) expect([path, (await get(path, reader)).status]).toEqual([path, 200]);
    const health = (await get('/health', reader)).json;
    expect(health).toMatchObject({
      ...{ deadLetters: 0, tampering: expect.any(Array) },
      heartbeat: { everyHours: expect.any(Number), late: expect.any(Boolean) },
    });
    expect(listAt((await get('/drills', reader)).json, 'items')).toContainEqual(
      expect.objectContaining({ id, drill: true, score: null }),
    );
    const timeline = await get(`/incidents/${id}/timeline?limit=1`, reader);
    expect([timeline.status, listAt(timeline.json, 'items').length]).toEqual([200, 1]);
    const ofCordon = await get(`/incidents/${id}/timeline?lane=cordon`, reader);
    expect(listAt(ofCordon.json, 'items')).toContainEqual(
      expect.objectContaining({ lane: 'cordon', whose: 'cordon' }),
    );
    const report = await get(`/incidents/${id}/report`, reader);
    expect(textAt(report.json, 'text')).toContain(id);
    const bodies = listAt(report.json, 'mails').map((mail) => textAt(mail, 'body'));
    expect(bodies.join()).toContain(id);
    expect((await get('/incidents/inc-20200101-aaaaaaaa', reader)).status).toBe(404);
    expect((await get('/incidents/INC-20200101-aaaaaaaa', reader)).status).toBe(400);
    expect((await get('/audit', reader)).status).toBe(403);
  });

  it('gives its evidence to who says why, and remembers that', async () => {
    const path = `/incidents/${id}/evidence`;
    const reader = await desk.enter('reader-two', 'readers');
    const auditor = await desk.enter('audrey', 'auditors');
    const listed = listAt((await get(path, reader)).json, 'objects');
    const object = textAt(listed[0], 'path') ?? '';
    const read = (token: string, paths = [object], purpose = 'a question of the board') =>
      desk.call('POST', `${path}/read`, { token, body: { purpose, paths } });

    expect((await read(reader)).status).toBe(403);
    expect((await read(auditor, [object], ' ')).status).toBe(400);
    expect((await read(auditor, ['../../other'])).status).toBe(404);
    const { status, json } = await read(auditor);
    expect([status, at(json, 'custody')]).toEqual([200, 1]);
    const url = textAt(listAt(json, 'links')[0], 'url') ?? '';
    const linked = await fetch(url);
    const bytes = Buffer.from(await linked.arrayBuffer());
    expect([linked.status, bytes.length], String(bytes.subarray(0, 500))).toEqual([
      200,
      at(listed[0], 'bytes'),
    ]);

    const audit = listAt((await get('/audit', auditor)).json, 'items');
    expect(audit).toContainEqual(
      expect.objectContaining({
        who: 'audrey',
        what: 'read-evidence',
        incident: id,
        says: 'a question of the board',
        signedInAt: expect.any(Number),
      }),
    );
    expect(audit).toContainEqual(expect.objectContaining({ what: 'answer', outcome: 'contained' }));
  });

  it('exports the audit signed for auditors, and writes that down', async () => {
    expect(await exportsOf(desk)).toEqual({
      ...{ readers: 403, responders: 403, approvers: 403, 'without a purpose': 400 },
      ...{ ok: true, findings: [], text: expect.stringContaining('a question of the board') },
      entry: expect.objectContaining({ what: 'export-audit', says: 'audit 4712', incident: null }),
    });
  });

  it('signs with the key of the audit for nobody else', async () => {
    expect(await signersOf(desk)).toEqual(['ConsoleAuditLambda with the key of the audit']);
  });

  it('gives the whole folder to who verifies it, with what no manifest lists', async () => {
    const auditor = await desk.enter('vera', 'auditors');
    const path = `/incidents/${id}/evidence/read`;
    const purpose = 'audit 4711';
    const { status, json } = await desk.call('POST', path, { token: auditor, body: { purpose } });
    expect([status, at(json, 'custody')]).toEqual([200, 2]);

    const { links, signingKey } = evidenceReadReply.parse(json);
    expect(links.map((link) => link.path)).toEqual(
      expect.arrayContaining(['manifest.json', 'manifest.sig', 'custody/000002.sig', 'index.html']),
    );
    const { verification, keyOrigin } = await verifyBucket(
      {
        ...{ incident: id, round: 1, custody: 2, files: links },
        ...{ fingerprint: '', signingKey, linksLastMs: 60_000 },
      },
      {
        ...{ newHash: nodeHash, tell: () => undefined, fetch },
        ...{ pause: (ms: number) => sleep(ms), now: Date.now },
        renew: () => Promise.reject(new Error('no link has ended')),
      },
    );
    expect(verification).toMatchObject({ ok: true, findings: [], custody: { entries: 2 } });
    expect(keyOrigin).toBe('kms');
  });

  it('is released by a responder, and by nobody else', async () => {
    const path = `/incidents/${id}/release`;
    const rita = await desk.enter('rita', 'responders');
    const anna = await desk.enter('anna-two', 'approvers');
    const digest = await digestAt(desk, `/incidents/${id}/release-preview`, rita);
    const post = (token: string, body: object) => desk.call('POST', path, { token, body });
    const wish = { digest, reason: 'the code is new' };

    for (const [token, body, status] of [
      [anna, { ...wish, letSessionsLive: true }, 403],
      [rita, { ...wish, digest: '0'.repeat(64), letSessionsLive: true }, 409],
      [rita, wish, 409],
      [rita, { ...wish, letSessionsLive: 'yes' }, 400],
    ] as const)
      expect([body, (await post(token, body)).status]).toEqual([body, status]);
    expect([(await look(id)).head.state, await isDenied(cordon, roleName)]).toEqual([
      'contained',
      true,
    ]);

    const done = await post(rita, { ...wish, letSessionsLive: true });
    expect([done.status, done.json]).toMatchObject([200, { released: true }]);
    const { head } = await look(id);
    expect([head.state, head.release?.by]).toEqual([
      'released',
      expect.stringContaining('CordonConsoleReleaseRole/rita'),
    ]);
    expect(await isDenied(cordon, roleName)).toBe(false);
    expect((await post(rita, { ...wish, letSessionsLive: true })).status).toBe(409);
  });

  it('has its release in CloudTrail and in the audit, under the person', async () => {
    await callsOf(cordon, 'rita', ['GenerateMac', 'StartExecution']);

    const auditor = await desk.enter('audrey-three', 'auditors');
    const ofRita = listAt((await get('/audit', auditor)).json, 'items').filter(
      (entry) => textAt(entry, 'who') === 'rita',
    );
    const release = { what: 'release', incident: id, says: 'the code is new' };
    expect(ofRita).toEqual(
      ['asked', 'released'].map((outcome) =>
        expect.objectContaining({ ...release, outcome, signedInAt: expect.any(Number) }),
      ),
    );
  });
});

it('with the application contained and its users gone, the console does all of its work', async () => {
  const { user } = await enterConsole(desk.place, 'fred', ['approvers', 'responders']);
  await stopApplication(cordon);

  const { id, roleName } = await askedAbout(desk, 'console-alone');
  const fred = (await signInToConsole(desk.place, user)).accessToken;
  expect((await get('/now', fred)).status).toBe(200);
  const answered = await answer(id, fred, await questionAt(desk, id, fred));
  expect(answered.json).toMatchObject({ state: 'contained' });
  expect(await isDenied(cordon, roleName)).toBe(true);

  const again = desk.resigned(fred, { origin_jti: randomUUID(), auth_time: secondsAgo(0) });
  const digest = await digestAt(desk, `/incidents/${id}/release-preview`, again);
  const body = { digest, reason: 'the code is new', letSessionsLive: true };
  const released = await desk.call('POST', `/incidents/${id}/release`, { token: again, body });
  // A busy machine may need longer than the gateway waits: then the release is followed.
  expect([200, 202], released.text).toContain(released.status);
  await awaited(desk, id, 'released', ({ head }) => head.state === 'released');
  expect(await isDenied(cordon, roleName)).toBe(false);
});
