import { expect, it } from 'vitest';
import { release } from '../../../../responders/contain/release.ts';
import { slots } from '../../../../responders/contain/slots.ts';
import { denialName } from '../../../../responders/incident/denied-sessions.ts';
import {
  aRole,
  type FakeFunction,
  type FakeRole,
  quarantine,
  roleArn,
  type World,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import fc from '../../../support/property.ts';
import { asked, contain } from '../../../support/responders/contained.ts';
import { sized } from '../../../support/run.ts';

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
  created: fc.constant(aRole().created),
  inline: fc.constant(new Map<string, string>()),
  trust: fc.constantFrom(aRole().trust, '{"Statement":[{"Principal":{"AWS":"*"}}]}'),
});
/**
 * What an earlier incident, or somebody else, has denied already. A slot with the name of one of the
 * functions is left out: where it denies, it is for a release of that incident to take.
 */
const aDeniedRoleState = fc
  .tuple(aRoleState, fc.boolean(), fc.subarray([...slots]), fc.boolean())
  .map(
    ([role, isDenied, taken, hasSessions]): FakeRole => ({
      ...role,
      attached: new Set([
        ...role.attached,
        ...(isDenied ? [quarantine.role] : []),
        ...(taken.length > 0 ? [quarantine.function] : []),
      ]),
      tags: new Map([...role.tags, ...taken.map((slot) => [slot, 'another'] as const)]),
      inline: new Map(hasSessions ? [[denialName('orders'), '{"Statement":[]}'] as const] : []),
    }),
  );
const anyFunctionState: fc.Arbitrary<FakeFunction> = fc.record({
  role: fc.constant('orders-role'),
  provisioned: fc.constantFrom(new Map(), new Map([['live', 2]])),
  changed: fc.constant('2026-01-02T00:00:00.000+0000'),
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
/** Lambda refuses a reservation below what is provisioned. */
const aFunctionState = anyFunctionState.map((state) =>
  (state.reserved ?? 100) < 2 ? { ...state, provisioned: new Map<string, number>() } : state,
);
const someMappings = fc.array(fc.constantFrom('Enabled', 'Disabled'), { maxLength: 5 });

const aState: fc.Arbitrary<World> = fc
  .tuple(
    aDeniedRoleState,
    fc.uniqueArray(fc.tuple(names, aFunctionState, someMappings), {
      minLength: 1,
      selector: ([name]) => name,
    }),
  )
  .map(([role, functions]) => ({
    users: new Map(),
    roles: new Map([['orders-role', role]]),
    functions: new Map(
      functions.map(([name, state, mappings]) => [
        name,
        { ...state, mappings: new Map(mappings.map((on, n) => [`${name}-${n}`, on])) },
      ]),
    ),
  }));

it('a release restores the account, from every state, denied already or not, in every order of releases', async () => {
  await fc.assert(
    fc.asyncProperty(
      aState,
      fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }),
      fc.infiniteStream(fc.nat()),
      async (world, picks, order) => {
        const { deps, account } = fakeDeps(structuredClone(world), {
          breaker: { limit: 99, limitOfType: 99, minutes: 60 },
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
    { numRuns: sized(100, 300) },
  );
});
