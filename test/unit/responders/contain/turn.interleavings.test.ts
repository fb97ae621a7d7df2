import { AttachRolePolicyCommand, TagRoleCommand } from '@aws-sdk/client-iam';
import {
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { expect, it, vi } from 'vitest';
import { containAnswered } from '../../../../responders/contain/answer.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import type { Contained } from '../../../../responders/contain/next-step.ts';
import { release } from '../../../../responders/contain/release.ts';
import { watch } from '../../../../responders/contain/watch.ts';
import { actionOf, type Case } from '../../../../responders/incident/case.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { asBusy } from '../../../../responders/shared/errors.ts';
import {
  aFunction,
  aRole,
  aWorld,
  quarantine,
  type World,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import fc from '../../../support/property.ts';
import {
  type Client,
  faultKinds,
  interleaver,
  type Plan,
} from '../../../support/responders/interleaver.ts';
import { sized, steadySeed } from '../../../support/run.ts';

interface Story extends Plan {
  readonly shared: boolean;
  readonly critical: boolean;
  /** Findings by the function that they are about; every one arrives `times` times. */
  readonly findings: readonly {
    readonly about: 'orders' | 'neighbour';
    readonly times: number;
    readonly yes: boolean;
  }[];
  /** Whether a person releases the incident while everything goes on; and again. */
  readonly releases: readonly number[];
  readonly thief: boolean;
  /** In which order all are released in the end. */
  readonly last: number;
}

const worldOf = ({ shared, critical }: Story): World => {
  const tags = { ...(critical && { 'cordon:tier': 'critical' }) };
  const used = {
    reserved: 5,
    urls: new Map([['', 'NONE' as const]]),
    mappings: new Map([['m1', 'Enabled']]),
  };
  return aWorld({
    roles: new Map([
      ['orders-role', aRole()],
      ['own-role', aRole({ id: 'AROAEXAMPLEEXAMPLE02' })],
    ]),
    functions: new Map([
      ['orders', aFunction({ ...used, tags })],
      ['neighbour', aFunction({ role: shared ? 'orders-role' : 'own-role' })],
    ]),
  });
};

const aStory: fc.Arbitrary<Story> = fc.record({
  shared: fc.boolean(),
  critical: fc.boolean(),
  findings: fc.array(
    fc.record({
      about: fc.constantFrom('orders' as const, 'orders' as const, 'neighbour' as const),
      times: fc.integer({ min: 1, max: 2 }),
      yes: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  releases: fc.array(fc.nat(2), { maxLength: 3 }),
  thief: fc.boolean(),
  last: fc.nat(5),
  order: fc.array(fc.nat(12), { minLength: 1, maxLength: 120 }),
  faults: fc.uniqueArray(fc.record({ at: fc.nat(160), kind: fc.constantFrom(...faultKinds) }), {
    maxLength: 4,
    selector: ({ at }) => at,
  }),
});

const arnOf = (role: string) => `arn:aws:iam::111122223333:role/${role}`;
const minutes = 60_000;

/** What a call contains, as the case table says it. */
const containing = (command: unknown): string | undefined => {
  if (command instanceof AttachRolePolicyCommand && command.input.PolicyArn === quarantine.role)
    return `contain.quarantine-role#${command.input.RoleName}\n`;
  if (command instanceof AttachRolePolicyCommand)
    return `contain.quarantine-function#${command.input.RoleName}/`;
  if (command instanceof TagRoleCommand) {
    const [slot] = command.input.Tags ?? [];
    return `contain.quarantine-function#${command.input.RoleName}/${slot?.Value}\n`;
  }
  if (
    command instanceof PutFunctionConcurrencyCommand &&
    command.input.ReservedConcurrentExecutions === 0
  )
    return `contain.pause-function#${command.input.FunctionName}\n`;
  if (command instanceof UpdateFunctionUrlConfigCommand && command.input.AuthType === 'AWS_IAM')
    return `contain.close-function-url#${command.input.FunctionName}\n`;
  if (command instanceof UpdateEventSourceMappingCommand && command.input.Enabled === false)
    return 'contain.pause-event-sources#';
  return undefined;
};

/** A world, and everything that state machines and people do in it. */
const stage = (told: Story) => {
  const world = worldOf(told);
  const made = fakeDeps(structuredClone(world), {
    breaker: { limit: 99, limitOfType: 99, minutes: 60 },
  });
  const { deps, account, cases, clock } = made;
  const pass = (ms: number) => {
    clock.at += ms;
    vi.advanceTimersByTime(ms);
  };
  const steps = interleaver(told, { now: () => clock.at, pass });
  const unrecorded: string[] = [];
  const observed = (client: Client): void => {
    const send = client.send.bind(client);
    client.send = (command: unknown) => {
      const target = containing(command);
      if (target && ![...cases.items.keys()].some((key) => key.startsWith(`TARGET#${target}`)))
        unrecorded.push(target);
      return send(command);
    };
  };
  observed(account.aws.iam);
  observed(account.aws.lambda);
  steps.between(account.aws.iam);
  steps.between(account.aws.lambda);
  steps.between(cases.table.dynamo);

  /** One state of a state machine, with the retries that its definition names. */
  const task = async <T>(
    name: string,
    seconds: number,
    work: (tries: number) => Promise<T>,
    retried: readonly string[],
  ): Promise<T> => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await steps.invoke(`${name}.${tries}`, seconds, () => work(tries));
      } catch (thrown) {
        const error = asBusy(thrown);
        const kind = error instanceof Error ? error.name : '';
        steps.story.push(
          `   ${name}.${tries} failed: ${kind} ${error instanceof Error ? error.message : ''}`,
        );
        if (!retried.includes(kind) || tries > 1000) throw error;
        await steps.pause(`${name} is tried again`);
      }
    }
  };
  const busy = ['BusyError', 'Lambda.ServiceException'];
  const persistently = [...busy, 'SlowError', 'Sandbox.Timedout'];

  const incident = async (nth: number, time: number): Promise<void> => {
    const { about = 'orders', yes = true } = told.findings[nth] ?? {};
    const name = `f${nth}/${time}`;
    const role = world.functions.get(about)?.role ?? '';
    const at = new Date(Date.parse('2026-11-21T10:00:05Z') + time * minutes).toISOString();
    const event = lambdaFinding({
      id: `f${nth}`,
      functionName: about,
      role: arnOf(role),
      updatedAt: at,
    });
    let said: Contained = await task(
      `contain ${name}`,
      30,
      (tries) =>
        containFinding({ event, execution: name, drill: false, isLastTry: tries > 2 }, deps),
      persistently,
    );
    if (said.next === 'ask') {
      const { incidentId } = said;
      const answer = { approved: yes, by: 'anna', reason: 'told' };
      said = await task(
        `answer ${name}`,
        30,
        () => containAnswered(incidentId, answer, deps),
        persistently,
      );
    } else if (said.next !== 'respond') return;
    for (let round = 0; round < 3; round += 1) {
      const { holds } = await task(
        `watch ${name}#${round}`,
        60,
        () => watch(said.incidentId, deps),
        busy,
      );
      if (holds) return;
      await steps.pause('wait');
    }
  };

  const ids = (): string[] =>
    [...cases.items.keys()].filter((key) => key.endsWith('\nHEAD')).map((key) => key.slice(4, -5));
  const released: string[] = [];
  const person = async (nth: number, turn: number): Promise<void> => {
    for (let patience = 0; patience < 4; patience += 1) {
      await steps.pause('a person thinks');
      const id = ids()[nth % Math.max(1, ids().length)];
      if (!id || (await readCase(deps.table, id)).befores.length === 0) continue;
      const done = await task(
        `release ${turn} of ${id}`,
        60,
        () => release({ incidentId: id, by: 'anna', reason: 'told', letSessionsLive: true }, deps),
        persistently,
      );
      steps.story.push(`   release ${turn}: ${done.released}`);
      if (done.released) released.push(id);
      return;
    }
  };
  const thief = async () => {
    await steps.wait('the thief takes it away', () => {
      const orders = account.world.functions.get('orders');
      if (orders?.reserved === 0) orders.reserved = 5;
    });
  };
  return { ...made, steps, original: world, incident, person, thief, ids, released, unrecorded };
};

type Stage = ReturnType<typeof stage>;

const play = async (told: Story): Promise<Stage> => {
  const set = stage(told);
  const { steps } = set;
  const quietly = (work: Promise<unknown>) =>
    work.catch((error: unknown) => void steps.story.push(`   gave up: ${String(error)}`));
  for (const [nth, { times }] of told.findings.entries())
    for (let time = 0; time < times; time += 1) void quietly(set.incident(nth, time));
  for (const [turn, nth] of told.releases.entries()) void quietly(set.person(nth, turn));
  if (told.thief) void quietly(set.thief());
  await steps.rest();
  set.clock.at += 10 * minutes;
  return set;
};

const holders = (
  { cases }: Stage,
  id?: string,
): { responder: string; target: string; id: string }[] =>
  [...cases.items.keys()].flatMap((key) => {
    const [, responder = '', target = '', holder = ''] =
      /^TARGET#([^#]+)#(.+)\nINC#(.+)$/.exec(key) ?? [];
    return responder && (!id || holder === id) ? [{ responder, target, id: holder }] : [];
  });

const seen = ({ deps }: Stage, { responder, target }: { responder: string; target: string }) =>
  deps.catalog.find(({ id }) => id === responder)?.holds(target, deps.aws);

/** What the case table says of an incident is what the account shows. */
const judge = async (set: Stage, { head, actions }: Case): Promise<void> => {
  const { accepted, effective } = head.clocks;
  if (accepted !== null && effective !== null) expect(accepted).toBeLessThanOrEqual(effective);
  if (effective !== null) expect(accepted).not.toBeNull();
  if (['contained', 'contested'].includes(head.state)) {
    expect(actions.map(({ outcome }) => outcome)).toEqual(actions.map(() => 'contained'));
    expect([accepted, effective]).not.toContain(null);
    for (const action of actions) {
      expect([action.responder, await seen(set, action)]).toEqual([action.responder, true]);
      expect(holders(set, head.id)).toContainEqual({
        responder: action.responder,
        target: action.target,
        id: head.id,
      });
    }
  }
  if (head.state === 'released') {
    expect(holders(set, head.id)).toEqual([]);
    for (const { outcome } of actions)
      expect(['released', 'kept', 'not-contained']).toContain(outcome);
  }
};

/**
 * Whoever holds a target sees it contained; but where a release has failed at it, nobody promises
 * anything.
 */
const holdsHold = async (set: Stage): Promise<void> => {
  for (const held of holders(set)) {
    const action = actionOf(await readCase(set.deps.table, held.id), held);
    if (action?.outcome !== 'not-released')
      expect([held, await seen(set, held)]).toEqual([held, true]);
  }
};

const check = async (told: Story): Promise<void> => {
  const set = await play(told);
  const { deps, account, original, ids, steps } = set;
  try {
    for (const nth of told.findings.keys())
      expect(
        [...set.cases.items.keys()].some(
          (key) => key.includes(`CLAIM#`) && key.includes(`f${nth}`),
        ),
      ).toBe(true);
    expect(ids()).toHaveLength(told.findings.length);
    expect(set.unrecorded).toEqual([]);
    for (const id of set.released)
      expect([id, (await readCase(deps.table, id)).head.state]).toEqual([id, 'released']);
    for (const id of ids()) await watch(id, deps);
    for (const id of ids()) await judge(set, await readCase(deps.table, id));
    await holdsHold(set);
    const order = told.last % 2 ? ids().reverse() : ids();
    for (const id of order) {
      const incident = await readCase(deps.table, id);
      if (incident.befores.length === 0) continue;
      expect(
        (await release({ incidentId: id, by: 'anna', reason: 'end', letSessionsLive: true }, deps))
          .released,
      ).toBe(true);
      await holdsHold(set);
      await watch(id, deps);
    }
    expect(account.world).toEqual(original);
    for (const id of ids()) await judge(set, await readCase(deps.table, id));
  } catch (error) {
    throw new Error(
      `${steps.story.join('\n')}\n${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
};

it('whatever meets whatever, the account and the case table agree in the end', async () => {
  // Deadlines pass when the story says so, however slow the machine is.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const numRuns = sized(80, 1_000);
    await fc.assert(fc.asyncProperty(aStory, check), {
      numRuns,
      seed: steadySeed(),
      endOnFailure: numRuns > 80,
    });
  } finally {
    vi.useRealTimers();
  }
});
