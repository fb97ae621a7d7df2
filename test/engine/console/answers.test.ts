// An answer to a question: what is refused before one counts, and what becomes of that.
import { randomUUID } from 'node:crypto';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at, textAt } from '../../../responders/shared/json.ts';
import { borrowed, type Deployed } from '../../support/engine/deployed.ts';
import { awaited } from '../intruder/case.ts';
import { clientsOf } from '../intruder/clients.ts';
import { invocations } from '../intruder/functions.ts';
import { denied, intruder } from '../intruder/intruder.ts';
import { misshapenAnswers, secondsAgo, tokenAttempts } from './attempts.ts';
import { type ConsoleDesk, consoleDeskOf } from './desk.ts';
import { answerTo, askedAbout, callsOf, isDenied, lookAt, questionAt, said } from './questions.ts';

let cordon: Deployed;
let desk: ConsoleDesk;
beforeAll(async () => {
  cordon = await borrowed();
  desk = await consoleDeskOf(cordon);
});

const answer = (
  id: string,
  token: string | null,
  digest: string,
  decision: 'contain' | 'leave' = 'contain',
) => answerTo(desk, id, { token, digest, decision });

describe('an answer', () => {
  let id: string;
  let roleName: string;
  let anna: string;
  let digest: string;
  beforeAll(async () => {
    ({ id, roleName } = await askedAbout(desk, 'answers-answer'));
    anna = await desk.enter('answers-anna', 'approvers');
    digest = await questionAt(desk, id, anna);
  });
  // The same sign-in, as if of just now: a slow machine needs longer for all of this than it lasts.
  beforeEach(() => {
    anna = desk.resigned(anna, { auth_time: secondsAgo(0) });
  });

  const untouched = async (): Promise<void> => {
    const { head, actions } = await lookAt(desk, id);
    expect([head.state, head.answers ?? [], actions]).toEqual(['awaiting-approval', [], []]);
    expect(await isDenied(cordon, roleName)).toBe(false);
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

  it('to the question of another incident is refused, whichever of the two it is sent to', async () => {
    const other = await askedAbout(desk, 'answers-other');
    anna = desk.resigned(anna, { auth_time: secondsAgo(0) });
    const theirs = await questionAt(desk, other.id, anna);
    expect(theirs).not.toBe(digest);
    for (const [sentTo, about, current] of [
      [id, theirs, digest],
      [other.id, digest, theirs],
    ] as const) {
      const refused = await answer(sentTo, anna, about);
      expect([refused.status, at(refused.json, 'question.digest')]).toEqual([409, current]);
    }
    await untouched();
    const { head, actions } = await lookAt(desk, other.id);
    expect([head.state, head.answers ?? [], actions]).toEqual(['awaiting-approval', [], []]);
    expect(await isDenied(cordon, other.roleName)).toBe(false);
    const gus = await desk.enter('answers-gus', 'approvers');
    expect((await answer(other.id, gus, theirs, 'leave')).json).toMatchObject({
      state: 'notify-only',
    });
  });

  it.each(misshapenAnswers)('that is $words is refused', async ({ body, status, type }) => {
    const headers = { 'Content-Type': type ?? 'application/json' };
    const refused = await desk.call('POST', `/incidents/${id}/answer`, {
      ...{ token: anna, headers, text: body(digest) },
    });
    expect([refused.status, refused.headers['content-type']]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
    await untouched();
  });

  it('cannot be given around the gateway, whatever the event says about its caller', async () => {
    const stranger = await intruder(cordon, 'intruder-answers');
    const event = {
      httpMethod: 'POST',
      resource: '/incidents/{id}/answer',
      pathParameters: { id },
      headers: { Authorization: `Bearer ${anna}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ digest, decision: 'contain', reason: 'x' }),
      requestContext: {
        requestId: randomUUID(),
        authorizer: { claims: { username: 'answers-anna', 'cognito:groups': 'approvers' } },
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
    const bob = await desk.enter('answers-bob', 'approvers');
    const both = await Promise.all([answer(id, anna, digest), answer(id, bob, digest)]);

    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { head } = await awaited(desk, id, 'contained', (it) => it.head.state === 'contained');
    const by = both.map(({ json }) => textAt(json, 'by')).filter((name) => name !== null);
    expect(head.answers).toMatchObject([{ contain: true, by: by[0], reason: 'it is real' }]);
    expect(by[0]).toMatch(/:assumed-role\/CordonConsoleApproveRole\/answers-(anna|bob)$/);
    expect(await isDenied(cordon, roleName)).toBe(true);
  });

  it('that was given is refused when it is sent again, with every token of its sign-in', async () => {
    const again = await answer(id, anna, digest);
    expect(again.status).toBe(409);
    const other = await askedAbout(desk, 'answers-second-use');
    const question = await questionAt(desk, other.id, anna);
    for (const token of [anna, desk.resigned(anna, { jti: randomUUID() })]) {
      const refused = await answer(other.id, token, question);
      expect([refused.status, said(refused)]).toEqual([
        409,
        expect.stringContaining('already used for a decision'),
      ]);
    }
    expect((await lookAt(desk, other.id)).actions).toEqual([]);
    const carl = await desk.enter('answers-carl', 'approvers');
    expect((await answer(other.id, carl, question, 'leave')).json).toMatchObject({
      state: 'notify-only',
    });
  });

  it('is in CloudTrail under the person', async () => {
    const { head } = await lookAt(desk, id);
    const person = head.answers?.[0]?.by.split('/').at(-1) ?? '';
    await callsOf(cordon, person, ['SendTaskSuccess', 'GenerateMac']);
  });
});
