import type { ShownEvent } from './shown-event.ts';

/** More ids than these make a line that nobody copies. */
const mostIds = 20;

/** A pulled folder holds a round as its manifest names it: from `timeline/` on. */
const fileOf = (object: string): string =>
  /(?:own-[0-9a-f]{16}\/)?timeline\/pass-\d\.json$/.exec(object)?.[0] ?? 'timeline/pass-1.json';

/** Prints the records of an event from the evidence that was pulled. */
export const filterOf = ({ raw }: ShownEvent, object: string): string => {
  const ids = raw
    .slice(0, mostIds)
    .flatMap(({ id }) => (typeof id === 'string' ? [id.replaceAll(/[^\w-]/g, '')] : []))
    .filter((id) => id !== '');
  const wanted = ids.map((id) => `"${id}"`).join(',');
  return `jq '.all[] | select(.id | IN(${wanted}))' evidence/${fileOf(object)}`;
};
