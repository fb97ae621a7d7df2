import { catalogues, dangerous, literals, usual, vocabulary } from './words.ts';

/**
 * The quotes inside which the text is assumed to begin. A text that closes them leaves the string
 * of the query.
 */
export interface Context {
  readonly quote: '' | "'" | '"' | '`';
  /** Whether a backslash keeps a quote from closing; it depends on the database. */
  readonly backslash: boolean;
}

interface ScannedToken {
  readonly token: string;
  readonly length: number;
}

const space = /^[\s\0\u00a0]+|^\/\*(?!!)[\s\S]*?\*\/|^\/\*!\d*|^\*\//;
const comment = /^(?:--|#|\/\*(?!!))[\s\S]*/;
const number = /^(?:0x[\da-f]+|0b[01]+|\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)/i;
/** MySQL reads `1or 1` as two tokens. */
const glued =
  /^\d[\d.]*(?:e\d+)?(?=(?:or|and|xor|union|like|div|mod|having|order|limit|from|is|in)\b)/i;
const name = /^[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/i;
const variable = /^@@?(?:[\w.$]+|`[^`]*`)/;
const operator = /^(?:<=>|<>|!=|<=|>=|:=|\|\||&&|::|\^=|[=<>!+\-*/%^|&~])/;

const endOfQuoted = (text: string, quote: string, backslash: boolean, from: number): number => {
  for (let at = from; at < text.length; at += 1) {
    if (backslash && text[at] === '\\') at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return -1;
};

/** A short comment cuts off the rest of a query; a long one is prose. */
const commentToken = (rest: string): string =>
  rest.trim().split(/\s+/).length <= 3 && rest.length <= 24 ? '--' : 'remark';

const tokenOfName = (identifier: string, after: string): string => {
  const small = identifier.toLowerCase();
  if (literals.has(small)) return '1';
  if (vocabulary.has(small)) return small;
  if (dangerous.has(small)) return 'evil';
  if (catalogues.test(small)) return 'catalogue';
  return usual.has(small) && /^\s*\(/.test(after) ? 'fn' : 'x';
};

const stringAt = (text: string, at: number, backslash: boolean): ScannedToken => {
  const end = endOfQuoted(text, text[at] ?? '', backslash, at + 1);
  return { token: text[at] === '`' ? 'x' : "'s'", length: (end < 0 ? text.length : end) - at };
};

const next = (text: string, at: number, { backslash }: Context): ScannedToken => {
  const rest = text.slice(at);
  const matchOf = (pattern: RegExp): string => pattern.exec(rest)?.[0] ?? '';
  const step = (token: string, length: number): ScannedToken => ({ token, length });
  if (space.test(rest)) return step('', matchOf(space).length);
  if (comment.test(rest))
    return step(commentToken(rest.replace(/^(?:--|#|\/\*)/, '')), rest.length);
  if (/^['"`]/.test(rest)) return stringAt(text, at, backslash);
  if (/^[nxbe]'/i.test(rest))
    return { token: "'s'", length: stringAt(text, at + 1, backslash).length + 1 };
  if (glued.test(rest)) return step('1', matchOf(glued).length);
  const digits = matchOf(number);
  if (digits !== '' && !/^\w/.test(rest.slice(digits.length))) return step('1', digits.length);
  if (digits !== '') return step('x', matchOf(/^[\w.]+/).length);
  if (variable.test(rest)) return step('@v', matchOf(variable).length);
  if (name.test(rest))
    return step(tokenOfName(matchOf(name), rest.slice(matchOf(name).length)), matchOf(name).length);
  if (operator.test(rest)) return step(matchOf(operator), matchOf(operator).length);
  return step(rest[0] ?? '', 1);
};

/** Bounds the cost for one text. The first 400 tokens decide what it is. */
const maxTokens = 400;

/**
 * A text as a line of tokens: literals as `1` and `'s'`, names as `x`, variables as `@v`, known
 * functions as `fn` and `evil`, comments as `--`. `undefined` if the text does not leave the quotes
 * in which it begins.
 */
export const tokenLine = (given: string, context: Context): string | undefined => {
  const text = given.normalize('NFKC');
  const tokens: string[] = [];
  let at = 0;
  if (context.quote !== '') {
    at = endOfQuoted(text, context.quote, context.backslash, 0);
    if (at < 0) return undefined;
    tokens.push("'s'");
  }
  while (at < text.length && tokens.length < maxTokens) {
    const { token, length } = next(text, at, context);
    if (token !== '') tokens.push(token);
    at += Math.max(length, 1);
  }
  return ` ${tokens.join(' ')} `;
};
