import { expect, it } from 'vitest';
import { maskCustomer } from '../../../../protected-app/shared/masked.ts';
import { foldText, sortKey } from '../../../../protected-app/shared/text.ts';
import fc from '../../../support/property.ts';

it('texts are compared without case, accents and width', () => {
  expect(foldText('ÅÉñ Ｗｉｄｅ')).toBe('aen wide');
  expect(foldText('ﬁt')).toBe('fit');
});

it('a sort key is never empty, never too long for DynamoDB, and never half a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const key = sortKey(text);
      expect(Buffer.byteLength(key)).toBeGreaterThan(0);
      expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1_024);
      expect(key.isWellFormed()).toBe(true);
    }),
  );
  expect(sortKey('\u0301')).toBe('-');
});

const customer = {
  id: '0035g00000007acAAA',
  name: 'Carlos Nguyen',
  company: 'Sable Medical',
  title: null,
  email: 'carlos.nguyen@sable.example',
  phone: '+1 202 555 0148',
  street: '12 Oak Street',
  postalCode: '85701',
  city: 'Tucson',
  country: 'United States',
  modifiedAt: '2026-10-02T08:15:00.000Z',
  masked: false,
};

it('a mask leaves enough to recognise, and too little to contact', () => {
  expect(maskCustomer(customer)).toEqual({
    ...customer,
    email: 'c***@sable.example',
    phone: '***48',
    street: '***',
    postalCode: '85***',
    masked: true,
  });
  const empty = { ...customer, email: null, phone: null, street: null, postalCode: null };
  expect(maskCustomer(empty)).toEqual({ ...empty, masked: true });
});

it.each([
  ['x@y.example', 'x***@y.example'],
  ['"a@b"@c.example', '***@c.example'],
  ['no address', 'n***'],
  ['line\nbreak@c.example', 'l***@c.example'],
  ['@', '***@'],
])('the address %j is shown as %s', (email, shown) => {
  expect(maskCustomer({ ...customer, email }).email).toBe(shown);
});

it('of a short number or code nothing is left', () => {
  expect(maskCustomer({ ...customer, phone: '1234', postalCode: 'AB1' })).toMatchObject({
    phone: '***',
    postalCode: '***',
  });
});
