import { expect, it } from 'vitest';
import { totpCode } from '../../../../local/app/totp.ts';

/** The key of the examples of RFC 6238, `12345678901234567890`, in base 32. */
const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at second %i the code is the last six digits of the example of RFC 6238', (second, code) => {
  expect(totpCode(key, second * 1_000)).toBe(code);
});

it('the code stays for 30 seconds, and padding or small letters make no other one', () => {
  expect(totpCode(key, 59_999)).toBe(totpCode(key, 30_000));
  expect(totpCode(key, 60_000)).not.toBe(totpCode(key, 59_999));
  expect(totpCode(`${key.toLowerCase()}====`, 59_000)).toBe('287082');
});
