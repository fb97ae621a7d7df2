import { ListAttachedRolePoliciesCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand, ListAliasesCommand } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { collectAll } from '../../../../responders/evidence/collecting.ts';
import { collectors } from '../../../../responders/evidence/collectors.ts';
import { keyOf } from '../../../../responders/evidence/store.ts';
import { fakeBucket } from '../../../support/fakes/bucket.ts';
import { aCase, fakeSources } from '../../../support/fakes/sources.ts';
import fc from '../../../support/property.ts';

const folder = 'incidents/2026/11/21/inc-20261121-7f3k2m8q/';
const nasty = fc.oneof(
  fc.constantFrom(
    '../../x',
    '%2e%2e/x',
    'a\r\nb',
    '\u202egpj.exe',
    'аdmin',
    'x'.repeat(2_048),
    '<script>alert(1)</script>',
    '\0',
    '.',
    '..',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

it('keys stay under the incident’s folder and are plain, whatever attackers call their things', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        alias: nasty,
        version: nasty,
        policy: nasty,
        arn: nasty,
        variable: nasty,
        layer: nasty,
      }),
      async (names) => {
        const { sources, account } = fakeSources();
        account.lambda
          .on(ListAliasesCommand)
          .resolves({ Aliases: [{ Name: names.alias, FunctionVersion: names.version }] });
        account.lambda.on(GetFunctionCommand).callsFake(() => ({
          Configuration: {
            Environment: { Variables: { [names.variable]: 'v' } },
            Layers: [{ Arn: names.layer }],
          },
        }));
        account.iam.on(ListRolePoliciesCommand).resolves({ PolicyNames: [names.policy] });
        account.iam
          .on(ListAttachedRolePoliciesCommand)
          .resolves({ AttachedPolicies: [{ PolicyArn: names.arn, PolicyName: names.policy }] });
        const finding = {
          detail: { resource: { lambdaDetails: { functionVersion: names.version } } },
        };
        const { to, objects } = fakeBucket();
        await collectAll(
          aCase({}, JSON.stringify(finding)),
          collectors.filter(({ id }) => id !== 'collect.cloudtrail'),
          { to, sourcesFor: () => sources },
        );

        expect(objects.size).toBeGreaterThan(5);
        for (const key of objects.keys())
          expect(key).toMatch(
            /^incidents\/2026\/11\/21\/inc-20261121-7f3k2m8q\/[a-z0-9_-][a-z0-9._-]*(\/[a-z0-9_-][a-z0-9._-]*)*$/,
          );
      },
    ),
    { numRuns: 60 },
  );
});

it('a path that Cordon would not choose is refused before it reaches the bucket', () => {
  const { head } = aCase();
  fc.assert(
    fc.property(fc.oneof(nasty, fc.string()), (path) => {
      const outcome = (() => {
        try {
          return keyOf(head, path);
        } catch {
          return 'refused';
        }
      })();
      expect(
        outcome === 'refused' ||
          (outcome.startsWith(folder) &&
            !outcome.includes('..'.concat('/')) &&
            /^[a-z0-9._/-]+$/.test(outcome)),
      ).toBe(true);
    }),
  );
  for (const path of ['../x', 'a/../b', '/a', 'a//b', 'A', 'a b', '.hidden', '', 'a/', '%2e%2e/x'])
    expect(() => keyOf(head, path)).toThrow(/is not a path/);
});
