import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientConfig, type KeyedEngine } from '../../local/engine/clients.ts';
import { at, textAt } from '../../responders/shared/json.ts';
import { caseItems, executions, having, type ScannedItem } from './aftermath.ts';
import { findingAbout } from './findings.ts';
import { countOf } from './flood-outcome.ts';
import type { Line } from './statistics.ts';
import { type DeploymentOutputs, type DrillTarget, inParallel, makeTarget } from './targets.ts';
import { type RecordedWrite, recordsSince, writesIn } from './witness.ts';

/** A finding of a plan: what it is about, and how severe GuardDuty calls it. */
interface PlannedFinding {
  readonly target: string;
  readonly severity: number;
  readonly type: string;
}

/** Findings on a deployment that observes them, all or in part. */
export interface ObservePlan {
  readonly name: string;
  /** The `observe` of the configuration. */
  readonly observe: unknown;
  /** The functions that findings are about, with their tags. */
  readonly targets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly findings: readonly PlannedFinding[];
  /** The functions that are not observed, so that they are contained. */
  readonly contained: readonly string[];
}

const beacon = 'Backdoor:Lambda/C&CActivity.B';
const miner = 'CryptoCurrency:Lambda/BitcoinTool.B';
const critical = 'observed-critical';

const numbered = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

/** Of ten findings one would be contained, one asked about, and eight are below the threshold. */
export const observeEverything = (count: number): ObservePlan => {
  const ordinary = numbered(10).map((n) => `observed-${n}`);
  const findingAt = (n: number): PlannedFinding => {
    const target = ordinary[Math.floor(n / 10) % ordinary.length] ?? critical;
    if (n % 10 === 0) return { target, severity: 8, type: beacon };
    if (n % 10 === 5) return { target: critical, severity: 8, type: beacon };
    return { target, severity: 2, type: beacon };
  };
  return {
    name: 'everything',
    observe: 'everything',
    targets: {
      ...Object.fromEntries(ordinary.map((name) => [name, {}])),
      [critical]: { 'cordon:tier': 'critical' },
    },
    findings: numbered(count).map(findingAt),
    contained: [],
  };
};

/** A type and a tag are observed; what is of another type and without the tag is contained. */
export const observeInPart = (count: number): ObservePlan => {
  const contained = numbered(3).map((n) => `contained-${n}`);
  const observed = numbered(count).map((n) =>
    n % 2 === 0
      ? { target: 'observed-by-type', severity: 8, type: miner }
      : { target: 'observed-by-tag', severity: 8, type: beacon },
  );
  return {
    name: 'a type and a tag',
    observe: { types: ['CryptoCurrency:Lambda/*'], tags: ['team=payments'] },
    targets: {
      'observed-by-type': {},
      'observed-by-tag': { team: 'payments' },
      ...Object.fromEntries(contained.map((name) => [name, {}])),
    },
    findings: [...observed, ...contained.map((target) => ({ target, severity: 8, type: beacon }))],
    contained,
  };
};

/** What was observed, and what the engine has recorded meanwhile. */
export interface Observed {
  readonly items: readonly ScannedItem[];
  readonly executions: Readonly<Record<string, number>>;
  readonly records: number;
  readonly writes: readonly RecordedWrite[];
}

const idOf = (n: number): string => `0b5e${String(n).padStart(6, '0')}`;

/** The activity begins now, so that tags of the functions are older. */
const detailOf = (about: DrillTarget, { severity, type }: PlannedFinding, n: number) => {
  const now = Date.now();
  const detail = findingAbout(about, idOf(n), now);
  const seen = new Date(now).toISOString();
  const service = { ...detail.service, eventFirstSeen: seen, eventLastSeen: seen };
  return { ...detail, severity, type, service };
};

const send = async (
  engine: KeyedEngine,
  { findings }: ObservePlan,
  targets: ReadonlyMap<string, DrillTarget>,
): Promise<void> => {
  const events = new EventBridgeClient(clientConfig(engine));
  for (let from = 0; from < findings.length; from += 10) {
    const Entries = findings.slice(from, from + 10).flatMap((finding, index) => {
      const about = targets.get(finding.target);
      if (!about) throw new Error(`the plan has no target ${finding.target}`);
      const Detail = JSON.stringify(detailOf(about, finding, from + index));
      return { Source: 'aws.guardduty', DetailType: 'GuardDuty Finding', Detail };
    });
    const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries }));
    if (FailedEntryCount) throw new Error(`${FailedEntryCount} findings were refused by the bus`);
    await sleep(100); // 100 findings a second
  }
};

/** Until every finding has an execution that has ended; gives up with those that still run. */
const ended = async (
  engine: KeyedEngine,
  outputs: DeploymentOutputs,
  wanted: number,
  withinMs: number,
): Promise<Readonly<Record<string, number>>> => {
  for (const until = Date.now() + withinMs; ; await sleep(2_000)) {
    const counts = await executions(engine, outputs);
    const { RUNNING = 0, ...others } = counts;
    const done = Object.values(others).reduce((sum, count) => sum + count, 0);
    if ((RUNNING === 0 && done >= wanted) || Date.now() > until) return counts;
  }
};

/**
 * Sends the findings and waits for every stage of every incident. The bench itself writes first and
 * last, so that the records are known to hear writes and to reach back to the beginning.
 */
export const observed = async (
  engine: KeyedEngine,
  outputs: DeploymentOutputs,
  plan: ObservePlan,
  withinMs = 3_600_000,
): Promise<Observed> => {
  const made = await inParallel(
    Object.entries(plan.targets),
    4,
    async ([name, tags]) => [name, await makeTarget(engine, name, { tags })] as const,
  );
  await sleep(1_100); // CloudTrail writes whole seconds, and the tags must be older
  const since = Date.now();
  const FunctionName = 'written-by-the-bench';
  await makeTarget(engine, FunctionName);
  await send(engine, plan, new Map(made));
  const counts = await ended(engine, outputs, plan.findings.length, withinMs);
  await new LambdaClient(clientConfig(engine)).send(new DeleteFunctionCommand({ FunctionName }));
  const records = await recordsSince(engine, since);
  return {
    items: await caseItems(engine, outputs),
    executions: counts,
    records: records.length,
    writes: writesIn(records),
  };
};

/** The calls with which the bench shows that the records hear writes. */
export const writesOfBench = [
  'iam:CreateRole',
  'iam:PutRolePolicy',
  'lambda:CreateFunction',
  'lambda:DeleteFunction',
];

const isObserved = (head: ScannedItem): boolean => at(head, 'decision.observed') === true;

const told = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([what, count]) => `${count} × ${what}`)
    .join(', ');

/** What Cordon says that it would have done. */
const wouldHaveDone = (name: string, { items }: Observed): Line[] => {
  const heads = having(items, 'sk', 'HEAD');
  const would = (kind: string): readonly ScannedItem[] =>
    heads.filter((head) => isObserved(head) && textAt(head, 'decision.kind') === kind);
  const planned = having(items, 'sk', 'ACTION#').filter(({ outcome }) => outcome === 'planned');
  const counted = (what: string, kind: string, detail: string): Line => ({
    what: `observe ${name}: ${what}`,
    unit: '',
    measured: would(kind).length,
    detail,
  });
  const changes = countOf(planned.map(({ responder }) => String(responder)));
  const reason = (kind: string): string => textAt(would(kind)[0], 'decision.reason') ?? '';
  return [
    counted('would have contained', 'contain', `${told(changes)}; ${reason('contain')}`),
    counted('would have asked', 'notify', reason('notify')),
  ];
};

export const observeLines = (plan: ObservePlan, outcome: Observed): Line[] => {
  const { items, writes, records } = outcome;
  const heads = having(items, 'sk', 'HEAD');
  const { SUCCEEDED = 0, ...others } = outcome.executions;
  const { contained } = plan;
  const isAboutContained = ({ about }: RecordedWrite): boolean =>
    contained.some((name) => about.includes(name));
  const byOthers = writes.filter(({ by }) => by !== 'root');
  const heard = writes.filter(({ by }) => by === 'root').map(({ call }) => call);
  const changed = byOthers.filter((write) => !isAboutContained(write));
  const held = heads.filter(({ state }) => state === 'contained');
  const zero = (what: string, measured: number, detail = ''): Line => ({
    what: `observe ${plan.name}, ${plan.findings.length} findings: ${what}`,
    unit: '',
    measured,
    most: 0,
    detail,
  });
  const named = countOf(changed.map(({ call, by }) => `${call} by ${by}`));
  return [
    zero(
      'calls that write to IAM or Lambda',
      changed.length,
      `of ${records} recorded: ${told(named)}`,
    ),
    zero(
      'writes of the bench that the records lack',
      writesOfBench.filter((call) => !heard.some((heardCall) => heardCall.startsWith(call))).length,
      heard.join(', '),
    ),
    zero('findings without an incident', plan.findings.length - heads.length),
    zero('executions that did not succeed', plan.findings.length - SUCCEEDED, told(others)),
    zero(
      'not observed and not contained',
      contained.length - held.length,
      told(countOf(byOthers.filter(isAboutContained).map(({ call }) => call))),
    ),
    ...wouldHaveDone(plan.name, outcome),
  ];
};
