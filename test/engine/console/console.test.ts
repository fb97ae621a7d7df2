// What people do with the console over HTTP, and what nobody can.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  CognitoIdentityProviderClient,
  DeleteUserPoolCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyBucket } from '../../../console/pages/src/verify/verify-bucket.ts';
import { evidenceReadReply } from '../../../console/schemas/replies.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { answerIncident } from '../../../operator/answer.ts';
import { output } from '../../../operator/place.ts';
import { until } from '../../../operator/wait.ts';
import { isClosed } from '../../../responders/incident/stage.ts';
import { countedYeses } from '../../../responders/incident/yeses.ts';
import { at, listAt, textAt } from '../../../responders/shared/json.ts';
import { nodeHash } from '../../support/console/evidence-on-disk.ts';
import { deployed, type OwnDeployed } from '../../support/engine/deployed.ts';
import { personCalled } from '../../support/engine/person.ts';
import { withSettings } from '../../support/engine/settings.ts';
import { awaited, incidentAbout } from '../intruder/case.ts';
import { clientsOf } from '../intruder/clients.ts';
import { invocations } from '../intruder/functions.ts';
import { denied, intruder } from '../intruder/intruder.ts';
import { secondsAgo, tokenAttempts } from './attempts.ts';
import { exportsOf, signersOf } from './audit-export.ts';
import { type ConsoleAnswer, type ConsoleDesk, consoleDeskOf, drillAbout } from './desk.ts';

let cordon: OwnDeployed;
let desk: ConsoleDesk;
beforeAll(async () => {
  cordon = await deployed();
  desk = await consoleDeskOf(cordon);
});
afterAll(() => cordon?.engine.stop());

const critical = { 'cordon:tier': 'critical' };
const look = (id: string) => awaited(desk, id, 'there', () => true);

const asked = async (name: string) => {
  const made = await incidentAbout(desk, name, critical);
  await awaited(desk, made.id, 'asked', ({ mails }) => mails.some(({ kind }) => kind === 'ask'));
  return made;
};

const get = (path: string, token: string) => desk.call('GET', path, { token });
const digestAt = async (path: string, token: string): Promise<string> =>
  textAt((await get(path, token)).json, 'digest') ?? '';
const questionAt = (id: string, token: string) => digestAt(`/incidents/${id}/question`, token);

const answer = (id: string, token: string | null, digest: string, decision = 'contain') =>
  desk.call('POST', `/incidents/${id}/answer`, {
    token,
    body: { digest, decision, reason: 'it is real' },
  });

const isDenied = async (RoleName: string): Promise<boolean> => {
  const { iam } = clientsOf(cordon);
  const { AttachedPolicies = [] } = await iam.send(
    new ListAttachedRolePoliciesCommand({ RoleName }),
  );
  return AttachedPolicies.some(({ PolicyName = '' }) => PolicyName.startsWith('CordonQuarantine'));
};

const said = ({ json }: ConsoleAnswer): string => textAt(json, 'detail') ?? '';

describe('an answer', () => {
  let id: string;
  let roleName: string;
  let anna: string;
  let digest: string;
  beforeAll(async () => {
    ({ id, roleName } = await asked('console-answer'));
    anna = await desk.enter('anna', 'approvers');
    digest = await questionAt(id, anna);
  });
  // The same sign-in, as if of just now: a slow machine needs longer for all of this than it lasts.
  beforeEach(() => {
    anna = desk.resigned(anna, { auth_time: secondsAgo(0) });
  });

  const untouched = async (): Promise<void> => {
    const { head, actions } = await look(id);
    expect([head.state, head.answers ?? [], actions]).toEqual(['awaiting-approval', [], []]);
    expect(await isDenied(roleName)).toBe(false);
  };

  it.each(tokenAttempts)('with $words is refused', async ({ token, status, says }) => {
    const refused = await answer(id, await token(desk, anna), digest);
    expect([refused.status, said(refused)]).toEqual([status, expect.stringContaining(says)]);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    await untouched();
  });

  it('to another question is refused with the one that is asked', async () => {
    const refused = await answer(id, anna, '0'.repeat(64));
    expect([refused.status, at(refused.json, 'question.digest')]).toEqual([409, digest]);
    await untouched();
  });

  it.each([
    ['without a reason', { decision: 'contain', reason: ' ' }],
    ['with the name of somebody else', { decision: 'contain', reason: 'x', by: 'bob' }],
    ['that is neither yes nor no', { decision: 'maybe', reason: 'x' }],
    ['that is longer than it may be', { decision: 'contain', reason: 'x'.repeat(501) }],
  ])('%s is refused', async (_what, body) => {
    const path = `/incidents/${id}/answer`;
    const refused = await desk.call('POST', path, { token: anna, body: { digest, ...body } });
    expect(refused.status).toBe(400);
    await untouched();
  });

  it('cannot be given around the gateway, whatever the event says about its caller', async () => {
    const stranger = await intruder(cordon, 'intruder-console');
    const event = {
      httpMethod: 'POST',
      resource: '/incidents/{id}/answer',
      pathParameters: { id },
      headers: { Authorization: `Bearer ${anna}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ digest, decision: 'contain', reason: 'x' }),
      requestContext: {
        requestId: randomUUID(),
        authorizer: { claims: { username: 'anna', 'cognito:groups': 'approvers' } },
      },
    };
    for (const attempt of invocations('ConsoleDecideLambda', event))
      expect(await stranger.judged(attempt)).toEqual(denied);
    for (const name of ['CordonConsoleApproveRole', 'CordonConsoleReleaseRole']) {
      const RoleArn = `arn:aws:iam::${desk.place.account}:role/cordon/${name}`;
      const take = (sts: ReturnType<typeof clientsOf>['sts']) =>
        sts.send(
          new AssumeRoleCommand({ RoleArn, RoleSessionName: 'anna', SourceIdentity: 'anna' }),
        );
      await expect(take(stranger.clients.sts)).rejects.toThrow('not authorized');
      await expect(take(clientsOf(cordon).sts), 'the root user').rejects.toThrow('not authorized');
    }
    await untouched();
  });

  it('of two approvers at once counts once, and the workload is contained', async () => {
    const bob = await desk.enter('bob', 'approvers');
    const both = await Promise.all([answer(id, anna, digest), answer(id, bob, digest)]);

    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { head } = await awaited(desk, id, 'contained', (it) => it.head.state === 'contained');
    const by = both.map(({ json }) => textAt(json, 'by')).filter((name) => name !== null);
    expect(head.answers).toMatchObject([{ contain: true, by: by[0], reason: 'it is real' }]);
    expect(by[0]).toMatch(/:assumed-role\/CordonConsoleApproveRole\/(anna|bob)$/);
    expect(await isDenied(roleName)).toBe(true);
  });

  it('that was given is refused when it is sent again, with every token of its sign-in', async () => {
    const again = await answer(id, anna, digest);
    expect(again.status).toBe(409);
    const other = await asked('console-second-use');
    const question = await questionAt(other.id, anna);
    for (const token of [anna, desk.resigned(anna, { jti: randomUUID() })]) {
      const refused = await answer(other.id, token, question);
      expect([refused.status, said(refused)]).toEqual([
        409,
        expect.stringContaining('already used for a decision'),
      ]);
    }
    expect((await look(other.id)).actions).toEqual([]);
    const carl = await desk.enter('carl', 'approvers');
    expect((await answer(other.id, carl, question, 'leave')).json).toMatchObject({
      state: 'notify-only',
    });
  });

  it('is in CloudTrail under the person', async () => {
    const { head } = await look(id);
    const person = head.answers?.[0]?.by.split('/').at(-1) ?? '';
    const calls = await until(
      async () => {
        const { Events = [] } = await clientsOf(cordon).cloudtrail.send(
          new LookupEventsCommand({
            LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: person }],
          }),
        );
        const names = Events.map(({ EventName }) => EventName);
        return names.includes('SendTaskSuccess') && names.includes('GenerateMac')
          ? Events
          : undefined;
      },
      { within: 60_000, timeoutMessage: `CloudTrail does not know what ${person} did` },
    );
    const identity = 'userIdentity.sessionContext.sourceIdentity';
    for (const { CloudTrailEvent = '{}' } of calls)
      expect(textAt(JSON.parse(CloudTrailEvent), identity)).toBe(person);
  });
});

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
    const { id } = await asked('console-two');
    const first = await desk.enter('dora', 'approvers');
    const yes = await answer(id, first, await questionAt(id, first));
    expect(yes.json).toMatchObject({ state: 'awaiting-approval', secondNeeded: true });

    const fresh = desk.resigned(first, { origin_jti: randomUUID() });
    const again = await answer(id, fresh, await questionAt(id, fresh));
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
    const second = await answer(id, erik, await questionAt(id, erik));
    expect(second.json).toMatchObject({ state: 'contained', secondNeeded: false });
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
    const digest = await digestAt(`/incidents/${id}/release-preview`, rita);
    const post = (token: string, body: object) => desk.call('POST', path, { token, body });
    const wish = { digest, reason: 'the code is new' };

    for (const [token, body, status] of [
      [anna, { ...wish, letSessionsLive: true }, 403],
      [rita, { ...wish, digest: '0'.repeat(64), letSessionsLive: true }, 409],
      [rita, wish, 409],
      [rita, { ...wish, letSessionsLive: 'yes' }, 400],
    ] as const)
      expect([body, (await post(token, body)).status]).toEqual([body, status]);
    expect([(await look(id)).head.state, await isDenied(roleName)]).toEqual(['contained', true]);

    const done = await post(rita, { ...wish, letSessionsLive: true });
    expect([done.status, done.json]).toMatchObject([200, { released: true }]);
    const { head } = await look(id);
    expect([head.state, head.release?.by]).toEqual([
      'released',
      expect.stringContaining('CordonConsoleReleaseRole/rita'),
    ]);
    expect(await isDenied(roleName)).toBe(false);
    expect((await post(rita, { ...wish, letSessionsLive: true })).status).toBe(409);
  });
});

it('with the application contained and its users gone, the console decides and shows', async () => {
  const { lambda } = clientsOf(cordon);
  for (const name of ['ProductService', 'AdminAuthorizer'])
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 0 }),
    );
  const cognito = new CognitoIdentityProviderClient(clientConfig(cordon));
  const UserPoolId = output(desk.place, 'CordonProtectedApp', 'UserPoolId');
  await cognito.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: 'INACTIVE' }));
  await cognito.send(new DeleteUserPoolCommand({ UserPoolId }));

  const { id } = await asked('console-alone');
  const fred = await desk.enter('fred', 'approvers');
  expect((await get('/now', fred)).status).toBe(200);
  const answered = await answer(id, fred, await questionAt(id, fred));
  expect(answered.json).toMatchObject({ state: 'contained' });
});
