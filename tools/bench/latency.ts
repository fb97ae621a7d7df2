import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  IAMClient,
  ListAccountAliasesCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { assume, clientConfig } from '../../local/engine/clients.ts';
import type { Credentials } from '../../operator/sdk-config.ts';
import { caseItems, having } from './aftermath.ts';
import { bareBus, makeBare } from './bare.ts';
import { drillEvent, findingAbout } from './findings.ts';
import { type Prover, proverOf } from './prover.ts';
import { inWords, type Line, type Spread, spreadOf } from './statistics.ts';
import {
  type DeploymentOutputs,
  type DrillTarget,
  type EngineAddress,
  makeTarget,
  trust,
} from './targets.ts';

export const pipelines = ['cordon', 'bare'] as const;
export type Pipeline = (typeof pipelines)[number];

/**
 * The loop of the thief waits this long between two calls: as short as it can be without taking the
 * engine from the pipelines.
 */
const pauseMs = 5;
const patienceMs = 30_000;
/** Functions that were called before the stop end by themselves in this time. */
const settleMs = 1_000;

/**
 * A fresh role whose session a thief holds already; by then only Lambda may assume it, so that
 * Cordon finds it *sole*.
 */
const stolen = async (
  at: EngineAddress,
  name: string,
): Promise<{ target: DrillTarget; keys: Credentials }> => {
  const target = await makeTarget(at, name, { assumable: true });
  const keys = await assume(at, target.roleArn, target.functionName);
  const iam = new IAMClient(clientConfig(at));
  await iam.send(
    new UpdateAssumeRolePolicyCommand({ RoleName: target.roleName, PolicyDocument: trust(false) }),
  );
  return { target, keys };
};

export interface LatencyRound {
  /** From just before PutEvents to the answer of the first denied call. */
  readonly ms: number;
  /** Between two answers of the thief's loop: what the measurement cannot see below. */
  readonly steps: readonly number[];
}

/** Sends one event and calls until it is denied. */
const round = async (
  at: EngineAddress,
  bus: string,
  name: string,
  prove: Prover,
): Promise<LatencyRound> => {
  const { target, keys } = await stolen(at, name);
  const [thief, events] = [
    new IAMClient({ ...clientConfig(at, keys), maxAttempts: 1 }),
    new EventBridgeClient(clientConfig(at)),
  ];
  await thief.send(new ListAccountAliasesCommand({})); // allowed before, and the connection is open
  const detail = await prove(findingAbout(target, name.replaceAll('-', '')));
  const steps: number[] = [];
  const began = performance.now();
  const sent = events.send(
    new PutEventsCommand({
      Entries: [drillEvent(bus, detail)],
    }),
  );
  for (let last = began; performance.now() - began < patienceMs; await sleep(pauseMs)) {
    const denied = await thief.send(new ListAccountAliasesCommand({})).then(
      () => false,
      (error: unknown) => error instanceof Error && error.name.startsWith('AccessDenied'),
    );
    const now = performance.now();
    steps.push(now - last);
    last = now;
    if (!denied) continue;
    if ((await sent).FailedEntryCount) throw new Error(`the bus ${bus} refused the finding`);
    return { ms: now - began, steps };
  }
  throw new Error(`${name} was not denied within ${patienceMs} ms`);
};

/**
 * The rest of an incident must not run into the next measurement: it is stopped, since nothing
 * after containment is measured here.
 */
const quiet = async (at: EngineAddress, outputs: DeploymentOutputs): Promise<void> => {
  const states = new SFNClient(clientConfig(at));
  const running = {
    stateMachineArn: outputs.IncidentMachineArn ?? '',
    statusFilter: 'RUNNING' as const,
  };
  for (;;) {
    const { executions = [] } = await states.send(new ListExecutionsCommand(running));
    if (executions.length === 0) return sleep(settleMs);
    for (const { executionArn } of executions)
      await states.send(new StopExecutionCommand({ executionArn }));
    await sleep(50);
  }
};

export interface LatencyMeasurement {
  readonly rounds: Readonly<Record<Pipeline, readonly LatencyRound[]>>;
  /** Inside ContainmentLambda: from received to the first containment call accepted. */
  readonly handlerMs: readonly number[];
}

/** The engine starts every execution this late, on purpose; both pipelines pay it once. */
const startDelayMs = 150;

/**
 * Both pipelines in turn, each time in the other order, on fresh and equal roles; the first rounds
 * warm both up and do not count.
 */
export const measure = async (
  at: EngineAddress,
  outputs: DeploymentOutputs,
  count: number,
  warm = 5,
): Promise<LatencyMeasurement> => {
  await makeBare(at);
  const prove = await proverOf(at, outputs);
  const rounds: Record<Pipeline, LatencyRound[]> = { cordon: [], bare: [] };
  const bus = { cordon: outputs.DrillBusName ?? '', bare: bareBus };
  for (let n = 0; n < count + warm; n += 1) {
    for (const which of n % 2 === 0 ? pipelines : pipelines.toReversed()) {
      await quiet(at, outputs);
      const measured = await round(at, bus[which], `b-${which}-${n}`, prove);
      if (n >= warm) rounds[which].push(measured);
    }
  }
  await quiet(at, outputs);
  return { rounds, handlerMs: (await handlerTimes(at, outputs)).slice(-count) };
};

/** By arrival; the last ones are those that count. */
const handlerTimes = async (at: EngineAddress, outputs: DeploymentOutputs): Promise<number[]> => {
  const heads = having(await caseItems(at, outputs), 'sk', 'HEAD').map(
    ({ clocks }) => new Map(Object.entries(Object(clocks))),
  );
  const sorted = heads.toSorted(
    (left, right) => Number(left.get('received')) - Number(right.get('received')),
  );
  return sorted.map((clocks) => Number(clocks.get('accepted')) - Number(clocks.get('received')));
};

export const latencyLines = ({ rounds, handlerMs }: LatencyMeasurement): Line[] => {
  const of = (which: Pipeline): Spread => spreadOf(rounds[which].map(({ ms }) => ms));
  const [cordon, bare] = [of('cordon'), of('bare')];
  const net = (cordon.p50 - startDelayMs) / (bare.p50 - startDelayMs);
  const inside = spreadOf(handlerMs);
  const steps = spreadOf(pipelines.flatMap((which) => rounds[which].flatMap(({ steps }) => steps)));
  return [
    {
      what: 'event → first denied call, Cordon, p50',
      unit: 'ms',
      measured: cordon.p50,
      detail: inWords(cordon),
    },
    { what: 'event → first denied call, Cordon, p99', unit: 'ms', measured: cordon.p99 },
    {
      what: 'event → first denied call, bare pipeline, p50',
      unit: 'ms',
      measured: bare.p50,
      detail: inWords(bare),
    },
    { what: 'event → first denied call, bare pipeline, p99', unit: 'ms', measured: bare.p99 },
    { what: 'Cordon against bare, at p50', unit: '×', measured: cordon.p50 / bare.p50, most: 1.5 },
    {
      what: 'the same without the engine’s own start delay (150 ms each)',
      unit: '×',
      measured: net,
    },
    {
      what: 'Cordon, received → accepted, p50',
      unit: 'ms',
      measured: inside.p50,
      detail: inWords(inside),
    },
    {
      what: 'resolution: step of the thief’s loop',
      unit: 'ms',
      measured: steps.p50,
      detail: inWords(steps),
    },
  ];
};
