import type { Customer } from '../schemas/customer.ts';

const stars = '***';
const maskEmail = (address: string): string =>
  address.replace(/^([A-Za-z]?).*?(@[^@]*)?$/su, `$1${stars}$2`);
const maskPhone = (number: string): string =>
  `${stars}${number
    .replace(/\D/g, '')
    .replace(/^.{0,4}$/, '')
    .slice(-2)}`;
const maskPostalCode = (code: string): string =>
  `${code.length > 3 ? code.slice(0, 2) : ''}${stars}`;
const maskIfPresent = (text: string | null, hide: (text: string) => string): string | null =>
  text === null ? null : hide(text);

/**
 * A customer as a standard user sees it: name, company, title, city and country, but nothing to
 * contact or visit the person with. A search must look at these fields only, or it would reveal
 * what is masked.
 */
export const maskCustomer = (customer: Customer): Customer => ({
  ...customer,
  email: maskIfPresent(customer.email, maskEmail),
  phone: maskIfPresent(customer.phone, maskPhone),
  street: maskIfPresent(customer.street, () => stars),
  postalCode: maskIfPresent(customer.postalCode, maskPostalCode),
  masked: true,
});
