import type { Customer } from '../schemas/customer.ts';

const stars = '***';
const mail = (address: string): string =>
  address.replace(/^([A-Za-z]?).*?(@[^@]*)?$/su, `$1${stars}$2`);
const phone = (number: string): string =>
  `${stars}${number
    .replace(/\D/g, '')
    .replace(/^.{0,4}$/, '')
    .slice(-2)}`;
const postal = (code: string): string => `${code.length > 3 ? code.slice(0, 2) : ''}${stars}`;
const over = (text: string | null, hide: (text: string) => string): string | null =>
  text === null ? null : hide(text);

/**
 * A customer as a standard user sees it: enough to recognise and to talk about, not enough to
 * contact or to visit. Name, company, title, city and country stay; a search may look at nothing
 * else, or it would guess what is hidden.
 */
export const masked = (customer: Customer): Customer => ({
  ...customer,
  email: over(customer.email, mail),
  phone: over(customer.phone, phone),
  street: over(customer.street, () => stars),
  postalCode: over(customer.postalCode, postal),
  masked: true,
});
