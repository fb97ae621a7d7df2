import { describe, expect, it } from 'vitest';
import { answer } from '../../../../console/api/answer.ts';
import type { DecideDeps } from '../../../../console/api/decide-deps.ts';
import { questionOf } from '../../../../console/api/question.ts';
import { release } from '../../../../console/api/release.ts';
import { releaseDigest, releasePreview } from '../../../../console/api/release-preview.ts';
import type { Case } from '../../../../responders/incident/case.ts';
import { toItem } from '../../../../responders/incident/items.ts';
import { questionDigest } from '../../../../responders/incident/proven-fields.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import { person, request, signedInAt } from '../../../support/console/people.ts';
import { fakeBucket } from '../../../support/fakes/bucket.ts';
import { fakeTable } from '../../../support/fakes/case-table.ts';
import { aCase } from '../../../support/fakes/sources.ts';

class TakenError extends Error {
  override readonly name = 'TakenError';
}

/** Nobody gets a session here: what comes so far is refused by nothing before it. */
const world = (known: Case) => {
  const { table, items } = fakeTable();
  const put = (sk: string, fields: object) => {
    const item = toItem({ pk: `INC#${known.head.id}`, sk, ...fields });
    items.set(`${item.pk?.S}\n${item.sk?.S}`, item);
  };
  put('HEAD', known.head);
  known.befores.forEach(({ before, ...record }) => {
    put(`BEFORE#${record.responder}#${record.target}`, {
      ...record,
      before: JSON.stringify(before),
    });
  });
  const bucket = fakeBucket();
  const sessions: string[] = [];
  const deps: DecideDeps = {
    table,
    mask: maskWith('salt'),
    now: () => signedInAt + 1_000,
    ledger: bucket.to,
    placeOf: async (name, purpose) => {
      sessions.push(`${name} to ${purpose}`);
      throw new TakenError('the session');
    },
  };
  const written = () => [...bucket.objects.keys()].sort();
  return { deps, sessions, written };
};

const waiting = aCase({
  state: 'awaiting-approval',
  timeLimit: { askedAt: 1, endsAt: 2, onTimeout: 'leave' },
});
const { id } = waiting.head;
const sent = (over: object = {}) => ({
  digest: questionDigest(waiting.head),
  decision: 'contain',
  reason: 'it is real',
  ...over,
});

describe('an answer', () => {
  it('takes a session in the name of the person, once for each sign-in', async () => {
    const { deps, sessions, written } = world(waiting);
    const caller = person('anna', 'approvers');
    const post = () => answer(deps)(request({ caller, path: { id }, body: sent() }));

    await expect(post()).rejects.toThrow('the session');
    expect(sessions).toEqual(['anna to approve']);
    expect(written()).toEqual([
      expect.stringMatching(/^console\/audit\/2026\/11\/21\/\d{13}-[\w-]{36}-asked\.json$/),
      expect.stringMatching(/-done\.json$/),
      `console/sign-ins/${caller.signIn}.json`,
    ]);

    await expect(post()).rejects.toMatchObject({ status: 409, message: /already used/ });
    expect(sessions).toEqual(['anna to approve']);
  });

  it.each([
    ['of another group', person('anna', 'readers', 'responders', 'auditors'), sent(), 403],
    ['of an old sign-in', { ...person('anna', 'approvers'), signedInAt: 0 }, sent(), 403],
    ['to an older question', person('anna', 'approvers'), sent({ digest: '0'.repeat(64) }), 409],
    ['without a reason', person('anna', 'approvers'), sent({ reason: ' ' }), 400],
    ['with more than it may have', person('anna', 'approvers'), sent({ by: 'bob' }), 400],
    ['of another kind', person('anna', 'approvers'), sent({ decision: 'yes' }), 400],
    ['without a body', person('anna', 'approvers'), undefined, 400],
  ])('%s is refused, and touches nothing', async (_what, caller, body, status) => {
    const { deps, sessions, written } = world(waiting);
    const refused = answer(deps)(request({ caller, path: { id }, body }));
    await expect(refused).rejects.toMatchObject({ status });
    expect([sessions, written()]).toEqual([[], []]);
  });

  it('to an older question is told what is asked now', async () => {
    const { deps } = world(waiting);
    const caller = person('anna', 'approvers');
    const body = sent({ digest: '0'.repeat(64) });
    await expect(answer(deps)(request({ caller, path: { id }, body }))).rejects.toMatchObject({
      members: { question: questionOf(waiting.head, deps.mask) },
    });
  });

  it.each(['contained', 'released', 'suppressed', 'notify-only'] as const)(
    'to an incident that is %s is refused',
    async (state) => {
      const { deps, sessions } = world(aCase({ state }));
      const caller = person('anna', 'approvers');
      const refused = answer(deps)(request({ caller, path: { id }, body: sent() }));
      await expect(refused).rejects.toMatchObject({ status: 409 });
      expect(sessions).toEqual([]);
    },
  );
});

const contained: Case = {
  ...aCase({ suspect: { kind: 'user', userName: 'eve', arn: 'arn:aws:iam::1:user/eve' } }),
  befores: [{ responder: 'contain.deny-user', target: 'eve', before: {}, order: 1, since: 7 }],
};
const wish = (over: object = {}) => ({
  digest: releaseDigest(contained),
  reason: 'keys are new',
  ...over,
});

describe('a release', () => {
  it('takes a session of its own kind', async () => {
    const { deps, sessions } = world(contained);
    const caller = person('rita', 'responders');
    await expect(release(deps)(request({ caller, path: { id }, body: wish() }))).rejects.toThrow(
      'the session',
    );
    expect(sessions).toEqual(['rita to release']);
  });

  it.each([
    ['of an approver', person('anna', 'approvers', 'readers'), wish(), 403],
    ['of an old sign-in', { ...person('rita', 'responders'), signedInAt: 0 }, wish(), 403],
    ['of something else', person('rita', 'responders'), wish({ digest: 'f'.repeat(64) }), 409],
    ['without a reason', person('rita', 'responders'), wish({ reason: '' }), 400],
  ])('%s is refused, and touches nothing', async (_what, caller, body, status) => {
    const { deps, sessions, written } = world(contained);
    await expect(release(deps)(request({ caller, path: { id }, body }))).rejects.toMatchObject({
      status,
    });
    expect([sessions, written()]).toEqual([[], []]);
  });

  it('of a function whose stolen session may be alive says so first', async () => {
    const ofFunction: Case = {
      ...aCase(),
      befores: [
        { responder: 'contain.pause-function', target: 'orders', before: {}, order: 1, since: 7 },
      ],
    };
    const { deps, sessions } = world(ofFunction);
    const post = (letSessionsLive: boolean) =>
      release(deps)(
        request({
          caller: person('rita', 'responders'),
          path: { id },
          body: { digest: releaseDigest(ofFunction), reason: 'code is new', letSessionsLive },
        }),
      );
    await expect(post(false)).rejects.toMatchObject({ status: 409, message: /cordon release/ });
    await expect(post(true)).rejects.toThrow('the session');
    expect(sessions).toEqual(['rita to release']);
  });

  it('of what was released is refused', async () => {
    const { deps } = world({ ...contained, head: { ...contained.head, state: 'released' } });
    const caller = person('rita', 'responders');
    await expect(
      release(deps)(request({ caller, path: { id }, body: wish() })),
    ).rejects.toMatchObject({ status: 409 });
  });
});

it('what a release would put back is shown without secrets', async () => {
  const target = 'password=hunter2-hunter2';
  const { deps } = world({
    ...contained,
    befores: [{ responder: 'contain.deny-user', target, before: {}, order: 1, since: 7 }],
  });
  const caller = person('rita', 'readers');
  const { body } = await releasePreview(deps)(request({ caller, path: { id } }));

  expect(body).toMatchObject({ changes: [{ target: expect.stringMatching(/^password=/) }] });
  expect(JSON.stringify(body)).not.toContain('hunter2');
});
