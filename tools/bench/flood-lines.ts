import {
  attachments,
  caseItems,
  deadLetters,
  having,
  type Item,
  residentMb,
  setbacks,
  settled,
} from './aftermath.ts';
import { type FloodPlan, flood, type Sent } from './flood.ts';
import { inWords, type Line, spreadOf } from './statistics.ts';
import type { At } from './targets.ts';

type Outputs = Readonly<Record<string, string>>;

/** What is there when all is over. */
export interface Aftermath {
  readonly sent: Sent;
  readonly executions: Readonly<Record<string, number>>;
  readonly deadLetters: number;
  readonly claims: number;
  /** Findings without an incident. */
  readonly lost: readonly string[];
  /** Incidents of each state, changes that do not hold and why, stages that failed. */
  readonly states: Readonly<Record<string, number>>;
  readonly unheld: Readonly<Record<string, number>>;
  readonly failedStages: Readonly<Record<string, number>>;
  /** Why those that are not contained are not. */
  readonly reasons: readonly string[];
  /** Incidents that hold the claim of a finding which has another incident too. */
  readonly duplicates: number;
  /** Roles to which a quarantine policy is not attached exactly once. */
  readonly unquarantined: readonly string[];
  /** From received to accepted, in the order of arrival. */
  readonly handlerMs: readonly number[];
  readonly eventToEffectiveMs: readonly number[];
  readonly memory: { readonly before: number; readonly after: number; readonly all: number };
  readonly drainedMs: number;
  readonly setbacks: Readonly<Record<string, number>>;
}

const countOf = (values: readonly unknown[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
};

const part = (item: Item, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? Object.entries(value).find(([name]) => name === key)?.[1]
          : undefined,
      item,
    );

const clock = (head: Item, name: string): number =>
  Number(part(head, `clocks.${name}`) ?? Number.NaN);

const quarantinesOf = (
  attached: readonly string[],
  { QuarantineRolePolicyArn = '', QuarantineFunctionPolicyArn = '' }: Outputs,
): number[] =>
  [QuarantineRolePolicyArn, QuarantineFunctionPolicyArn].map(
    (arn) => attached.filter((one) => one === arn).length,
  );

/** What the case table says about the findings of this flood. */
const incidents = (items: readonly Item[], { distinct }: Sent) => {
  const mine = new Set(distinct);
  const heads = having(items, 'sk', 'HEAD').filter((head) =>
    mine.has(String(part(head, 'finding.id'))),
  );
  const ids = new Set(heads.map(({ pk }) => pk));
  const own = items.filter(({ pk }) => ids.has(pk));
  const found = heads.map((head) => String(part(head, 'finding.id')));
  const contained = heads
    .filter((head) => clock(head, 'accepted') > 0)
    .toSorted((one, other) => clock(one, 'received') - clock(other, 'received'));
  return {
    claims: having(items, 'pk', 'CLAIM').filter(({ incidentId }) =>
      ids.has(`INC#${String(incidentId)}`),
    ).length,
    lost: distinct.filter((id) => !found.includes(id)),
    duplicates: found.length - new Set(found).size,
    states: countOf(heads.map(({ state }) => state)),
    reasons: heads
      .filter(({ state }) => state !== 'contained')
      .map((head) => String(part(head, 'decision.reason'))),
    unheld: countOf(
      having(own, 'sk', 'ACTION#').flatMap(({ responder, outcome, step, reason }) =>
        outcome === 'contained' ? [] : [`${responder}: ${outcome} at ${step}: ${reason}`],
      ),
    ),
    failedStages: countOf(
      having(own, 'sk', 'STAGE#').flatMap(({ name, status, error }) =>
        status === 'failed' ? [`${name}: ${error}`] : [],
      ),
    ),
    handlerMs: contained.map((head) => clock(head, 'accepted') - clock(head, 'received')),
    eventToEffectiveMs: contained.map((head) => clock(head, 'effective') - clock(head, 'event')),
  };
};

/**
 * Floods, waits until nothing runs any more, and looks around. `warm` findings start the functions
 * before, and do not count.
 */
export const aftermath = async (
  at: At & { readonly pid: number },
  outputs: Outputs,
  plan: FloodPlan,
  { warm = 10, withinMs = 1_800_000 } = {},
): Promise<Aftermath> => {
  await flood(at, outputs, { findings: warm, roles: warm, seconds: 5, repeats: 0 }, 'wa5e');
  const earlier = await settled(at, outputs, warm, withinMs);
  const known = Object.values(earlier).reduce((sum, one) => sum + one, 0);
  const before = residentMb(at.pid).engine;
  const sent = await flood(at, outputs, plan);
  const began = Date.now() - sent.tookMs;
  const executions = await settled(at, outputs, known + sent.events, withinMs);
  const drainedMs = Date.now() - began;
  const { engine: after, all } = residentMb(at.pid);
  const attached = await attachments(at, sent.targets);
  return {
    sent,
    executions: Object.fromEntries(
      Object.entries(executions).map(([status, count]) => [status, count - (earlier[status] ?? 0)]),
    ),
    deadLetters: await deadLetters(at, outputs),
    ...incidents(await caseItems(at, outputs), sent),
    unquarantined: sent.targets.flatMap(({ roleName }, n) => {
      const counts = quarantinesOf(attached[n] ?? [], outputs);
      return counts.every((count) => count <= 1) && counts.includes(1) ? [] : [roleName];
    }),
    memory: { before, after, all },
    drainedMs,
    setbacks: await setbacks(at, outputs),
  };
};

/**
 * The median of the last fifth against that of the first: 1 where a finding costs the same however
 * many came before.
 */
export const growth = ({ handlerMs }: Pick<Aftermath, 'handlerMs'>): number => {
  const fifth = Math.ceil(handlerMs.length / 5);
  return spreadOf(handlerMs.slice(-fifth)).p50 / spreadOf(handlerMs.slice(0, fifth)).p50;
};

export const floodLines = async (
  at: At & { readonly pid: number },
  outputs: Outputs,
  plan: FloodPlan,
): Promise<Line[]> => {
  const after = await aftermath(at, outputs, plan);
  const name = `flood of ${plan.findings} findings in ${plan.seconds} s on ${plan.roles} roles`;
  const { RUNNING = 0, SUCCEEDED = 0, ...failed } = after.executions;
  const zero = (what: string, measured: number, detail = ''): Line => ({
    what: `${name}: ${what}`,
    unit: '',
    measured,
    most: 0,
    detail,
  });
  return [
    zero(
      'findings lost',
      after.lost.length + after.deadLetters,
      `${SUCCEEDED} executions succeeded, ${after.deadLetters} dead letters`,
    ),
    zero(
      'duplicate incidents',
      after.duplicates +
        Math.max(0, after.claims - (after.sent.distinct.length - after.lost.length)),
    ),
    zero('roles not contained exactly once', after.unquarantined.length),
    zero(
      'incidents not contained',
      after.sent.distinct.length - after.lost.length - (after.states.contained ?? 0),
      JSON.stringify(countOf(after.reasons)),
    ),
    zero(
      'executions that failed or still run',
      RUNNING + Object.values(failed).reduce((sum, one) => sum + one, 0),
      JSON.stringify(failed),
    ),
    zero(
      'failed stages',
      Object.values(after.failedStages).reduce((sum, one) => sum + one, 0),
      JSON.stringify(after.failedStages),
    ),
    {
      what: `${name}: engine after it`,
      unit: 'MB',
      measured: after.memory.after,
      most: 1_000,
      detail: JSON.stringify(after.memory),
    },
    {
      what: `${name}: last fifth against the first`,
      unit: '×',
      measured: growth(after),
      most: 2,
      detail: inWords(spreadOf(after.handlerMs)),
    },
    {
      what: `${name}: event → effective, p50`,
      unit: 'ms',
      measured: spreadOf(after.eventToEffectiveMs).p50,
      detail: inWords(spreadOf(after.eventToEffectiveMs)),
    },
    {
      what: `${name}: tasks tried again`,
      unit: '',
      measured: Object.values(after.setbacks).reduce((sum, one) => sum + one, 0),
      detail: JSON.stringify(after.setbacks),
    },
    { what: `${name}: until nothing runs`, unit: 's', measured: after.drainedMs / 1_000 },
  ];
};
