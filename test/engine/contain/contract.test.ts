import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../local/engine/start.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { catalog } from '../../../responders/contain/catalogue.ts';
import type { Aws } from '../../../responders/shared/aws.ts';
import { engineAlone } from '../../support/engine/deployed.ts';
import { policyOf } from '../../support/engine/grants.ts';
import { caller } from '../../support/engine/keys.ts';
import {
  createPolicies,
  policyArn,
  quarantine,
  quarantineResources,
  responderAws,
} from '../../support/engine/quarantine-policies.ts';
import {
  makeWorkload,
  readBack,
  type Setup,
  targetIn,
  type Workload,
} from '../../support/engine/workload.ts';

const extras = ['one', 'two', 'three'].map(policyArn);

/**
 * The same three starting points as in test/unit/responders/contain/responder.test.ts, on the real
 * thing. URLs of aliases are tested there only: the engine lists every URL with the ARN of the
 * function, where AWS gives that of the alias.
 */
const worlds: Readonly<Record<string, (name: string) => Setup>> = {
  untouched: () => ({
    tags: { 'cordon:drill': 'allowed' },
    urls: { '': 'NONE' },
    sources: [true, false, true],
  }),
  'already contained by somebody else': (name) => ({
    attached: [quarantine.role, quarantine.function],
    tags: { 'cordon-quarantined-2': name },
    reserved: 0,
    urls: { '': 'AWS_IAM' },
    sources: [false],
    userAttached: [quarantine.user],
    keys: [false],
  }),
  'with settings of its own': () => ({
    path: '/shop/',
    attached: [...extras, quarantine.function],
    tags: { team: 'shop', 'cordon-quarantined-1': 'another-function' },
    reserved: 7,
    provisioned: 2,
    urls: { '': 'NONE' },
    sources: [true],
    userAttached: extras,
    keys: [true, false],
  }),
};

let engine: Engine;
beforeAll(async () => {
  engine = await engineAlone();
  await createPolicies(engine, [...Object.values(quarantine), ...extras]);
});
afterAll(() => engine?.stop());

const aws = (keys: Credentials): Aws => responderAws(engine, keys);

describe.each(catalog.map((responder, index) => [responder.id, responder, index] as const))(
  '%s on the engine',
  (id, responder, index) => {
    const short = id.replace('contain.', '');
    let containing: Aws;
    let releasing: Aws;
    beforeAll(async () => {
      containing = aws(
        await caller(
          engine,
          `contains-${short}`,
          policyOf(responder.calls.contain, quarantineResources),
        ),
      );
      releasing = aws(
        await caller(
          engine,
          `releases-${short}`,
          policyOf(responder.calls.release, quarantineResources),
        ),
      );
    });

    const targetOf = (workload: Workload): string => targetIn(responder, workload);

    it.each(Object.entries(worlds))(
      'with exactly its permissions contains and releases a workload %s',
      async (world, setup) => {
        const name = `w${index}-${Object.keys(worlds).indexOf(world)}`;
        const workload = await makeWorkload(engine, name, setup(name));
        const target = targetOf(workload);
        const found = await readBack(engine, workload);

        const before: unknown = JSON.parse(
          JSON.stringify(await responder.before(target, containing)),
        );
        expect(await readBack(engine, workload)).toEqual(found);

        await responder.apply(target, containing);
        expect(await responder.holds(target, containing)).toBe(true);
        const once = await readBack(engine, workload);
        await responder.apply(target, containing);
        expect(await readBack(engine, workload)).toEqual(once);

        for (const _time of ['once', 'twice']) {
          await responder.undo(target, before, releasing);
          expect(await readBack(engine, workload)).toEqual(found);
          expect(await responder.before(target, releasing)).toEqual(before);
        }
      },
    );

    it('changes an untouched workload, so that restoring it is something', async () => {
      const name = `w${index}-changes`;
      const workload = await makeWorkload(engine, name, worlds.untouched?.(name));
      const found = await readBack(engine, workload);

      expect(await responder.holds(targetOf(workload), containing)).toBe(false);
      await responder.apply(targetOf(workload), containing);

      expect(await readBack(engine, workload)).not.toEqual(found);
    });

    it('touches nothing of another workload', async () => {
      const [workload, neighbour] = await Promise.all(
        ['own', 'other'].map((name) =>
          makeWorkload(engine, `w${index}-${name}`, worlds.untouched?.(name)),
        ),
      );
      if (!workload || !neighbour) throw new Error('two workloads were made');
      const found = await readBack(engine, neighbour);

      await responder.apply(targetOf(workload), containing);

      expect(await readBack(engine, neighbour)).toEqual(found);
    });
  },
);
