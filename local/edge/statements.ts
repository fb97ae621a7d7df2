import { BlockList, isIP } from 'node:net';
import { entries, field, text, texts, whole } from '../engine/parse.ts';
import { readField } from './fields.ts';
import { isScript } from './html/scripts.ts';
import { bytesOf, CannotJudge, type Inspected, readable } from './inspected.ts';
import { slidingWindow } from './rates.ts';
import { injectsSql } from './sql/injects.ts';
import { readTransformations } from './transformations.ts';

export type Judge = (request: Inspected, now: number) => boolean;

/** Finds the properties of a resource of the same template by a reference to it. */
export type ResourceLookup = (reference: unknown) => unknown;

/** Applies a test to each text that the statement inspects. */
const matching = (statement: unknown, test: (value: string) => boolean): Judge => {
  const [read, transform] = [readField(statement), readTransformations(statement)];
  return (request) => {
    const inspected = read(request);
    if (inspected === 'match' || inspected === 'no match') return inspected === 'match';
    return inspected.some((value) => test(transform(value)));
  };
};

const comparisons: Readonly<Record<string, (size: number, limit: number) => boolean>> = {
  EQ: (size, limit) => size === limit,
  NE: (size, limit) => size !== limit,
  LE: (size, limit) => size <= limit,
  LT: (size, limit) => size < limit,
  GE: (size, limit) => size >= limit,
  GT: (size, limit) => size > limit,
};

const size = (given: unknown): Judge => {
  const [test, limit] = [
    comparisons[String(field(given, 'ComparisonOperator'))],
    whole(given, 'Size'),
  ];
  if (!test || limit === undefined) throw new CannotJudge('a size constraint without a number');
  return matching(given, (value) => test(value.length, limit));
};

const positions: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  EXACTLY: (value, wanted) => value === wanted,
  STARTS_WITH: (value, wanted) => value.startsWith(wanted),
  ENDS_WITH: (value, wanted) => value.endsWith(wanted),
  CONTAINS: (value, wanted) => value.includes(wanted),
  CONTAINS_WORD: (value, wanted) =>
    new RegExp(`(?<![A-Za-z0-9_])${RegExp.escape(wanted)}(?![A-Za-z0-9_])`).test(value),
};

const bytes = (given: unknown): Judge => {
  const [plain, encoded] = [field(given, 'SearchString'), field(given, 'SearchStringBase64')];
  const wanted =
    typeof encoded === 'string'
      ? Buffer.from(encoded, 'base64').toString('latin1')
      : bytesOf(String(plain));
  const test = positions[String(field(given, 'PositionalConstraint'))];
  if (!test) throw new CannotJudge('a byte match at an unknown position');
  return matching(given, (value) => test(value, wanted));
};

const expression = (source: string): RegExp => {
  const [, flags = '', rest = source] = /^\(\?([ims]+)\)([\s\S]*)$/.exec(source) ?? [];
  try {
    return new RegExp(rest, flags);
  } catch {
    throw new CannotJudge(`the regular expression ${source}`);
  }
};

const patterns = (given: unknown, sources: readonly string[]): Judge => {
  const tests = sources.map(expression);
  return matching(given, (value) => tests.some((test) => test.test(readable(value))));
};

const referenced = (given: unknown, lookup: ResourceLookup): unknown => {
  const properties = lookup(field(given, 'Arn'));
  if (properties === undefined) throw new CannotJudge('a set that is not in the template');
  return properties;
};

const addresses = (given: unknown, lookup: ResourceLookup): Judge => {
  if (field(given, 'IPSetForwardedIPConfig') !== undefined)
    throw new CannotJudge('addresses in a header');
  const list = new BlockList();
  for (const range of texts(field(referenced(given, lookup), 'Addresses'))) {
    const [network = '', prefix = ''] = range.split('/');
    list.addSubnet(network, Number(prefix), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return ({ address }) =>
    isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
};

const rate = (given: unknown, lookup: ResourceLookup): Judge => {
  const [limit, seconds] = [whole(given, 'Limit'), whole(given, 'EvaluationWindowSec') ?? 300];
  const by = field(given, 'AggregateKeyType') ?? 'IP';
  if (limit === undefined || (by !== 'IP' && by !== 'CONSTANT'))
    throw new CannotJudge(`a rate by ${by}`);
  const scope = field(given, 'ScopeDownStatement');
  const isCounted = scope === undefined ? () => true : readStatement(scope, lookup);
  const isOverLimit = slidingWindow({ limit, windowMs: seconds * 1000 });
  return (request, now) =>
    isCounted(request, now) && isOverLimit(by === 'IP' ? request.address : '', now);
};

const nested = (given: unknown, lookup: ResourceLookup): Judge[] =>
  entries(field(given, 'Statements')).map(([, statement]) => readStatement(statement, lookup));

/** The kinds of statements that this edge implements. */
const kinds: Readonly<Record<string, (given: unknown, lookup: ResourceLookup) => Judge>> = {
  RateBasedStatement: rate,
  SizeConstraintStatement: size,
  ByteMatchStatement: bytes,
  RegexMatchStatement: (given) =>
    patterns(given, [text(given, 'RegexString', 'RegexMatchStatement')]),
  RegexPatternSetReferenceStatement: (given, lookup) =>
    patterns(given, texts(field(referenced(given, lookup), 'RegularExpressionList'))),
  IPSetReferenceStatement: addresses,
  SqliMatchStatement: (given) => matching(given, (value) => injectsSql(readable(value))),
  XssMatchStatement: (given) => matching(given, (value) => isScript(readable(value))),
  AndStatement: (given, lookup) => {
    const judges = nested(given, lookup);
    return (request, now) => judges.every((judge) => judge(request, now));
  },
  OrStatement: (given, lookup) => {
    const judges = nested(given, lookup);
    return (request, now) => judges.some((judge) => judge(request, now));
  },
  NotStatement: (given, lookup) => {
    const judge = readStatement(field(given, 'Statement'), lookup);
    return (request, now) => !judge(request, now);
  },
};

/** Makes the judge of a statement; throws `CannotJudge` if a part of it is not implemented. */
export const readStatement = (statement: unknown, lookup: ResourceLookup): Judge => {
  const [kind, ...others] = entries(statement).map(([key]) => key);
  const reader = kind === undefined || others.length > 0 ? undefined : kinds[kind];
  if (!kind || !reader) throw new CannotJudge(kind ?? 'a statement without a kind');
  return reader(field(statement, kind), lookup);
};
