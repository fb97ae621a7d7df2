import { afterQuote, anywhere, type Pattern, unquoted } from './patterns.ts';
import { type Context, tokenLine } from './tokens.ts';

/** The text as a value without quotes, and as a string in each kind of quotes that it contains. */
const contexts = (text: string): readonly Context[] => {
  const backslashModes = text.includes('\\') ? [true, false] : [true];
  const quotes = (["'", '"', '`'] as const).filter(
    (quote) => text.includes(quote) || text.normalize('NFKC').includes(quote),
  );
  return [
    { quote: '', backslash: true },
    ...quotes.flatMap((quote) => backslashModes.map((backslash) => ({ quote, backslash }))),
  ];
};

const matchingName = (patterns: readonly Pattern[], line: string): string | undefined =>
  patterns.find(({ seen }) => seen.test(line))?.name;

/** A text that this does not match is not an injection. */
const suspicious = new RegExp(
  [
    String.raw`['"\x60;()=<>|&#*\\@]|--`,
    String.raw`\b(?:or|and|xor|union|select|order|having|group|like|regexp|rlike)\b`,
    String.raw`\b(?:waitfor|exec|shutdown)\b`,
    String.raw`\uff07|\uff02`,
  ].join('|'),
  'i',
);

/**
 * Says why a text looks like an SQL injection; `undefined` if it does not. This approximates AWS
 * WAF, whose rules are not public: the text is tokenised as SQL in each context in which a query
 * may contain it, and the tokens are compared with the usual forms of injections.
 */
export const sqlInjection = (text: string): string | undefined => {
  if (!suspicious.test(text)) return undefined;
  for (const context of contexts(text)) {
    const line = tokenLine(text, context);
    if (line === undefined) continue;
    const inContext = context.quote === '' ? unquoted : afterQuote;
    const reason = matchingName(anywhere, line) ?? matchingName(inContext, line);
    if (reason !== undefined) return reason;
  }
  return undefined;
};

export const injectsSql = (text: string): boolean => sqlInjection(text) !== undefined;
