import type { FloodPlan } from './flood.ts';
import { type Aftermath, aftermath, countOf } from './flood-outcome.ts';
import { inWords, type Line, spreadOf } from './statistics.ts';
import type { DeploymentOutputs, EngineAddress } from './targets.ts';

/**
 * The median of the last fifth against that of the first: 1 where a finding costs the same however
 * many came before.
 */
export const growth = ({ handlerMs }: Pick<Aftermath, 'handlerMs'>): number => {
  const fifth = Math.ceil(handlerMs.length / 5);
  return spreadOf(handlerMs.slice(-fifth)).p50 / spreadOf(handlerMs.slice(0, fifth)).p50;
};

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** What must not happen in a flood, however slow the machine is. */
const losses = (name: string, after: Aftermath): Line[] => {
  const { RUNNING = 0, SUCCEEDED = 0, ...failed } = after.executions;
  const zero = (what: string, measured: number, detail = ''): Line => ({
    what: `${name}: ${what}`,
    unit: '',
    measured,
    most: 0,
    detail,
  });
  const handled = after.sent.distinct.length - after.lost.length;
  return [
    zero(
      'findings lost',
      after.lost.length + after.deadLetters,
      `${SUCCEEDED} executions succeeded, ${after.deadLetters} dead letters`,
    ),
    zero('duplicate incidents', after.duplicates + Math.max(0, after.claims - handled)),
    zero('roles not contained exactly once', after.unquarantined.length),
    zero(
      'incidents not contained',
      handled - (after.states.contained ?? 0),
      JSON.stringify(countOf(after.reasons)),
    ),
    zero('executions that failed or still run', RUNNING + sumOf(failed), JSON.stringify(failed)),
    zero('failed stages', sumOf(after.failedStages), JSON.stringify(after.failedStages)),
  ];
};

const costs = (name: string, after: Aftermath): Line[] => [
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
    measured: sumOf(after.setbacks),
    detail: JSON.stringify(after.setbacks),
  },
  { what: `${name}: until nothing runs`, unit: 's', measured: after.drainedMs / 1_000 },
];

export const floodLines = async (
  at: EngineAddress & { readonly pid: number },
  outputs: DeploymentOutputs,
  plan: FloodPlan,
): Promise<Line[]> => {
  const after = await aftermath(at, outputs, plan);
  const name = `flood of ${plan.findings} findings in ${plan.seconds} s on ${plan.roles} roles`;
  return [...losses(name, after), ...costs(name, after)];
};
