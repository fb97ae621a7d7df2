import { isRecord } from './json.ts';

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
};

/** JSON whose members are sorted by name, so that equal values have equal texts. */
export const sortedJson = (value: unknown): string => JSON.stringify(sorted(value));
