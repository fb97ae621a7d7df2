import { setTimeout as sleep } from 'node:timers/promises';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge';
import {
  AttachRolePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDrill } from '../../../game-day/drill.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { localPlace } from '../../../local/place.ts';
import { caseOf, caseTable, holdersOf } from '../../../operator/cases.ts';
import { putEvent } from '../../../operator/event-bus.ts';
import { output } from '../../../operator/place.ts';
import { evidenceOf, timelineOf } from '../../../operator/recorded-evidence.ts';
import { releaseIncident } from '../../../operator/release.ts';
import { denialDocument, denialName } from '../../../responders/incident/denied-sessions.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { entriesOf } from '../../../responders/incident/stage.ts';
import { sized } from '../../support/run.ts';
import { leadThrough, standBetween } from '../evidence/between.ts';
import { type CordonUp, cordonUp, meanwhile } from './cordon-up.ts';
import { findings } from './events.ts';
import { callsOfCordon } from './world.ts';

let up: CordonUp;
beforeAll(async () => {
  up = await cordonUp();
});
afterAll(() => up.stop());

const drill = (scenario: string) =>
  runDrill(scenario, { connection: up.connection, progress: () => undefined });
const failed = ({
  checks,
}: {
  checks: readonly { name: string; passed: boolean; detail: string }[];
}) => checks.filter(({ passed }) => !passed);

/**
 * How much Cordon asks between the finding and the first thing that it changes. The drill calls the
 * neighbour meanwhile, which is no change.
 */
const readsBeforeContaining = async (injected: number | null): Promise<number> =>
  (await callsOfCordon(up, Number(injected)))
    .filter(({ name }) => name !== 'Invoke')
    .findIndex(({ reads }) => !reads);

interface Kept {
  readonly scenario: string;
  /** Events of its timeline that are older than the drill. */
  readonly older: number;
  readonly objects: number;
}

/** What each drill has left in its evidence, in the order of the drills. */
const kept: Kept[] = [];

const keptBy = async (scenario: string, incidentId: string, began: number): Promise<Kept> => {
  const incident = await readCase(await caseTable(up.place), incidentId);
  const timeline = await timelineOf(incident, await evidenceOf(up.place, incident.head));
  return {
    scenario,
    older: timeline.filter(({ at }) => Date.parse(at) < began).length,
    objects: entriesOf(incident.stages).length,
  };
};

// The first of them runs again after the others, with calls of an earlier drill in the trail. All
// of them run in timeline/truth.test.ts; `npm run bench -- drills` repeats the first 50 times.
const every = ['lambda-credential-theft', 'shared-role-function', 'product-service-backdoor'];
const again = sized(
  ['lambda-credential-theft'],
  ['lambda-credential-theft', 'product-service-backdoor'],
);
it.each([...every, ...again])(
  '%s passes, leaves all as before, and asks little before it contains',
  async (scenario) => {
    const began = Math.floor(Date.now() / 1_000) * 1_000; // CloudTrail's times are whole seconds
    const result = await drill(scenario);

    expect(failed(result)).toEqual([]);
    kept.push(await keptBy(scenario, result.incidentId, began));
    expect(result).toMatchObject({
      scenario,
      passed: true,
      restored: true,
      incidentId: expect.stringMatching(/^inc-/),
    });
    expect(result.checks.length).toBeGreaterThanOrEqual(15);
    const reads = await readsBeforeContaining(result.clocks.injected);
    process.stdout.write(`${scenario}: ${reads} reads before the first change\n`);
    expect(reads).toBeGreaterThan(5);
    // The further region that the tests deploy is read as well, beside the region of the function.
    expect(reads).toBeLessThanOrEqual(27);
  },
);

it('a drill that follows others keeps no more than one that was alone', () => {
  const [alone, repeated] = kept.filter(({ scenario }) => scenario === every[0]);

  expect(kept.length).toBeGreaterThanOrEqual(4);
  expect(kept.filter(({ older }) => older > 0)).toEqual([]);
  expect(alone?.objects).toBeGreaterThan(20);
  expect(repeated?.objects).toBeLessThanOrEqual(alone?.objects ?? 0);
});

it('fails, names the clock that jumped, says where to look, and restores when nobody answers', async () => {
  const events = new EventBridgeClient(clientConfig(up.connection));
  const rule = { EventBusName: output(up.place, 'CordonResponse', 'DrillBusName') };
  const { Rules = [] } = await events.send(new ListRulesCommand(rule));
  const named = Rules.map(({ Name }) => ({ ...rule, Name }));
  for (const one of named) await events.send(new DisableRuleCommand(one));

  const enable = () => Promise.all(named.map((one) => events.send(new EnableRuleCommand(one))));
  let jumpMs = 0;
  const drillWhileClockIsSet = () =>
    runDrill('shared-role-function', {
      connection: up.connection,
      incidentWithin: 2_000,
      now: () => Date.now() + jumpMs,
      progress: (line) => {
        if (line.includes('drill bus')) jumpMs = 3_600_000;
      },
    });
  const result = await meanwhile(drillWhileClockIsSet, enable);

  expect(result).toMatchObject({ passed: false, restored: true, incidentId: '' });
  expect(failed(result).map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'the drill ran to its end',
      'the stolen session is denied',
      'containment is fast',
      'Cordon says that it is contained',
    ]),
  );
  expect(result.checks.at(-1)?.detail).toContain('no incident after 2 s: look at');
  expect(failed(result)[0]?.detail).toMatch(
    /; the clock of this machine jumped by 3600\.\d s during/,
  );
});

it('fails when a neighbour is stopped too, and still takes everything back', async () => {
  const lambda = new LambdaClient(clientConfig(up.connection));
  const FunctionName = output(up.place, 'CordonDrillTarget', 'NeighbourFunctionName');
  let stopped: Promise<unknown> = Promise.resolve();
  const progress = (line: string): void => {
    if (line.includes('drill bus'))
      stopped = lambda.send(
        new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
      );
    if (line === 'released')
      stopped = stopped.then(() =>
        lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName })),
      );
  };

  const result = await runDrill('shared-role-function', { connection: up.connection, progress });
  await stopped;

  expect(result).toMatchObject({ passed: false, restored: true });
  expect(failed(result).map(({ name }) => name)).toContain('the neighbour keeps working');
});

it('does not count what another incident contains meanwhile as its own difference', async () => {
  const lines: string[] = [];
  let injected: Promise<unknown> = Promise.resolve();
  const progress = (line: string): void => {
    lines.push(line);
    if (line.includes('drill bus'))
      injected = putEvent(up.place, 'default', {
        detailType: 'GuardDuty Finding',
        detail: findings(up.place).beacon,
      });
  };

  const { passed, restored, checks } = await runDrill('lambda-credential-theft', {
    connection: up.connection,
    progress,
  });
  await injected;
  const table = await caseTable(up.place);
  const [held = ''] = await holdersOf(table, 'canary-culprit');
  const { released } = await releaseIncident(up.place, await caseOf(table, held), {
    reason: 'a test',
  });

  expect(failed({ checks })).toEqual([]);
  expect([passed, restored, released]).toEqual([true, true, true]);
  expect(lines.join('\n')).toContain(
    `not compared, held by another incident: function canary-culprit (${held})`,
  );
});

it('puts back exactly what denied sessions and functions of the role before it began', async () => {
  const iam = new IAMClient(clientConfig(up.connection));
  const [RoleName, culprit] = ['SharedRoleName', 'CulpritFunctionName'].map((name) =>
    output(up.place, 'CordonDrillTarget', name),
  );
  const PolicyArn = output(up.place, 'CordonResponse', 'QuarantineFunctionPolicyArn');
  const PolicyName = denialName(culprit ?? '');
  // Of an earlier release, as a person has formatted it; and a function that somebody has denied.
  const before = Date.now() - 3_600_000;
  const earlier: unknown = JSON.parse(denialDocument({ sessionName: culprit ?? '', before }));
  const PolicyDocument = JSON.stringify(earlier, null, 2);
  const Tags = [{ Key: 'cordon-quarantined-2', Value: 'by-somebody' }];
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  await iam.send(new TagRoleCommand({ RoleName, Tags }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));

  const result = await drill('shared-role-function');
  const after = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
  await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  await iam.send(new UntagRoleCommand({ RoleName, TagKeys: Tags.map(({ Key }) => Key) }));
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));

  // What is attached, tagged and written is compared by the drill itself.
  expect(failed(result)).toEqual([]);
  expect(result).toMatchObject({ passed: true, restored: true });
  expect(decodeURIComponent(after.PolicyDocument ?? '')).toBe(PolicyDocument);
});

it('stops when it is interrupted, and puts everything back', async () => {
  const stop = new AbortController();
  const progress = (line: string): void =>
    line.includes('contained') ? stop.abort(new Error('stopped by SIGINT')) : undefined;

  const result = await runDrill('lambda-credential-theft', {
    connection: up.connection,
    progress,
    signal: stop.signal,
  });

  expect(result).toMatchObject({ passed: false, restored: true });
  expect(result.checks.at(-1)).toMatchObject({
    passed: false,
    detail: expect.stringContaining('stopped by SIGINT'),
  });
});

it('a role that was taken is remembered for half of its hour, and a refusal is not', async () => {
  let now = 0;
  const place = localPlace(up.connection, () => now);
  const keys = async () => (await place.config('reader')).credentials?.accessKeyId;
  const first = await keys();
  now = 29 * 60_000;
  expect(await keys()).toBe(first);
  now = 31 * 60_000;
  expect(await keys()).not.toBe(first);

  const nobody = localPlace({
    ...up.connection,
    outputs: { CordonResponse: { ReaderRoleArn: 'arn:aws:iam::000000000000:role/nobody' } },
  });
  const [one, other] = [nobody.config('reader'), nobody.config('reader')];
  expect(one).toBe(other);
  await expect(one).rejects.toThrow();
  expect(nobody.config('reader')).not.toBe(one);
  await expect(nobody.config('reader')).rejects.toThrow();
});

it('refuses a scenario that does not exist', async () => {
  await expect(drill('no-such-thing')).rejects.toThrow(
    'choose one of lambda-credential-theft, shared-role-function',
  );
});

it('passes where listing who else uses the role takes too long: one function is denied first, and the role a moment later', async () => {
  const between = await standBetween(up.connection);
  await leadThrough(up.connection, between, 'ContainmentLambda');
  const listed: string[] = [];
  between.rule(async ({ to, path }) => {
    if (to !== 'lambda' || !/\/functions\/?(\?|$)/.test(path)) return undefined;
    listed.push(path);
    await sleep(1_500);
    return undefined;
  });

  const result = await meanwhile(
    () => drill('lambda-credential-theft'),
    async () => between.stop(), // nothing is contained after this
  );

  expect(failed(result)).toEqual([]);
  expect(result).toMatchObject({ passed: true, restored: true });
  expect(listed).not.toEqual([]);
});
