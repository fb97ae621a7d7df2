import { entries, field, texts } from '../engine/parse.ts';
import { bytesOf, CannotJudge, type Inspected, readable } from './inspected.ts';

/** The texts that a statement inspects, or its verdict without an inspection. */
export type FieldTexts = readonly string[] | 'match' | 'no match';
export type FieldReader = (request: Inspected) => FieldTexts;

/** AWS WAF inspects this much of the headers, and of the cookies. */
const inspectedAtMost = { bytes: 8 * 1024, count: 200 };

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

const firstKey = (value: unknown): string | undefined => entries(value)[0]?.[0];

const oversizeOf = (given: unknown): 'match' | 'no match' | undefined => {
  const handling = field(given, 'OversizeHandling');
  return handling === 'MATCH' ? 'match' : handling === 'NO_MATCH' ? 'no match' : undefined;
};

const body = (given: unknown): FieldReader => {
  const whenOversize = oversizeOf(given);
  return ({ body, oversize }) => (oversize && whenOversize ? whenOversize : [body]);
};

/**
 * Keys and values of a JSON document. The walk is iterative, because 32 kB of brackets are 16,000
 * levels.
 */
const leaves = (document: unknown, scope: unknown): string[] => {
  const leafTexts: string[] = [];
  const waiting: unknown[] = [document];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (typeof node !== 'object' || node === null) {
      if (scope !== 'KEY') leafTexts.push(bytesOf(String(node)));
      continue;
    }
    for (const [key, value] of Object.entries(node)) {
      if (scope !== 'VALUE' && !Array.isArray(node)) leafTexts.push(bytesOf(key));
      waiting.push(value);
    }
  }
  return leafTexts;
};

const parsed = (text: string): { readonly document: unknown } | undefined => {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null ? { document } : undefined;
  } catch {
    return undefined;
  }
};

const jsonBody = (given: unknown): FieldReader => {
  if (firstKey(field(given, 'MatchPattern')) !== 'All')
    throw new CannotJudge('a JSON body by paths');
  const [scope, fallback] = [field(given, 'MatchScope'), field(given, 'InvalidFallbackBehavior')];
  const whenOversize = oversizeOf(given);
  return ({ body, oversize }) => {
    if (oversize && whenOversize) return whenOversize;
    if (body === '') return [];
    const json = parsed(readable(body));
    if (json) return leaves(json.document, scope);
    return fallback === 'MATCH' ? 'match' : fallback === 'NO_MATCH' ? 'no match' : [body];
  };
};

type Pairs = readonly (readonly [string, string])[];

/** Reads the names or values of all or some headers or cookies. */
const pairs = (
  given: unknown,
  kind: 'Headers' | 'Cookies',
  pairsOf: (request: Inspected) => Pairs,
): FieldReader => {
  const pattern = field(given, 'MatchPattern');
  const named = (which: string): readonly string[] =>
    texts(field(pattern, `${which}${kind}`)).map((name) => name.toLowerCase());
  const [included, excluded] = [named('Included'), named('Excluded')];
  const chosen = ([name]: Pairs[number]): boolean =>
    (included.length === 0 || included.includes(name.toLowerCase())) &&
    !excluded.includes(name.toLowerCase());
  const scope = field(given, 'MatchScope');
  const whenOversize = oversizeOf(given);
  return (request) => {
    const present = pairsOf(request);
    const size = present.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    if (whenOversize && (size > inspectedAtMost.bytes || present.length > inspectedAtMost.count))
      return whenOversize;
    return present
      .filter(chosen)
      .flatMap(([name, value]) =>
        scope === 'KEY' ? [name] : scope === 'VALUE' ? [value] : [name, value],
      );
  };
};

const nameOf = (given: unknown): string => String(field(given, 'Name') ?? '').toLowerCase();

const readers: Readonly<Record<string, (given: unknown) => FieldReader>> = {
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

/** Makes the reader of the part of a request that a statement names in FieldToMatch. */
export const readField = (statement: unknown): FieldReader => {
  const given = field(statement, 'FieldToMatch');
  const kind = firstKey(given) ?? 'nothing';
  const reader = readers[kind];
  if (!reader) throw new CannotJudge(`the part ${kind} of a request`);
  return reader(field(given, kind));
};
