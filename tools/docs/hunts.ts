import type { Hunt } from '../../infra/response/hunts.ts';

/** In every hunt; a page says it once. */
const common = 5;

/** The saved queries as a table: what each tells, and what it wants after the bounds. */
export const huntTable = (hunts: readonly Hunt[]): string =>
  [
    '| Saved query | Tells | Also wants |',
    '|---|---|---|',
    ...hunts.map(
      ({ name, tells, parameters }) =>
        `| \`${name}\` | ${tells} | ${parameters.slice(common).join(', ') || 'nothing'} |`,
    ),
  ].join('\n');
