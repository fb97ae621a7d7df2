/** A query that Salesforce refuses, with its error code. */
export class SoqlError extends Error {
  override readonly name = 'SoqlError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type SoqlValue = string | boolean | null;
export type Fields = Readonly<Record<string, SoqlValue>>;
/** The type of each field; it decides how a literal of the field is written. */
export type FieldTypes = Readonly<Record<string, 'id' | 'text' | 'dateTime' | 'boolean'>>;

export interface Soql {
  readonly fields: readonly string[];
  readonly matches: (record: Fields) => boolean;
  readonly compare: (left: Fields, right: Fields) => number;
  readonly limit: number;
}

type Test = (record: Fields) => boolean;

const kinds = [
  String.raw`(?<text>'(?:[^'\\]|\\.)*')`,
  String.raw`(?<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d))`,
  String.raw`(?<word>[A-Za-z_][\w.]*)`,
  String.raw`(?<number>\d+)`,
  '(?<sign><=|>=|!=|[<>=(),])',
];
const token = new RegExp(String.raw`\s*(?:${kinds.join('|')})`, 'y');

const tokensOf = (soql: string): string[] => {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < soql.trimEnd().length) {
    const at = token.lastIndex;
    const [part] = token.exec(soql) ?? [];
    if (part === undefined)
      throw new SoqlError(
        'MALFORMED_QUERY',
        `unexpected text at ${at}: ${soql.slice(at, at + 20)}`,
      );
    tokens.push(part.trim());
  }
  return tokens;
};

const comparisons: Readonly<Record<string, (left: SoqlValue, right: SoqlValue) => boolean>> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left !== null && right !== null && left < right,
  '<=': (left, right) => left !== null && right !== null && left <= right,
  '>': (left, right) => left !== null && right !== null && left > right,
  '>=': (left, right) => left !== null && right !== null && left >= right,
};

interface Reader {
  readonly is: (...words: readonly string[]) => boolean;
  readonly next: () => string;
  readonly taken: (word: string) => boolean;
  readonly expect: (word: string) => void;
  readonly list: <Item>(readItem: () => Item) => Item[];
  readonly end: () => void;
}

const malformed = (token: string | undefined, wanted = ''): SoqlError => {
  const unexpected = token === undefined ? 'end of the query' : `token: ${token}`;
  const hint = wanted && `, wanted ${wanted}`;
  return new SoqlError('MALFORMED_QUERY', `unexpected ${unexpected}${hint}`);
};

const reader = (tokens: string[]): Reader => {
  const is: Reader['is'] = (...words) => words.includes((tokens[0] ?? '').toUpperCase());
  const next = (): string => {
    const token = tokens.shift();
    if (token === undefined) throw malformed(token);
    return token;
  };
  const taken: Reader['taken'] = (word) => is(word) && next() !== '';
  return {
    is,
    next,
    taken,
    expect: (word) => {
      if (!taken(word)) throw malformed(tokens[0], word);
    },
    list: (readItem) => {
      const items = [readItem()];
      while (taken(',')) items.push(readItem());
      return items;
    },
    end: () => {
      if (tokens.length > 0) throw malformed(tokens[0]);
    },
  };
};

/**
 * Parses the part of SOQL that the application uses. Other queries fail with Salesforce's codes.
 */
export const parseSoql = (soql: string, object: string, types: FieldTypes): Soql => {
  const read = reader(tokensOf(soql));
  const field = (): string => {
    const name = read.next();
    if (!(name in types))
      throw new SoqlError('INVALID_FIELD', `No such column '${name}' on entity '${object}'`);
    return name;
  };
  read.expect('SELECT');
  const fields = read.list(field);
  if (new Set(fields).size < fields.length)
    throw new SoqlError('INVALID_FIELD', 'duplicate field selected');
  read.expect('FROM');
  read.expect(object.toUpperCase());
  const matches = read.taken('WHERE') ? condition(read, field, types) : () => true;
  const orders = read.taken('ORDER') ? ordering(read, field) : [];
  const limit = read.taken('LIMIT') ? Number(read.next()) : Number.POSITIVE_INFINITY;
  if (Number.isNaN(limit)) throw malformed('LIMIT');
  read.end();
  return { fields, matches, limit, compare: comparing(orders) };
};

const condition = (read: Reader, field: () => string, types: FieldTypes): Test => {
  const term = (): Test => {
    if (!read.taken('(')) return comparison(read, field, types);
    const inner = condition(read, field, types);
    read.expect(')');
    return inner;
  };
  const tests = [term()];
  const joint = read.is('OR') ? 'OR' : 'AND';
  while (read.taken(joint)) tests.push(term());
  if (read.is('AND', 'OR'))
    throw new SoqlError('MALFORMED_QUERY', 'AND and OR are mixed without parentheses');
  return (record) =>
    joint === 'OR' ? tests.some((test) => test(record)) : tests.every((test) => test(record));
};

const comparison = (read: Reader, field: () => string, types: FieldTypes): Test => {
  const name = field();
  const value = (): SoqlValue => typed(name, types[name] ?? 'text', read.next());
  if (read.taken('IN')) {
    read.expect('(');
    const wanted = new Set(read.list(value));
    read.expect(')');
    return (record) => wanted.has(record[name] ?? null);
  }
  const sign = read.next();
  const holds = comparisons[sign];
  if (holds === undefined) throw malformed(sign);
  const wanted = value();
  return (record) => holds(record[name] ?? null, wanted);
};

interface Order {
  readonly name: string;
  readonly sign: 1 | -1;
}

const ordering = (read: Reader, field: () => string): Order[] => {
  read.expect('BY');
  return read.list(() => {
    const name = field();
    if (read.taken('DESC')) return { name, sign: -1 };
    read.taken('ASC');
    return { name, sign: 1 };
  });
};

const comparing =
  (orders: readonly Order[]): Soql['compare'] =>
  (left, right) => {
    for (const { name, sign } of orders) {
      const [leftText, rightText] = [String(left[name] ?? ''), String(right[name] ?? '')];
      if (leftText !== rightText) return leftText < rightText ? -sign : sign;
    }
    return 0;
  };

/** Reads a literal. Salesforce writes a text in quotes and a time without, and converts neither. */
const typed = (name: string, type: FieldTypes[string], text: string): SoqlValue => {
  const quoted = /^'(.*)'$/s.exec(text)?.[1]?.replace(/\\(.)/g, '$1');
  const wrong = () =>
    new SoqlError(
      'INVALID_FIELD',
      `value of filter criterion for field '${name}' must be of type ${type}: ${text}`,
    );
  if (type === 'dateTime') {
    const time = quoted === undefined ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(time)) throw wrong();
    return new Date(time).toISOString();
  }
  if (type === 'boolean') {
    if (!/^(true|false)$/i.test(text)) throw wrong();
    return text.toLowerCase() === 'true';
  }
  if (quoted === undefined) throw wrong();
  if (type === 'id' && !/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(quoted))
    throw new SoqlError('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${quoted}`);
  return quoted;
};
