import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decryptNumerals, encryptNumerals } from '../../../../../protected-app/audit/ingest/ff1.ts';
import fc from '../../../../support/property.ts';

const key = '2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94';
const tens = '0123456789';
const letters = '0123456789abcdefghi';
const noTweak = '';
const tweak10 = '39383736353433323130';
const tweak36 = '3737373770717273373737';

/** The samples that NIST publishes with SP 800-38G: AES of 128, 192 and 256 bits. */
const samples: readonly (readonly [bytes: number, radix: number, tweak: string, string, string])[] =
  [
    [16, 10, noTweak, tens, '2433477484'],
    [16, 10, tweak10, tens, '6124200773'],
    [16, 36, tweak36, letters, 'a9tv40mll9kdu509eum'],
    [24, 10, noTweak, tens, '2830668132'],
    [24, 10, tweak10, tens, '2496655549'],
    [24, 36, tweak36, letters, 'xbj3kv35jrawxv32ysr'],
    [32, 10, noTweak, tens, '6657667009'],
    [32, 10, tweak10, tens, '1001623463'],
    [32, 36, tweak36, letters, 'xs8a0azh2avyalyzuwd'],
  ];

const numerals = (text: string): number[] =>
  text.split('').map((char) => Number.parseInt(char, 36));

describe('FF1 gives what NIST publishes', () => {
  it.each(samples)(
    'with %i bytes of key, radix %i, tweak "%s"',
    (bytes, radix, tweak, from, to) => {
      const cipher = {
        key: Buffer.from(key, 'hex').subarray(0, bytes),
        radix,
        tweak: Buffer.from(tweak, 'hex'),
      };

      expect(encryptNumerals(cipher, numerals(from))).toEqual(numerals(to));
      expect(decryptNumerals(cipher, numerals(to))).toEqual(numerals(from));
    },
  );
});

it('turns every text back, whatever its radix and length', () => {
  const cases = fc.integer({ min: 2, max: 65_535 }).chain((radix) =>
    fc.record({
      radix: fc.constant(radix),
      numerals: fc.array(fc.integer({ min: 0, max: radix - 1 }), {
        minLength: Math.max(2, Math.ceil(Math.log(1_000_000) / Math.log(radix))),
        maxLength: 60,
      }),
      tweak: fc.uint8Array({ maxLength: 40 }),
    }),
  );
  fc.assert(
    fc.property(cases, ({ radix, numerals: plain, tweak }) => {
      const cipher = { key: randomBytes(32), radix, tweak };
      const hidden = encryptNumerals(cipher, plain);
      expect(hidden).toHaveLength(plain.length);
      expect(hidden.every((numeral) => numeral >= 0 && numeral < radix)).toBe(true);
      expect(decryptNumerals(cipher, hidden)).toEqual(plain);
    }),
  );
});

it('refuses a domain that could be tried through', () => {
  const cipher = { key: randomBytes(32), radix: 10, tweak: Buffer.alloc(0) };

  expect(() => encryptNumerals(cipher, [1, 2, 3, 4, 5])).toThrow('too few');
  expect(() => encryptNumerals({ ...cipher, radix: 65_535 }, [1])).toThrow('too few');
});
