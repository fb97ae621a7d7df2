import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { collectAll } from '../../../../responders/evidence/collecting.ts';
import type { Collector } from '../../../../responders/evidence/collector.ts';
import { collectors } from '../../../../responders/evidence/collectors.ts';
import type { Suspect } from '../../../../responders/incident/suspect.ts';
import { aUser, aWorld } from '../../../support/fakes/account.ts';
import { fakeBucket } from '../../../support/fakes/bucket.ts';
import { aCase, fakeSources } from '../../../support/fakes/sources.ts';
import { limits, named, pathsOf, setting } from '../../../support/responders/evidence/setting.ts';

const u1: Suspect = { kind: 'user', userName: 'u1' };
const u2: Suspect = { kind: 'user', userName: 'u2' };
const orders: Suspect = {
  kind: 'function',
  functionName: 'orders',
  roleName: 'orders-role',
  sharing: 'sole',
};
const session: Suspect = { kind: 'session', roleName: 'orders-role', sessionName: 'i-1' };

/** What the call of each stored file asked about. */
const asked = (bucket: ReturnType<typeof fakeBucket>, path: string): unknown =>
  [...bucket.objects].flatMap(([key, { body }]) =>
    key.endsWith(`/${path}`) ? JSON.parse(body.toString()).request : [],
  )[0];

it('everybody whom an attack sequence names is read, each into a folder of its own', async () => {
  const world = aWorld({ users: new Map(['u1', 'u2'].map((name) => [name, aUser({ id: name })])) });
  const { sources } = fakeSources(world);
  const bucket = fakeBucket();
  const incident = aCase({ suspect: u1, suspects: [orders, u2, session] }, '{}');

  await collectAll(incident, named('collect.user', 'collect.role', 'collect.function-settings'), {
    to: bucket.to,
    sourcesFor: () => sources,
    limits,
  });

  const paths = pathsOf(bucket);
  expect(asked(bucket, 'user/user.json')).toEqual({ UserName: 'u1' });
  expect(asked(bucket, 'suspects/2/role/role.json')).toEqual({ RoleName: 'orders-role' });
  expect(asked(bucket, 'suspects/3/user/user.json')).toEqual({ UserName: 'u2' });
  expect(asked(bucket, 'suspects/4/role/role.json')).toEqual({ RoleName: 'orders-role' });
  expect(paths).toContain('suspects/2/function/concurrency.json');
  expect(paths.filter((path) => /^suspects\/(2\/user|3\/(role|function)|4\/f)/.test(path))).toEqual(
    [],
  );
});

it('collectors of the incident as a whole are asked once, whoever else is named', async () => {
  const { deps, bucket } = setting();
  const incident = aCase({ suspects: [u2, session] });
  const whole = collectors.filter(({ about }) => about === 'incident');

  await collectAll(
    incident,
    whole.filter(({ id }) => id !== 'collect.cloudtrail'),
    deps,
  );

  expect(pathsOf(bucket).sort()).toEqual(['cordon/what-cordon-did.json', 'findings/1.json']);
});

it('a gap says which of the suspects it is about, and each is asked in its region', async () => {
  const { sources } = fakeSources();
  const bucket = fakeBucket();
  const regions: unknown[] = [];
  const users = { ...sources };
  const lost: Collector = {
    id: 'collect.lost',
    title: 'Lost',
    when: 'at once',
    about: ['function'],
    calls: [],
    async *collect() {
      yield { what: 'its memory', why: 'it is gone' };
      throw new Error('nobody answers');
    },
  };
  const elsewhere: Suspect = { ...orders, functionName: 'bills', region: 'us-east-1' };

  const { gaps } = await collectAll(aCase({ suspects: [elsewhere, u2] }), [lost], {
    to: bucket.to,
    sourcesFor: (suspect) => {
      regions.push(suspect?.kind === 'function' ? (suspect.region ?? 'own') : suspect?.kind);
      return users;
    },
    limits,
  });

  expect(regions).toEqual(['own', 'us-east-1']);
  expect(gaps).toEqual([
    { collector: 'collect.lost', what: 'its memory', why: 'it is gone' },
    { collector: 'collect.lost', what: 'Lost', why: 'Error: nobody answers' },
    {
      collector: 'collect.lost',
      what: 'suspect 2 (function bills in us-east-1, role orders-role): its memory',
      why: 'it is gone',
    },
    {
      collector: 'collect.lost',
      what: 'suspect 2 (function bills in us-east-1, role orders-role): Lost',
      why: 'Error: nobody answers',
    },
  ]);
});

it('CloudTrail is asked about everybody, each question once', async () => {
  const { deps, bucket } = setting();
  const questions: unknown[] = [];
  mockClient(deps.sourcesFor(null).cloudtrail)
    .on(LookupEventsCommand)
    .callsFake(({ LookupAttributes }) => {
      questions.push(...LookupAttributes);
      return { Events: [], $metadata: {} };
    });
  const incident = aCase({
    suspects: [
      u1,
      session,
      { kind: 'role', roleName: 'web-role' },
      { kind: 'access-key', userName: 'u1', keyId: 'AKIAEXAMPLEEXAMPLE01' },
    ],
  });

  await collectAll(incident, named('collect.cloudtrail'), deps);

  expect(questions).toEqual([
    { AttributeKey: 'Username', AttributeValue: 'orders' },
    { AttributeKey: 'ResourceName', AttributeValue: 'orders' },
    { AttributeKey: 'ResourceName', AttributeValue: 'orders-role' },
    { AttributeKey: 'Username', AttributeValue: 'u1' },
    { AttributeKey: 'Username', AttributeValue: 'i-1' },
    { AttributeKey: 'ResourceName', AttributeValue: 'web-role' },
  ]);
  expect(pathsOf(bucket)).toEqual(
    [
      ...['by-session', 'about-function', 'about-role', 'by-user', 'by-session-2'],
      'about-role-2',
    ].map((name) => `cloudtrail/${name}.jsonl`),
  );
});
