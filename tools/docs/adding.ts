import type { Addition, Edit } from '../adding/additions.ts';

const listing = (edits: readonly Edit[]): string =>
  edits.map(({ file, from, what }) => `${from ? 'new' : 'in'} \`${file}\`: ${what}`).join('<br>') ||
  '–';

/** Which files are edited for each thing that the product grows by. */
export const addingTable = (additions: readonly Addition[]): string =>
  [
    '| To add | Edit | For its tests |',
    '| --- | --- | --- |',
    ...additions.map(
      ({ kind, sources, tests }) => `| ${kind} | ${listing(sources)} | ${listing(tests)} |`,
    ),
  ].join('\n');
