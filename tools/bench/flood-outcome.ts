import {
  attachments,
  caseItems,
  deadLetters,
  having,
  residentMb,
  type ScannedItem,
  setbacks,
  settled,
} from './aftermath.ts';
import { type FloodPlan, flood, type SentFindings } from './flood.ts';
import type { DeploymentOutputs, EngineAddress } from './targets.ts';

/** What is there when all is over. */
export interface Aftermath {
  readonly sent: SentFindings;
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

export const countOf = (values: readonly unknown[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
};

const part = (item: ScannedItem, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? Object.entries(value).find(([name]) => name === key)?.[1]
          : undefined,
      item,
    );

const clock = (head: ScannedItem, name: string): number =>
  Number(part(head, `clocks.${name}`) ?? Number.NaN);

const quarantinesOf = (
  attached: readonly string[],
  { QuarantineRolePolicyArn = '', QuarantineFunctionPolicyArn = '' }: DeploymentOutputs,
): number[] =>
  [QuarantineRolePolicyArn, QuarantineFunctionPolicyArn].map(
    (arn) => attached.filter((attachedArn) => attachedArn === arn).length,
  );

/** What the case table says about the findings of this flood. */
const incidents = (items: readonly ScannedItem[], { distinct }: SentFindings) => {
  const mine = new Set(distinct);
  const heads = having(items, 'sk', 'HEAD').filter((head) =>
    mine.has(String(part(head, 'finding.id'))),
  );
  const ids = new Set(heads.map(({ pk }) => pk));
  const own = items.filter(({ pk }) => ids.has(pk));
  const findingIds = heads.map((head) => String(part(head, 'finding.id')));
  const contained = heads
    .filter((head) => clock(head, 'accepted') > 0)
    .toSorted((left, right) => clock(left, 'received') - clock(right, 'received'));
  return {
    claims: having(items, 'pk', 'CLAIM').filter(({ incidentId }) =>
      ids.has(`INC#${String(incidentId)}`),
    ).length,
    lost: distinct.filter((id) => !findingIds.includes(id)),
    duplicates: findingIds.length - new Set(findingIds).size,
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

const residentAfter = (pid: number): { readonly after: number; readonly all: number } => {
  const { engine, ...group } = residentMb(pid);
  return { after: engine, ...group };
};

/**
 * Floods, waits until nothing runs any more, and looks around. `warm` findings start the functions
 * before, and do not count.
 */
export const aftermath = async (
  at: EngineAddress & { readonly pid: number },
  outputs: DeploymentOutputs,
  plan: FloodPlan,
  { warm = 10, withinMs = 1_800_000 } = {},
): Promise<Aftermath> => {
  await flood(at, outputs, { findings: warm, roles: warm, seconds: 5, repeats: 0 }, 'wa5e');
  const earlier = await settled(at, outputs, warm, withinMs);
  const known = Object.values(earlier).reduce((sum, count) => sum + count, 0);
  const before = residentMb(at.pid).engine;
  const sent = await flood(at, outputs, plan);
  const began = Date.now() - sent.tookMs;
  const executions = await settled(at, outputs, known + sent.events, withinMs);
  const drainedMs = Date.now() - began;
  const memory = { before, ...residentAfter(at.pid) };
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
    memory,
    drainedMs,
    setbacks: await setbacks(at, outputs),
  };
};
