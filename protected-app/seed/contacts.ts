import { pushedFieldsOf } from '../worker/salesforce/contact.ts';
import { seedCustomers } from './customers.ts';

/** The sample customers as contacts of Salesforce, under the names of its API. */
export const seedContacts = ({ now }: { readonly now: number }) =>
  seedCustomers({ now }).map((customer) => ({
    Id: customer.id,
    Name: customer.name,
    'Account.Name': customer.company,
    ...pushedFieldsOf(customer),
    LastModifiedDate: customer.modifiedAt,
    SystemModstamp: customer.modifiedAt,
    IsDeleted: false,
  }));
