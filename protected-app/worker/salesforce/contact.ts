import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { customerId } from '../../schemas/customer.ts';
import type { CustomerItem } from '../../shared/customer-item.ts';

/**
 * Salesforce writes 2026-11-20T10:00:00.000+0000. It is stored as 2026-11-20T10:00:00.000Z, which
 * also sorts as text.
 */
const timestamp = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(\+0000|Z)$/)
  .transform((text) => `${text.slice(0, 23)}Z`)
  .pipe(z.iso.datetime());

/** Salesforce does not distinguish empty from missing. An unpaired surrogate cannot be stored. */
const text = z
  .string()
  .max(10_000)
  .nullish()
  .transform((text) => text?.toWellFormed() || null);

const contactRecord = z.object({
  Id: customerId,
  Name: z
    .string()
    .min(1)
    .max(1_000)
    .transform((name) => name.toWellFormed()),
  Account: z.object({ Name: text }).nullish(),
  Title: text,
  Email: text,
  Phone: text,
  MailingStreet: text,
  MailingPostalCode: text,
  MailingCity: text,
  MailingCountry: text,
  LastModifiedDate: timestamp,
  SystemModstamp: timestamp,
  IsDeleted: z.boolean(),
});

/**
 * The fields that each SOQL query of contacts asks for. The integration user must be able to read
 * each of them.
 */
export const contactFields =
  'Id, Name, Account.Name, Title, Email, Phone, MailingStreet, MailingPostalCode, MailingCity, ' +
  'MailingCountry, LastModifiedDate, SystemModstamp, IsDeleted';

/** The fields of a customer that are copied from a Salesforce contact, without id and times. */
export type ContactDetails = Pick<CustomerItem, (typeof detailNames)[number]>;

export const detailNames = [
  'name',
  'company',
  'title',
  'email',
  'phone',
  'street',
  'postalCode',
  'city',
  'country',
] as const;

/** A contact as Salesforce has it now. */
export interface SalesforceContact {
  readonly id: string;
  /**
   * When a user or a job of Salesforce last changed the contact. The poll asks for contacts with a
   * later time than its watermark.
   */
  readonly modifiedAt: string;
  /**
   * When a user last changed it. A change of ours that waits for its push gives way to a later edit
   * of a user, but not to a job of Salesforce that touches every contact.
   */
  readonly editedAt: string;
  /** `null`: Salesforce has deleted the contact. */
  readonly details: ContactDetails | null;
}

/** Parses a record; `undefined` if it is not a valid contact. */
export const contactOf = (record: unknown): SalesforceContact | undefined => {
  const { success, data } = contactRecord.safeParse(record);
  if (!success) return undefined;
  const details = {
    name: data.Name,
    company: data.Account?.Name ?? null,
    title: data.Title,
    email: data.Email,
    phone: data.Phone,
    street: data.MailingStreet,
    postalCode: data.MailingPostalCode,
    city: data.MailingCity,
    country: data.MailingCountry,
  };
  const [modifiedAt, editedAt] = [data.SystemModstamp, data.LastModifiedDate];
  return { id: data.Id, modifiedAt, editedAt, details: data.IsDeleted ? null : details };
};

/**
 * The fields that a push writes, by their names in Salesforce. Name and company are left out:
 * Salesforce derives them from other records.
 */
export const pushedFieldsOf = ({
  title,
  email,
  phone,
  street,
  postalCode,
  city,
  country,
}: Omit<ContactDetails, 'name' | 'company'>) => ({
  Title: title,
  Email: email,
  Phone: phone,
  MailingStreet: street,
  MailingPostalCode: postalCode,
  MailingCity: city,
  MailingCountry: country,
});

/** Whether a push of one to the other would change nothing in Salesforce. */
export const haveSamePushedFields = (left: ContactDetails, right: ContactDetails): boolean =>
  isDeepStrictEqual(pushedFieldsOf(left), pushedFieldsOf(right));
