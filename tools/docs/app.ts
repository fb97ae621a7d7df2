import type { AppFunction } from '../../protected-app/functions.ts';
import type { Route } from '../../protected-app/routes.ts';
import type { AppTable } from '../../protected-app/tables.ts';

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/**
 * Every function of the application: what it is there for, what serves it, and what its role holds.
 */
export const appPermissions = (
  functions: readonly AppFunction[],
  routes: readonly Route[],
): string => {
  const served = ({ name }: AppFunction): string =>
    routes
      .flatMap((route) => (route.function === name ? [`\`${route.method} ${route.path}\``] : []))
      .join('<br>');
  return [
    row('Function', 'Routes', 'May call', 'Tier', 'At once'),
    '|---|---|---|---|---|',
    ...functions.map((spec) =>
      row(
        `**${spec.name}** ${spec.title}`,
        served(spec) || '–',
        spec.calls.map(({ on, may }) => `${may.join(', ')} on \`${on}\``).join('<br>') || 'nothing',
        spec.drill ? `${spec.tier}, drills allowed` : spec.tier,
        `${spec.reserved}, for ${spec.timeoutSeconds} s`,
      ),
    ),
  ].join('\n');
};

/** Every table with the questions that it answers, and by which key. */
export const appAccess = (tables: Readonly<Record<string, AppTable>>): string =>
  [
    row('Table', 'Key', 'Indexes', 'Answers', 'Items go'),
    '|---|---|---|---|---|',
    ...Object.entries(tables).map(([name, { key, indexes, ttl, answers }]) =>
      row(
        `**${name}**`,
        `\`${key.join(', ')}\``,
        Object.entries(indexes)
          .map(([index, keys]) => `${index}: \`${keys.join(', ')}\``)
          .join('<br>') || '–',
        answers.join('<br>'),
        ttl === undefined ? 'when they are removed' : `at \`${ttl}\``,
      ),
    ),
  ].join('\n');
