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

/** The fields of the query. The integration user must be able to read each of them. */
export const contactFields =
  'Id, Name, Account.Name, Title, Email, Phone, MailingStreet, MailingPostalCode, MailingCity, ' +
  'MailingCountry, LastModifiedDate, SystemModstamp, IsDeleted';

/** The fields of a customer that come from Salesforce and may differ from the copy. */
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
  /** When any field changed; the watermark goes by it. */
  readonly modifiedAt: string;
  /**
   * When a user last changed it. A job of Salesforce that touches every contact must not overrule a
   * pending change.
   */
  readonly editedAt: string;
  /** `null`: deleted. */
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
 * The fields that a push may change, by their names in Salesforce. Name and company are derived
 * from other records there.
 */
export const changesOf = ({
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

/** Whether a push from the one to the other would change nothing. */
export const haveSameChanges = (left: ContactDetails, right: ContactDetails): boolean =>
  isDeepStrictEqual(changesOf(left), changesOf(right));
