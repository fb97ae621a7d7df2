import { expect, it } from 'vitest';
import {
  contactOf,
  haveSamePushedFields,
  pushedFieldsOf,
} from '../../../../../protected-app/worker/salesforce/contact.ts';

const record = {
  attributes: { type: 'Contact', url: '/x' },
  Id: '003000000000001AAA',
  Name: 'Ada Lovelace',
  Account: { attributes: { type: 'Account' }, Name: 'Analytical Engines' },
  Title: '',
  Email: 'ada@example.com',
  Phone: null,
  MailingStreet: 'Road 1\nBack door',
  MailingPostalCode: '10115',
  MailingCity: 'Berlin',
  LastModifiedDate: '2026-11-20T09:00:00.000+0000',
  SystemModstamp: '2026-11-20T10:00:00.000+0000',
  IsDeleted: false,
};

it('reads a contact as Salesforce writes it: empty and missing is null, times sort as text', () => {
  expect(contactOf(record)).toEqual({
    id: record.Id,
    modifiedAt: '2026-11-20T10:00:00.000Z',
    editedAt: '2026-11-20T09:00:00.000Z',
    details: {
      ...{
        name: 'Ada Lovelace',
        company: 'Analytical Engines',
        title: null,
        email: 'ada@example.com',
        phone: null,
      },
      ...{ street: 'Road 1\nBack door', postalCode: '10115', city: 'Berlin', country: null },
    },
  });
  expect(contactOf({ ...record, IsDeleted: true, Account: null })?.details).toBeNull();
});

it('takes a text that was cut within a character, so that it holds nobody up', () => {
  expect(contactOf({ ...record, Name: 'Ada \ud83d', Title: 'Cut \ud83d' })?.details).toMatchObject({
    name: 'Ada \ufffd',
    title: 'Cut \ufffd',
  });
});

it.each([
  null,
  [],
  'a text',
  { ...record, Id: '001000000000001AAA' },
  { ...record, Id: undefined },
  { ...record, Name: '' },
  { ...record, Email: 7 },
  { ...record, IsDeleted: 'false' },
  { ...record, SystemModstamp: '2026-11-20' },
  { ...record, SystemModstamp: '2026-13-40T10:00:00.000+0000' },
  { ...record, SystemModstamp: '2026-11-20T10:00:00.000+0200' },
])('is not taken in by what is no contact: %j', (other) => {
  expect(contactOf(other)).toBeUndefined();
});

it('pushes no name and no company, and knows when there is nothing to push', () => {
  const details = contactOf(record)?.details;
  if (!details) throw new Error('the record is a contact');
  expect(Object.keys(pushedFieldsOf(details))).toEqual([
    'Title',
    'Email',
    'Phone',
    'MailingStreet',
    'MailingPostalCode',
    'MailingCity',
    'MailingCountry',
  ]);
  expect(haveSamePushedFields(details, { ...details, name: 'Somebody', company: null })).toBe(true);
  expect(haveSamePushedFields(details, { ...details, country: '' })).toBe(false);
});
