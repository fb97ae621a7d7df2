import type { StandInContact } from '../../../local/stand-ins/salesforce.ts';
import type { CustomerItem } from '../../../protected-app/shared/customer-item.ts';
import { customerKeys } from '../../../protected-app/shared/customer-item.ts';

export const idOf = (number: number): string => `003${String(number).padStart(12, '0')}AAA`;

export const longAgo = Date.parse('2026-11-01T00:00:00.000Z');

/**
 * Contacts of a company that imported its customers: seven with the same stamp, so that pages end
 * between them.
 */
export const contactsOf = (count: number): StandInContact[] =>
  Array.from({ length: count }, (_, number) => {
    const stamp = new Date(longAgo + Math.floor(number / 7) * 1_000).toISOString();
    return {
      Id: idOf(number),
      Name: `Ömer O’Hara ${number}`,
      'Account.Name': number % 5 === 0 ? null : `Company ${number % 40}`,
      Title: number % 3 === 0 ? null : 'Buyer',
      Email: `person.${number}@example.com`,
      Phone: `+49 30 ${number}`,
      MailingStreet: `Road ${number}`,
      MailingPostalCode: '10115',
      MailingCity: 'Berlin',
      MailingCountry: 'Germany',
      LastModifiedDate: stamp,
      SystemModstamp: stamp,
      IsDeleted: false,
    };
  });

/** How a contact has to lie in the table, written here once more. */
export const itemOf = (contact: StandInContact, version = 1): CustomerItem => ({
  id: contact.Id,
  name: contact.Name,
  company: contact['Account.Name'],
  title: contact.Title,
  email: contact.Email,
  phone: contact.Phone,
  street: contact.MailingStreet,
  postalCode: contact.MailingPostalCode,
  city: contact.MailingCity,
  country: contact.MailingCountry,
  modifiedAt: contact.SystemModstamp,
  ...customerKeys(contact.Name),
  version,
});
