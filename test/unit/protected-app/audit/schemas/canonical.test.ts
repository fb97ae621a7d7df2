import { expect, it } from 'vitest';
import { canonicalJson } from '../../../../../protected-app/audit/schemas/canonical.ts';
import { canonical } from '../../../../../responders/evidence/verify.mjs';
import fc from '../../../../support/property.ts';

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 4 }),
  ),
}));

it('writes what the verifier writes, which imports nothing from here', () => {
  fc.assert(
    fc.property(value, (given) => {
      expect(canonicalJson(given)).toBe(canonical(given));
    }),
  );
});

it('leaves out what is not there, and refuses fractions', () => {
  expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  expect(() => canonicalJson({ a: 0.5 })).toThrow('no canonical form');
});
