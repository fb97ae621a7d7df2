import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionsOf } from '../../../infra/shared/actions.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import type { Engine } from '../../../local/engine/start.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { catalog } from '../../../responders/contain/catalogue.ts';
import type { Responder } from '../../../responders/contain/responder.ts';
import type { Aws } from '../../../responders/shared/aws.ts';
import type { Grant } from '../../../responders/shared/grant.ts';
import { engineAlone } from '../../support/engine/deployed.ts';
import { policyOf, singly } from '../../support/engine/grants.ts';
import { caller, permit, verdict } from '../../support/engine/keys.ts';
import {
  createPolicies,
  quarantine,
  quarantineResources,
  responderAws,
} from '../../support/engine/quarantine-policies.ts';
import { makeWorkload, type Setup, targetIn } from '../../support/engine/workload.ts';

const policy = (grants: readonly Grant[]): unknown => policyOf(grants, quarantineResources);

let engine: Engine;
beforeAll(async () => {
  engine = await engineAlone();
  await createPolicies(engine, Object.values(quarantine));
});
afterAll(() => engine?.stop());

const awsOf = (keys: Credentials): Aws => responderAws(engine, keys);

describe('the engine enforces permissions', () => {
  const read = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'iam:GetRole', Resource: '*' }],
  };

  it('what a role was not given is denied, what it was given is not', async () => {
    const keys = await caller(engine, 'reads-roles', read);
    const iam = new IAMClient(clientConfig(engine, keys));
    const lambda = new LambdaClient(clientConfig(engine, keys));

    expect(await verdict(() => iam.send(new GetRoleCommand({ RoleName: 'reads-roles' })))).toBe(
      'allowed',
    );
    expect(await verdict(() => lambda.send(new GetFunctionCommand({ FunctionName: 'any' })))).toBe(
      'denied',
    );
  });

  it('a wrong secret key is refused, and so is a key that nobody has', async () => {
    const keys = await caller(engine, 'loses-its-secret', read);
    const who = (over: Partial<Credentials>) =>
      verdict(() =>
        new STSClient(clientConfig(engine, { ...keys, ...over })).send(
          new GetCallerIdentityCommand({}),
        ),
      );

    expect(await who({})).toBe('allowed');
    expect(await who({ secretAccessKey: `${keys.secretAccessKey.slice(0, -1)}x` })).toMatch(
      /^SignatureDoesNotMatch/,
    );
    expect(await who({ accessKeyId: 'ASIAQQQQQQQQQQQQQQQQ' })).toMatch(
      /^(InvalidClientTokenId|InvalidAccessKeyId)/,
    );
  });
});

const untouched: Setup = { urls: { '': 'NONE' }, sources: [true] };
/** Together they need every call: one has nothing set, the other something to put back. */
const worlds: readonly Setup[] = [untouched, { ...untouched, reserved: 7, provisioned: 2 }];

/**
 * The actions that the engine refused while all verbs ran. A verb that was refused does not stop
 * the next.
 */
const denials = async (verbs: readonly (() => Promise<unknown>)[]): Promise<string[]> => {
  const refused: string[] = [];
  for (const verb of verbs) {
    try {
      await verb();
    } catch (error) {
      const action = /is not authorized to perform: (\S+)/.exec(
        error instanceof Error ? error.message : '',
      )?.[1];
      if (action === undefined) throw error;
      refused.push(action);
    }
  }
  return refused;
};

const phases = ['contain', 'release'] as const;
const cases = catalog.flatMap((responder) =>
  phases.flatMap((phase) => {
    const all = singly(responder.calls[phase]);
    return all.map((left, index) => ({
      responder,
      phase,
      id: responder.id,
      left: `${left.on.split(':')[0]}:${left.may[0]}`,
      rest: all.toSpliced(index, 1),
    }));
  }),
);

/**
 * Makes a workload and runs the verbs of a phase on it with these permissions; what releases finds
 * it contained.
 */
const run = async ({
  responder,
  phase,
  name,
  setup,
  aws,
}: {
  responder: Responder;
  phase: string;
  name: string;
  setup: Setup;
  aws: Aws;
}) => {
  const workload = await makeWorkload(engine, name, setup);
  const target = targetIn(responder, workload);
  if (phase === 'contain')
    return denials([
      () => responder.before(target, aws),
      () => responder.apply(target, aws),
      () => responder.holds(target, aws),
    ]);
  const root: Aws = {
    iam: new IAMClient(clientConfig(engine)),
    lambda: new LambdaClient(clientConfig(engine)),
    further: new Map(),
    quarantine,
  };
  const before = await responder.before(target, root);
  await responder.apply(target, root);
  return denials([() => responder.undo(target, before, aws), () => responder.before(target, aws)]);
};

describe.each(catalog.map((responder, index) => [responder.id, responder, index] as const))(
  '%s',
  (id, responder, index) => {
    it.each(phases)(
      'with all its permissions it is denied nothing when it has to %s',
      async (phase) => {
        const keys = await caller(
          engine,
          `whole-${phase}-${index}`,
          policy(responder.calls[phase]),
        );

        for (const [number, setup] of worlds.entries())
          expect(
            await run({
              responder,
              phase,
              name: `whole-${phase}-${index}-${number}`,
              setup,
              aws: awsOf(keys),
            }),
          ).toEqual([]);
      },
    );

    const own = cases.filter((one) => one.id === id);
    it.each(own)('cannot $phase without $left', async ({ phase, left, rest }) => {
      const name = `${index}-${phase}-${left.replace(':', '-')}`;
      const keys = await caller(engine, name, policy(rest));

      const refused: string[] = [];
      for (const [number, setup] of worlds.entries())
        refused.push(
          ...(await run({
            responder,
            phase,
            name: `${name.slice(0, 50)}-${number}`,
            setup,
            aws: awsOf(keys),
          })),
        );

      const [service = '', command = ''] = left.split(':');
      expect([...new Set(refused)]).toEqual(actionsOf(service, command));
    });
  },
);

it('what no responder declares is denied to a role that has everything that all of them declare', async () => {
  const keys = await caller(
    engine,
    'whole-catalogue',
    policy(catalog.flatMap(({ calls }) => [...calls.contain, ...calls.release])),
  );
  const { functionName, roleName } = await makeWorkload(engine, 'bystander', untouched);
  const { iam, lambda } = awsOf(keys);

  expect(await verdict(() => iam.send(new GetRoleCommand({ RoleName: roleName })))).toBe('denied');
  expect(
    await verdict(() => lambda.send(new GetFunctionCommand({ FunctionName: functionName }))),
  ).toBe('denied');
  await permit(engine, 'whole-catalogue', policy([{ on: 'iam:role/*', may: ['GetRole'] }]));
  expect(await verdict(() => iam.send(new GetRoleCommand({ RoleName: roleName })))).toBe('allowed');
});
