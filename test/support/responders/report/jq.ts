import { at } from '../../../../responders/shared/json.ts';

const pathIn = (value: unknown, path: string): unknown => (path === '' ? value : at(value, path));

/**
 * The three forms of `jq` that a report uses: `.a.b`, `.a | length`, `[.a[] | select(.b == "c")] |
 * length`. Anything else is an error.
 */
export const jq = (filter: string, value: unknown): unknown => {
  const [, list, key, wanted] =
    /^\[\.([\w.]+)\[\] \| select\(\.(\w+) == "([\w-]+)"\)\] \| length$/.exec(filter) ?? [];
  if (list !== undefined) {
    const all = pathIn(value, list);
    return Array.isArray(all)
      ? all.filter((one) => at(one, key ?? '') === wanted).length
      : undefined;
  }
  const [, path, length] = /^\.([\w.]+)( \| length)?$/.exec(filter) ?? [];
  if (path === undefined) throw new Error(`a filter of another form: ${filter}`);
  const found = pathIn(value, path);
  return length ? (Array.isArray(found) ? found.length : undefined) : found;
};
