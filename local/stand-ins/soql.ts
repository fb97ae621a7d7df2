/** A query that Salesforce would refuse, with the code that it would give. */
export class SoqlError extends Error {
  override readonly name = 'SoqlError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type Value = string | boolean | null;
export type Fields = Readonly<Record<string, Value>>;
/** Field → its type, which decides how a value is written. */
export type FieldTypes = Readonly<Record<string, 'id' | 'text' | 'dateTime' | 'boolean'>>;

export interface Soql {
  readonly fields: readonly string[];
  readonly matches: (record: Fields) => boolean;
  readonly compare: (one: Fields, other: Fields) => number;
  readonly limit: number;
}

type Test = (record: Fields) => boolean;

const token =
  /\s*(?:(?<text>'(?:[^'\\]|\\.)*')|(?<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d))|(?<word>[A-Za-z_][\w.]*)|(?<number>\d+)|(?<sign><=|>=|!=|[<>=(),]))/y;

const tokensOf = (soql: string): string[] => {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < soql.trimEnd().length) {
    const at = token.lastIndex;
    const [part] = token.exec(soql) ?? [];
    if (part === undefined)
      throw new SoqlError(
        'MALFORMED_QUERY',
        `unexpected text at ${at}: ${soql.slice(at, at + 20)}`,
      );
    found.push(part.trim());
  }
  return found;
};

const comparisons: Readonly<Record<string, (one: Value, other: Value) => boolean>> = {
  '=': (one, other) => one === other,
  '!=': (one, other) => one !== other,
  '<': (one, other) => one !== null && other !== null && one < other,
  '<=': (one, other) => one !== null && other !== null && one <= other,
  '>': (one, other) => one !== null && other !== null && one > other,
  '>=': (one, other) => one !== null && other !== null && one >= other,
};

interface Reader {
  readonly is: (...words: readonly string[]) => boolean;
  readonly next: () => string;
  readonly taken: (word: string) => boolean;
  readonly expect: (word: string) => void;
  readonly list: <Item>(one: () => Item) => Item[];
  readonly end: () => void;
}

const malformed = (found: string | undefined, wanted = ''): SoqlError =>
  new SoqlError(
    'MALFORMED_QUERY',
    'unexpected ' +
      `${found === undefined ? 'end of the query' : `token: ${found}`}${wanted && `, wanted ${wanted}`}`,
  );

const reader = (tokens: string[]): Reader => {
  const is: Reader['is'] = (...words) => words.includes((tokens[0] ?? '').toUpperCase());
  const next = (): string => {
    const found = tokens.shift();
    if (found === undefined) throw malformed(found);
    return found;
  };
  const taken: Reader['taken'] = (word) => is(word) && next() !== '';
  return {
    is,
    next,
    taken,
    expect: (word) => {
      if (!taken(word)) throw malformed(tokens[0], word);
    },
    list: (one) => {
      const found = [one()];
      while (taken(',')) found.push(one());
      return found;
    },
    end: () => {
      if (tokens.length > 0) throw malformed(tokens[0]);
    },
  };
};

/**
 * Reads the part of SOQL that we use, and nothing else: what Salesforce would refuse is refused
 * with its code.
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
  const value = (): Value => typed(name, types[name] ?? 'text', read.next());
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
  (one, other) => {
    for (const { name, sign } of orders) {
      const [left, right] = [String(one[name] ?? ''), String(other[name] ?? '')];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  };

/** A time stands bare, a text in quotes: Salesforce takes neither for the other. */
const typed = (name: string, type: FieldTypes[string], text: string): Value => {
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
