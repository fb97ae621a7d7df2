import { alone, anywhere, brokenOut, type Pattern } from './patterns.ts';
import { type Context, sentence } from './tokens.ts';

const both = [true, false];

/** The text as a value of its own, and as the inside of each kind of quotes that it has. */
const contexts = (text: string): readonly Context[] => {
  const ways = text.includes('\\') ? both : [true];
  const quotes = (["'", '"', '`'] as const).filter(
    (quote) => text.includes(quote) || text.normalize('NFKC').includes(quote),
  );
  return [
    { quote: '', backslash: true },
    ...quotes.flatMap((quote) => ways.map((backslash) => ({ quote, backslash }))),
  ];
};

const first = (patterns: readonly Pattern[], line: string): string | undefined =>
  patterns.find(({ seen }) => seen.test(line))?.name;

/** A text without any of these injects nothing. */
const suspicious =
  /['"`;()=<>|&#*\\@]|--|\b(?:or|and|xor|union|select|order|having|group|like|regexp|rlike|waitfor|exec|shutdown)\b|\uff07|\uff02/i;

/**
 * Says why a text looks like an SQL injection, or nothing. An approximation: the text is read as
 * SQL in each context that it may stand in, and its words are compared with the ways in which
 * injections continue a query. AWS WAF has an engine of its own.
 */
export const sqlInjection = (text: string): string | undefined => {
  if (!suspicious.test(text)) return undefined;
  for (const context of contexts(text)) {
    const line = sentence(text, context);
    if (line === undefined) continue;
    const found = first(anywhere, line) ?? first(context.quote === '' ? alone : brokenOut, line);
    if (found !== undefined) return found;
  }
  return undefined;
};

export const injectsSql = (text: string): boolean => sqlInjection(text) !== undefined;
