import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { customerId } from '../../schemas/customer.ts';
import type { CustomerItem } from '../../shared/customer-item.ts';

/**
 * Salesforce writes 2026-11-20T10:00:00.000+0000; we keep 2026-11-20T10:00:00.000Z, which also
 * sorts as text.
 */
const stamp = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(\+0000|Z)$/)
  .transform((text) => `${text.slice(0, 23)}Z`)
  .pipe(z.iso.datetime());

/**
 * Empty and missing are the same thing to Salesforce. A text that was cut within a character cannot
 * be stored as it is.
 */
const text = z
  .string()
  .max(10_000)
  .nullish()
  .transform((value) => value?.toWellFormed() || null);

const contact = z.object({
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
  LastModifiedDate: stamp,
  SystemModstamp: stamp,
  IsDeleted: z.boolean(),
});

/** What is asked for; whoever runs the integration must be able to read each of these. */
export const contactFields =
  'Id, Name, Account.Name, Title, Email, Phone, MailingStreet, MailingPostalCode, MailingCity, MailingCountry, LastModifiedDate, SystemModstamp, IsDeleted';

/** The fields of a customer that come from Salesforce and may differ from ours. */
export type Details = Pick<CustomerItem, (typeof detailNames)[number]>;

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

/** A contact as Salesforce has it now, whether a query or one day an event brought it. */
export interface Contact {
  readonly id: string;
  /** When anything about it changed; what the copy goes by. */
  readonly modifiedAt: string;
  /**
   * When somebody last changed it: a job of Salesforce that touches every contact must not overrule
   * what waits here.
   */
  readonly editedAt: string;
  /** `null`: deleted. */
  readonly details: Details | null;
}

/** `undefined`: not a contact as we know them. */
export const contactOf = (record: unknown): Contact | undefined => {
  const { success, data } = contact.safeParse(record);
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
 * What a push may change, as Salesforce calls it. Name and company are put together from other
 * records there.
 */
export const changesOf = ({
  title,
  email,
  phone,
  street,
  postalCode,
  city,
  country,
}: Omit<Details, 'name' | 'company'>) => ({
  Title: title,
  Email: email,
  Phone: phone,
  MailingStreet: street,
  MailingPostalCode: postalCode,
  MailingCity: city,
  MailingCountry: country,
});

/** Whether a push would change anything. */
export const sameChanges = (one: Details, other: Details): boolean =>
  isDeepStrictEqual(changesOf(one), changesOf(other));
