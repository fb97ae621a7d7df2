import { isLike } from '../shared/patterns.ts';
import table from './finding-types.json' with { type: 'json' };
import type { Threshold, TypeOverride } from './type-override.ts';

/** What Cordon does about a finding type; infra/finding-types.ts has the schema of the table. */
export interface TypeRow {
  /** The severities from which it contains, asks and tells; Infinity is never. */
  readonly contain: number;
  readonly ask: number;
  readonly tell: number;
  /** The family that the type belongs to. */
  readonly family: string;
  /** False where the table does not have the type, so that the default of its family counts. */
  readonly isKnown: boolean;
}

/** The day on which the table was compared with GuardDuty's list. */
export const tableDay = table.asOf;

/** From which severity, for comparing; `never` is above all of them. */
export const severityOf = (threshold: string | number | undefined): number =>
  typeof threshold === 'number' ? threshold : Number.POSITIVE_INFINITY;

/** The more letters of a type a pattern names, the more it knows about the type. */
const lettersIn = (pattern: string): number => pattern.replaceAll('*', '').length;

/** The patterns that match a type, the closest first. */
export const closestFirst = <T>(
  type: string,
  rows: readonly T[],
  patternOf: (row: T) => string,
): readonly T[] =>
  rows
    .filter((row) => isLike(patternOf(row), type))
    .sort((left, right) => lettersIn(patternOf(right)) - lettersIn(patternOf(left)));

interface TypeSettings {
  readonly minSeverity: number;
  readonly findingTypes: readonly TypeOverride[];
}

/**
 * The row for a finding type. `minSeverity` of the configuration raises what the table says, except
 * for a type that the table tells in any case; what the configuration says about the type itself
 * goes before both.
 */
export const rowOf = (type: string, { minSeverity, findingTypes }: TypeSettings): TypeRow => {
  const [family] = closestFirst(type, table.families, (row) => row.family);
  if (!family) throw new Error('the table of finding types has no family *');
  const exception = table.exceptions.find((row) => row.type === type);
  const row = { ...family, ...exception };
  const closest = closestFirst(type, findingTypes, (override) => override.type).toReversed();
  const override: Partial<TypeOverride> = Object.assign({}, ...closest);
  const raised = (own: Threshold | undefined, threshold: string | number | undefined) =>
    own === undefined ? Math.max(severityOf(threshold), minSeverity) : severityOf(own);
  return {
    contain: raised(override.contain, row.contain),
    ask: raised(override.ask, row.ask),
    tell: override.tell ?? row.tell ?? minSeverity,
    family: family.family,
    isKnown: family.types.some((known) => known === type),
  };
};
