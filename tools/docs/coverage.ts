import { checkedTable, type FindingTypeTable } from '../../infra/finding-types.ts';
import adviceFile from '../../responders/decide/finding-advice.json' with { type: 'json' };
import { adviceOf } from '../../responders/decide/finding-advice.ts';
import file from '../../responders/decide/finding-types.json' with { type: 'json' };
import { rowOf, type TypeRow } from '../../responders/decide/finding-types.ts';

/** The defaults of the configuration, which a printed page is about. */
const defaults = { minSeverity: 4, findingTypes: [] };

const done = ({ contain, ask, tell }: TypeRow): string =>
  [
    ...(Number.isFinite(contain) ? [`contains from ${contain}`] : []),
    ...(Number.isFinite(ask) ? [`asks from ${ask}`] : []),
    ...(tell === 0 ? ['tells always'] : []),
    ...(tell > 0 && tell < Math.min(contain, ask) ? [`tells from ${tell}`] : []),
  ].join(', ');

const cell = (text: string): string => text.replaceAll('|', '\\|');

type Family = FindingTypeTable['families'][number];

const line = (type: string, { suspects }: Family): string => {
  const { advice, open } = adviceOf(type);
  const cells = [done(rowOf(type, defaults)), suspects.join(', ') || 'none', open, advice];
  return `| \`${cell(type)}\` | ${cells.map(cell).join(' | ')} |`;
};

/** The part of a type between purpose and name: what it is about. */
const resourceOf = (family: string): string =>
  /^AttackSequence:/.test(family) ? 'Attack sequences' : (/:(\w+)\//.exec(family)?.[1] ?? 'Others');

const part = (resource: string, families: readonly Family[]): string =>
  [
    `## ${resource}`,
    '',
    '| Type | Cordon | Suspected | Stays open | AWS recommends |',
    '|---|---|---|---|---|',
    ...families.flatMap((family) => family.types.map((type) => line(type, family))),
  ].join('\n');

/** Each finding type: what Cordon does, what stays open, and what AWS recommends. */
export const coverage = (): string => {
  const { families, asOf } = checkedTable(file, adviceFile);
  const listed = families.filter(({ types }) => types.length > 0);
  const count = listed.flatMap(({ types }) => types).length;
  const unknown = rowOf('a new type', defaults);
  const byResource = Map.groupBy(listed, ({ family }) => resourceOf(family));
  return [
    `${count} types, compared with GuardDuty's user guide on ${asOf}. A newer type is decided by ` +
      `its family, and the mail says so; a type of no family: ${done(unknown)}.`,
    ...[...byResource].map(([resource, of]) => part(resource, of)),
  ].join('\n\n');
};
