// Each responder changes a fake account, the collectors read it, and the page compares.
import { createHash } from 'node:crypto';
import {
  GetAccessKeyLastUsedCommand,
  GetPolicyCommand,
  ListPolicyVersionsCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import {
  changesIn,
  isInside,
  type ReadObject,
} from '../../../../console/pages/src/evidence/changes.ts';
import { listingIn, visibleName } from '../../../../console/pages/src/evidence/listing.ts';
import { readInside } from '../../../../console/pages/src/evidence/read-inside.ts';
import { settingsReaders } from '../../../../console/pages/src/evidence/settings.ts';
import { catalog } from '../../../../responders/contain/catalogue.ts';
import { collectAll } from '../../../../responders/evidence/collecting.ts';
import type { Suspect } from '../../../../responders/incident/suspect.ts';
import { aFunction, aUser, aWorld } from '../../../support/fakes/account.ts';
import { fakeBucket } from '../../../support/fakes/bucket.ts';
import { aCase, accepted, fakeSources } from '../../../support/fakes/sources.ts';
import { folder, limits, named } from '../../../support/responders/evidence/setting.ts';

const open = (): ReturnType<typeof aWorld> =>
  aWorld({
    functions: new Map([
      [
        'orders',
        aFunction({
          reserved: 25,
          provisioned: new Map([['live', 2]]),
          urls: new Map([['', 'NONE']]),
          mappings: new Map([['u1', 'Enabled']]),
        }),
      ],
    ]),
    users: new Map([['deploy', aUser()]]),
  });

/** What the evidence holds after every responder has contained a suspect. */
const evidenceOf = async (suspect: Suspect): Promise<readonly ReadObject[]> => {
  const { sources, account } = fakeSources(open());
  account.iam.on(GetAccessKeyLastUsedCommand).resolves({});
  account.iam.on(GetPolicyCommand).resolves({ $metadata: {} });
  account.iam.on(ListPolicyVersionsCommand).resolves({ Versions: [] });
  account.iam.on(ListUserPoliciesCommand).resolves({ PolicyNames: [] });
  const aims = catalog.flatMap((responder) =>
    responder.targets(suspect).map((target) => ({ responder, target })),
  );
  const befores = [];
  for (const [order, { responder, target }] of aims.entries()) {
    const before = await responder.before(target, account.aws);
    befores.push({ responder: responder.id, target, before, order, since: accepted });
    await responder.apply(target, account.aws);
  }
  const bucket = fakeBucket();
  const { entries } = await collectAll(
    { ...aCase({ suspect }), befores },
    named('collect.before-records', 'collect.function-settings', 'collect.role', 'collect.user'),
    { to: bucket.to, sourcesFor: () => sources, limits },
  );
  return entries.map(({ key, taken }) => ({
    ...{ path: key.slice(folder.length), taken },
    json: JSON.parse(String(bucket.objects.get(key)?.body)),
  }));
};
const comparedOf = async (suspect: Suspect) => {
  const objects = (await evidenceOf(suspect)).filter(({ path }) => isInside(path));
  return Object.fromEntries(
    changesIn(objects).map(({ responder, settings }) => [
      responder,
      settings.map(({ name, before, after }) => `${name}: ${before} → ${after}`),
    ]),
  );
};

const theFunction = (sharing: 'sole' | 'shared'): Suspect => ({
  kind: 'function',
  functionName: 'orders',
  roleName: 'orders-role',
  sharing,
});
const aSession: Suspect = { kind: 'session', roleName: 'orders-role', sessionName: 'i-1' };

describe('before and after', () => {
  it('of a function with a role of its own', async () => {
    expect(await comparedOf(theFunction('sole'))).toEqual({
      'contain.quarantine-role': ['Cordon’s deny policy: not attached → attached'],
      'contain.pause-function': [
        'Reserved concurrency: 25 → 0',
        'Provisioned concurrency of live: 2 → undefined',
      ],
      'contain.pause-event-sources': ['Event source u1: delivers → off'],
      'contain.close-function-url': [
        'URL of the function: open to everybody → AWS credentials only',
      ],
    });
  });

  it.each([
    ['contain.quarantine-function', theFunction('shared'), 'orders'],
    ['contain.quarantine-session', aSession, 'i-1'],
  ] as const)('of %s', async (responder, suspect, name) => {
    expect((await comparedOf(suspect))[responder]).toEqual([
      'Cordon’s deny policy: not attached → attached',
      `Tag that names ${name}: none → set`,
    ]);
  });

  it('of a user', async () => {
    expect(await comparedOf({ kind: 'user', userName: 'deploy' })).toEqual({
      'contain.deny-user': ['Cordon’s deny policy: not attached → attached'],
      'contain.deactivate-access-keys': ['Access key AKIAEXAMPLEEXAMPLE01: active → inactive'],
    });
  });

  it('is known of every responder of the catalogue', () => {
    expect(Object.keys(settingsReaders).sort()).toEqual(catalog.map(({ id }) => id).sort());
  });

  const changed = async (change: (object: ReadObject) => readonly ReadObject[]) =>
    changesIn((await evidenceOf(theFunction('sole'))).flatMap(change)).find(
      ({ responder }) => responder === 'contain.pause-function',
    )?.settings[0];

  it('has no after where nothing was collected, or only before the change', async () => {
    const isOfIt = ({ path }: ReadObject): boolean => path === 'function/concurrency.json';
    const without = { name: 'Reserved concurrency', before: '25', after: undefined };

    expect(await changed((object) => (isOfIt(object) ? [] : [object]))).toEqual(without);
    expect(
      await changed((object) => [
        isOfIt(object) ? { ...object, taken: 'before containment' } : object,
      ]),
    ).toEqual(without);
  });

  it('has no after of the file that is missing, where the other one is there', async () => {
    const of = async (missing: string) =>
      changesIn(
        (await evidenceOf(theFunction('shared'))).filter(({ path }) => !path.endsWith(missing)),
      )
        .find(({ responder }) => responder === 'contain.quarantine-function')
        ?.settings.map(({ after }) => after);

    expect(await of('role/tags.json')).toEqual(['attached', undefined]);
    expect(await of('role/attached.json')).toEqual([undefined, 'set']);
  });

  it('says so where the target was deleted, and takes no answer about another one', async () => {
    const json = { request: { FunctionName: 'orders' }, absent: 'ResourceNotFoundException: gone' };
    const deleted = await changed((object) => [
      object.path === 'function/concurrency.json' ? { ...object, json } : object,
    ]);
    const others = await changed((object) => [
      {
        ...object,
        json: JSON.parse(
          JSON.stringify(object.json).replaceAll('"FunctionName":"orders"', '"FunctionName":"o"'),
        ),
      },
    ]);

    expect(deleted?.after).toBe('does not exist any more');
    expect(others?.after).toBeUndefined();
  });
});

describe('the objects that are read', () => {
  const text = '{"call":"lambda:GetFunctionConcurrency"}';
  const sha256 = createHash('sha256').update(text).digest('hex');
  const sealed = { path: 'a.json', bytes: text.length, sha256, taken: 'after containment' };
  const links = [{ path: 'a.json', url: 'https://bucket/a.json' }];

  it('are those that the manifest has', async () => {
    const { objects, wrong } = await readInside([sealed], links, async () => new Response(text));

    expect([objects.map(({ path }) => path), wrong]).toEqual([['a.json'], []]);
  });

  it.each([
    ['other bytes', links, `${text} `],
    ['no link', [], text],
  ])('are left out where there is %s', async (_what, given, body) => {
    expect(await readInside([sealed], given, async () => new Response(body))).toEqual({
      objects: [],
      wrong: ['a.json'],
    });
  });

  it('are not there where the bucket refuses', async () => {
    const refused = readInside([sealed], links, async () => new Response('', { status: 403 }));

    await expect(refused).rejects.toThrow('403');
  });
});

describe('the list of a package', () => {
  it('shows what a name hides', () => {
    expect(visibleName('invoice\u202efdp.exe')).toBe('invoice\\u{202e}fdp.exe');
    expect(visibleName('a\u0000b\nc')).toBe('a\\u{0}b\\u{a}c');
    expect(visibleName('größe-日本.ts')).toBe('größe-日本.ts');
  });

  it('is empty where it is no list', () => {
    for (const json of [null, 'x', { files: 'x', entries: -1, flagged: [], claims: 1 }])
      expect(listingIn({ path: 'function/code-listing.json', taken: '', json })).toMatchObject({
        ...{ path: 'function/code.zip', entries: 0, isWhole: false, files: [], flagged: [] },
      });
  });
});
