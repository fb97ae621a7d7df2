import { existsSync, globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../../responders/contain/catalogue.ts';
import type { Sharing, Suspect } from '../../../../responders/incident/suspect.ts';
import type { Grant } from '../../../../responders/shared/grant.ts';
import {
  aFunction,
  aRole,
  aUser,
  aWorld,
  fakeAccount,
  quarantine,
  type World,
} from '../../../support/fakes/account.ts';

const suspect = (sharing: Sharing): Suspect => ({
  kind: 'function',
  functionName: 'orders',
  roleName: 'orders-role',
  sharing,
});

const suspects: readonly Suspect[] = [
  suspect('sole'),
  suspect('shared'),
  { kind: 'session', roleName: 'orders-role', sessionName: 'orders' },
  { kind: 'user', userName: 'deploy' },
];

/** A world in which every responder has something to change. */
const untouched = (): World =>
  aWorld({
    functions: new Map([
      [
        'orders',
        aFunction({
          urls: new Map([
            ['', 'NONE'],
            ['live', 'NONE'],
            ['beta', 'AWS_IAM'],
          ]),
          mappings: new Map([
            ['u1', 'Enabled'],
            ['u2', 'Disabled'],
            ['u3', 'Enabled'],
          ]),
        }),
      ],
      [
        'neighbour',
        aFunction({ urls: new Map([['', 'NONE']]), mappings: new Map([['n1', 'Enabled']]) }),
      ],
    ]),
    users: new Map([
      ['deploy', aUser()],
      ['neighbour', aUser()],
    ]),
  });

const alreadyContained = (): World => {
  const world = untouched();
  const attached = new Set([...aRole().attached, quarantine.role, quarantine.function]);
  world.roles.set(
    'orders-role',
    aRole({
      attached,
      tags: new Map([
        ['cordon:drill', 'allowed'],
        ['cordon-quarantined-2', 'orders'],
      ]),
    }),
  );
  world.functions.set(
    'orders',
    aFunction({
      reserved: 0,
      urls: new Map([['', 'AWS_IAM']]),
      mappings: new Map([['u1', 'Disabled']]),
    }),
  );
  world.users.set(
    'deploy',
    aUser({
      attached: new Set([...aUser().attached, quarantine.user]),
      keys: new Map([['AKIAEXAMPLEEXAMPLE01', 'Inactive']]),
    }),
  );
  return world;
};

const customised = (): World => {
  const world = untouched();
  const tags = new Map([
    ['team', 'shop'],
    ['cordon-quarantined-1', 'another-function'],
  ]);
  world.roles.set(
    'orders-role',
    aRole({
      path: '/shop/',
      attached: new Set(['arn:a', 'arn:b', 'arn:c', quarantine.function]),
      tags,
    }),
  );
  world.functions.set(
    'orders',
    aFunction({
      reserved: 7,
      provisioned: new Map([
        ['live', 4],
        ['3', 2],
        ['beta', 1],
      ]),
      urls: new Map([['live', 'NONE']]),
      mappings: new Map([['alias-u9', 'Enabled']]),
    }),
  );
  world.users.set(
    'deploy',
    aUser({
      attached: new Set(['arn:a', 'arn:b', 'arn:c']),
      keys: new Map([
        ['AKIAEXAMPLEEXAMPLE02', 'Inactive'],
        ['AKIAEXAMPLEEXAMPLE01', 'Active'],
      ]),
    }),
  );
  return world;
};

const worlds = {
  untouched,
  'already contained by somebody else': alreadyContained,
  'with settings of its own': customised,
};

const verbs = (grants: readonly Grant[]) =>
  [
    ...new Set(grants.flatMap(({ on, may }) => may.map((verb) => `${on.split(':')[0]}:${verb}`))),
  ].sort();

describe('the catalogue', () => {
  it('lists every file of contain/actions/', () => {
    const files = globSync('responders/contain/actions/*.ts').map((file) =>
      file.replace(/.*\/(.*)\.ts$/, 'contain.$1'),
    );
    expect(catalog.map(({ id }) => id).sort()).toEqual(files.sort());
  });

  it('says of each responder something else in the headline', () => {
    expect(new Set(catalog.map(({ headline }) => headline)).size).toBe(catalog.length);
  });
});

describe.each(catalog.map((responder) => [responder.id, responder] as const))(
  '%s keeps the responder promise',
  (id, responder) => {
    const [target = ''] = suspects.flatMap((about) => responder.targets(about));

    it('lives where its id says', () => {
      expect(existsSync(`responders/${id.replace('contain.', 'contain/actions/')}.ts`)).toBe(true);
    });

    it('is named by a verb and admits what it leaves open', () => {
      expect(responder.title).toMatch(/^[A-Z][a-z]+ .*[^.]$/);
      expect(responder.headline).toMatch(/^(the|its) .{5,60}[^.]$/);
      expect(responder.stops).toMatch(/\.$/);
      expect(responder.leavesOpen).toMatch(/\.$/);
    });

    it('changes nothing by reading, and holds after it was applied', async () => {
      const { aws, world } = fakeAccount(untouched());
      const worldBefore = structuredClone(world);

      await responder.before(target, aws);
      expect(world).toEqual(worldBefore);
      expect(await responder.holds(target, aws)).toBe(false);

      await responder.apply(target, aws);
      expect(await responder.holds(target, aws)).toBe(true);
    });

    it('touches nothing of a neighbour', async () => {
      const { aws, world } = fakeAccount(untouched());
      const neighbour = () => [world.functions.get('neighbour'), world.users.get('neighbour')];
      const neighbourBefore = structuredClone(neighbour());

      await responder.apply(target, aws);

      expect(neighbour()).toEqual(neighbourBefore);
    });

    describe.each(Object.entries(worlds))('in a world %s', (_name, make) => {
      it('can be applied twice', async () => {
        const { aws, world } = fakeAccount(make());
        await responder.apply(target, aws);
        const once = structuredClone(world);

        await responder.apply(target, aws);

        expect(world).toEqual(once);
      });

      it('undoes exactly what it did, even twice, even through JSON', async () => {
        const { aws, world } = fakeAccount(make());
        const worldBefore = structuredClone(world);
        const before: unknown = JSON.parse(JSON.stringify(await responder.before(target, aws)));

        await responder.apply(target, aws);
        await responder.undo(target, before, aws);
        expect(world).toEqual(worldBefore);

        await responder.undo(target, before, aws);
        expect(world).toEqual(worldBefore);
      });
    });

    it('makes the calls it declares, and no others', async () => {
      const containing = new Set<string>();
      const releasing = new Set<string>();
      for (const make of Object.values(worlds)) {
        const { aws, sent, iam, lambda } = fakeAccount(make());
        const before = await responder.before(target, aws);
        await responder.apply(target, aws);
        await responder.holds(target, aws);
        for (const call of sent()) containing.add(call);
        iam.resetHistory();
        lambda.resetHistory();
        await responder.undo(target, before, aws);
        await responder.before(target, aws); // release compares afterwards
        for (const call of sent()) releasing.add(call);
      }
      expect([...containing].sort()).toEqual(verbs(responder.calls.contain));
      expect([...releasing].sort()).toEqual(verbs(responder.calls.release));
    });

    it('fails on a target that does not exist, and does not pretend', async () => {
      const { aws } = fakeAccount(
        aWorld({ roles: new Map(), functions: new Map(), users: new Map() }),
      );
      await expect(responder.before(target, aws)).rejects.toThrow();
      await expect(responder.apply(target, aws)).rejects.toThrow();
    });
  },
);

it('exactly one of the two quarantines is chosen, whatever is known about the role', () => {
  for (const sharing of ['sole', 'shared', 'unknown'] as const) {
    const quarantines = catalog.filter(
      ({ id, targets }) => id.includes('quarantine') && targets(suspect(sharing)).length > 0,
    );
    expect(quarantines.map(({ id }) => id)).toEqual([
      sharing === 'sole' ? 'contain.quarantine-role' : 'contain.quarantine-function',
    ]);
  }
});

it('a slot that names the function without the policy is taken: nobody keeps it denied', async () => {
  const world = untouched();
  const tags = new Map([['cordon-quarantined-1', 'orders']]);
  world.roles.set('orders-role', aRole({ tags }));
  const { aws } = fakeAccount(world);
  const [responder] = catalog.filter(({ id }) => id === 'contain.quarantine-function');
  const target = 'orders-role/orders';

  const before = await responder?.before(target, aws);
  await responder?.apply(target, aws);
  expect(world.roles.get('orders-role')?.attached).toContain(quarantine.function);
  await responder?.undo(target, before, aws);

  expect(world.roles.get('orders-role')).toEqual(aRole({ tags: new Map() }));
});
