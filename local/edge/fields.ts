import { entries, field, texts } from '../engine/parse.ts';
import { bytesOf, CannotJudge, type Inspected, readable } from './inspected.ts';

/** The texts that a statement looks at, or what it says without looking. */
export type Found = readonly string[] | 'match' | 'no match';
export type Field = (request: Inspected) => Found;

/** What AWS WAF sees of the headers and of the cookies. */
const most = { bytes: 8 * 1024, count: 200 };

const queryPairs = (query: string): string[][] =>
  query.split('&').map((pair) => pair.split(/=([\s\S]*)/, 2));

const cookiesOf = ({ headers }: Inspected): (readonly [string, string])[] =>
  headers
    .filter(([name]) => name === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/))
    .map((pair) => {
      const [name = '', value = ''] = pair.split(/=([\s\S]*)/, 2);
      return [name, value] as const;
    });

const only = (value: unknown): string | undefined => entries(value)[0]?.[0];

const oversizeOf = (given: unknown): 'match' | 'no match' | undefined => {
  const handling = field(given, 'OversizeHandling');
  return handling === 'MATCH' ? 'match' : handling === 'NO_MATCH' ? 'no match' : undefined;
};

const body = (given: unknown): Field => {
  const instead = oversizeOf(given);
  return ({ body, oversize }) => (oversize && instead ? instead : [body]);
};

/** Keys and values of a JSON document, without recursion: 32 kB of brackets are 16,000 levels. */
const leaves = (document: unknown, scope: unknown): string[] => {
  const found: string[] = [];
  const waiting: unknown[] = [document];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) {
      if (scope !== 'KEY') found.push(bytesOf(String(next)));
      continue;
    }
    for (const [key, value] of Object.entries(next)) {
      if (scope !== 'VALUE' && !Array.isArray(next)) found.push(bytesOf(key));
      waiting.push(value);
    }
  }
  return found;
};

const parsed = (text: string): { readonly document: unknown } | undefined => {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null ? { document } : undefined;
  } catch {
    return undefined;
  }
};

const jsonBody = (given: unknown): Field => {
  if (only(field(given, 'MatchPattern')) !== 'All') throw new CannotJudge('a JSON body by paths');
  const [scope, fallback] = [field(given, 'MatchScope'), field(given, 'InvalidFallbackBehavior')];
  const instead = oversizeOf(given);
  return ({ body, oversize }) => {
    if (oversize && instead) return instead;
    if (body === '') return [];
    const json = parsed(readable(body));
    if (json) return leaves(json.document, scope);
    return fallback === 'MATCH' ? 'match' : fallback === 'NO_MATCH' ? 'no match' : [body];
  };
};

type Pairs = readonly (readonly [string, string])[];

/** Headers or cookies, all or some of them, names or values. */
const pairs = (
  given: unknown,
  kind: 'Headers' | 'Cookies',
  all: (request: Inspected) => Pairs,
): Field => {
  const pattern = field(given, 'MatchPattern');
  const named = (which: string): readonly string[] =>
    texts(field(pattern, `${which}${kind}`)).map((name) => name.toLowerCase());
  const [included, excluded] = [named('Included'), named('Excluded')];
  const chosen = ([name]: Pairs[number]): boolean =>
    (included.length === 0 || included.includes(name.toLowerCase())) &&
    !excluded.includes(name.toLowerCase());
  const scope = field(given, 'MatchScope');
  const instead = oversizeOf(given);
  return (request) => {
    const there = all(request);
    const size = there.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    if (instead && (size > most.bytes || there.length > most.count)) return instead;
    return there
      .filter(chosen)
      .flatMap(([name, value]) =>
        scope === 'KEY' ? [name] : scope === 'VALUE' ? [value] : [name, value],
      );
  };
};

const nameOf = (given: unknown): string => String(field(given, 'Name') ?? '').toLowerCase();

const readers: Readonly<Record<string, (given: unknown) => Field>> = {
  Body: body,
  JsonBody: jsonBody,
  Method: () => (request) => [request.method],
  UriPath: () => (request) => [request.path],
  QueryString: () => (request) => [request.query],
  AllQueryArguments: () => (request) =>
    request.query === '' ? [] : queryPairs(request.query).flat(),
  SingleQueryArgument: (given) => (request) =>
    queryPairs(request.query).flatMap(([name = '', value = '']) =>
      name.toLowerCase() === nameOf(given) ? [value] : [],
    ),
  SingleHeader: (given) => (request) =>
    request.headers.flatMap(([name, value]) => (name === nameOf(given) ? [value] : [])),
  Headers: (given) => pairs(given, 'Headers', ({ headers }) => headers),
  Cookies: (given) => pairs(given, 'Cookies', cookiesOf),
};

/** Reads the FieldToMatch of a statement. */
export const readField = (statement: unknown): Field => {
  const given = field(statement, 'FieldToMatch');
  const kind = only(given) ?? 'nothing';
  const reader = readers[kind];
  if (!reader) throw new CannotJudge(`the part ${kind} of a request`);
  return reader(field(given, kind));
};
