import { dirname } from 'node:path/posix';
import type { Addition, Edit } from '../adding/addition.ts';

const placed = ({ file, from }: Edit): string =>
  from ? `a new file in \`${dirname(file)}/\`` : `\`${file}\``;

const listing = (edits: readonly Edit[]): string =>
  edits.map((edit) => `${placed(edit)}: ${edit.what}`).join('<br>') || '–';

/** Which files are edited for each thing that the product grows by. */
export const addingTable = (additions: readonly Addition[]): string =>
  [
    '| To add | Edit | For its tests |',
    '| --- | --- | --- |',
    ...additions.map(
      ({ kind, sources, tests }) => `| ${kind} | ${listing(sources)} | ${listing(tests)} |`,
    ),
  ].join('\n');
