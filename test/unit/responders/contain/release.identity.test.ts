import { expect, it } from 'vitest';
import { release } from '../../../../responders/contain/release.ts';
import {
  aRole,
  type FakeFunction,
  type FakeRole,
  roleArn,
  type World,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import fc from '../../../support/property.ts';
import { asked, contain } from '../../../support/responders/contained.ts';

const names = fc.constantFrom('orders', 'neighbour', 'third');
const aRoleState: fc.Arbitrary<FakeRole> = fc.record({
  path: fc.constantFrom('/', '/team/', '/a/b/'),
  id: fc.constant('AROAEXAMPLEEXAMPLE01'),
  attached: fc
    .uniqueArray(fc.constantFrom('arn:a', 'arn:b', 'arn:c', 'arn:d'), { maxLength: 4 })
    .map((arns) => new Set(arns)),
  tags: fc
    .uniqueArray(
      fc.tuple(fc.constantFrom('team', 'cost', 'cordon:drill', 'env'), fc.string({ maxLength: 5 })),
      {
        selector: ([key]) => key,
      },
    )
    .map((tags) => new Map(tags)),
  trust: fc.constantFrom(aRole().trust, '{"Statement":[{"Principal":{"AWS":"*"}}]}'),
});
const aFunctionState: fc.Arbitrary<FakeFunction> = fc.record({
  role: fc.constant('orders-role'),
  reserved: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
  tags: fc.constant({}),
  urls: fc
    .uniqueArray(
      fc.tuple(
        fc.constantFrom('', 'live', 'beta'),
        fc.constantFrom('NONE' as const, 'AWS_IAM' as const),
      ),
      {
        selector: ([name]) => name,
      },
    )
    .map((urls) => new Map(urls)),
  mappings: fc.constant(new Map<string, string>()),
});
const someMappings = fc.array(fc.constantFrom('Enabled', 'Disabled'), { maxLength: 5 });

const aState: fc.Arbitrary<World> = fc
  .tuple(
    aRoleState,
    fc.uniqueArray(fc.tuple(names, aFunctionState, someMappings), {
      minLength: 1,
      selector: ([name]) => name,
    }),
  )
  .map(([role, functions]) => ({
    roles: new Map([['orders-role', role]]),
    functions: new Map(
      functions.map(([name, state, mappings]) => [
        name,
        { ...state, mappings: new Map(mappings.map((on, n) => [`${name}-${n}`, on])) },
      ]),
    ),
  }));

it('a release restores the account, from every state and in every order of releases', async () => {
  await fc.assert(
    fc.asyncProperty(
      aState,
      fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }),
      fc.infiniteStream(fc.nat()),
      async (world, picks, order) => {
        const { deps, account } = fakeDeps(structuredClone(world), {
          breaker: { limit: 99, minutes: 60 },
        });
        const functionNames = [...world.functions.keys()];
        const incidents: string[] = [];
        for (const [n, pick] of picks.entries()) {
          const functionName = functionNames[pick % functionNames.length] ?? '';
          incidents.push(
            (await contain(deps, `f${n}`, { functionName, role: roleArn(world, 'orders-role') }))
              .incidentId,
          );
        }

        while (incidents.length > 0) {
          const [incident = ''] = incidents.splice((order.next().value ?? 0) % incidents.length, 1);
          expect((await release(asked(incident), deps)).released).toBe(true);
        }

        expect(account.world).toEqual(world);
      },
    ),
    { numRuns: 300 },
  );
});
