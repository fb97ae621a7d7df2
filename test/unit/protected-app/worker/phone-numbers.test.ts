import { expect, it } from 'vitest';
import { isSamePhone, phoneNumbersIn } from '../../../../protected-app/worker/phone-numbers.ts';

it.each([
  ['Call +44 20 7946 0999 now', '442079460999'],
  ['+1 (202) 555-0147', '12025550147'],
  ['+49.30.1234567', '49301234567'],
  ['ring 0049 30 1234567', '0049301234567'],
  ['030 1234567', '0301234567'],
  ['(030) 123 45 67', '0301234567'],
  ['030/1234567', '0301234567'],
  ['01 23 45 67 89', '0123456789'],
  ['01.23.45.67.89', '0123456789'],
  ['0800 123 4567', '08001234567'],
  ['555-123-4567', '5551234567'],
  ['(555) 123 4567', '5551234567'],
  ['1-800-555-0199', '18005550199'],
  ['Phone: 79460999', '79460999'],
  ['Please call us at 7946 0999.', '79460999'],
  ['Telefon 1234567', '1234567'],
  ['+44\u200b 20\u00a07946 0999', '442079460999'],
  ['＋４４ ２０ ７９４６ ０９９９', '442079460999'],
])('%j holds the phone number %s', (text, digits) => {
  expect(phoneNumbersIn(text)).toContain(digits);
});

it.each([
  'On 30.11.2026, 2026-11-30, 1/2/2026, 01.12.26 and 2026-11-30T10:15:00Z',
  'Between 01-02-2026 and 03-04-2026, from 08.00-17.00 or 08:30 – 12:00',
  'It costs 1,234,567.89 USD, 1.234.567,89 €, 1 234 567 kr, 12 000 000 000 JPY or $1200.',
  'A change of +1 200 000 EUR, +15 %, +3.5 points and -0.0123456.',
  'Orders 4500012345, PO-000123-45, #0012345, 2026-00017, A-0815 and 302-1234567-1234567',
  'Versions 1.2.3, v10.0.19045.3803, 2026.11.30-1 and build 20261130',
  'EAN 4006381333931, postal code 01067 Dresden, SW1Y 4JH, 12-14 Square',
  'He called 3 times in 2026; hotline since 2019-2024; call 24/7; mobile 5G.',
  'Revenue was 100, 200 and 3000 in 2024, 2025 and 2026.',
  'Seats 1-800 are sold, 555 of 1200 are left.',
  'a*** and ***99',
])('%j holds no phone number', (text) => {
  expect(phoneNumbersIn(text)).toEqual([]);
});

it.each([
  ['+44 20 7946 0999', '020 7946 0999', true],
  ['+49 (0)30 1234567', '0049301234567', true],
  ['+44 20 7946 0999', '+44 20 7946 0998', false],
  ['***99', '+44 20 7946 0999', false],
])('%s and %s are the same phone: %s', (left, right, same) => {
  expect(isSamePhone(left, right)).toBe(same);
});
