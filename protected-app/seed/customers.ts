import { type CustomerItem, customerKeys } from '../shared/customer-item.ts';
import { folded } from '../shared/text.ts';
import { type Dice, dice } from './dice.ts';
import { companies, type Place, places, titles } from './people.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The 18-character form of a Salesforce id: three letters that say which of the fifteen are
 * capitals.
 */
const salesforceId = (fifteen: string): string => {
  const letters = [0, 5, 10].map((from) => {
    const bits = fifteen
      .slice(from, from + 5)
      .split('')
      .reduce((sum, letter, place) => sum + (/[A-Z]/.test(letter) ? 1 << place : 0), 0);
    return alphabet.charAt(bits);
  });
  return fifteen + letters.join('');
};

const wordOf = (text: string): string =>
  folded(text)
    .replace('ß', 'ss')
    .replaceAll('ı', 'i')
    .replace(/[^a-z]/g, '');

const phoneOf = ({ phone }: Place, roll: Dice): string =>
  phone.replaceAll('#', () => String(roll.below(10)));

interface At {
  readonly now: number;
  readonly index: number;
}

const customerAt = ({ now, index }: At, roll: Dice): CustomerItem => {
  const place = roll.one(places);
  const [first, last] = [roll.one(place.firstNames), roll.one(place.lastNames)];
  const company = `${roll.one(companies.first)} ${roll.one(companies.second)}`;
  const [city, postalCode] = roll.one(place.cities);
  const name = `${first} ${last}`;
  const at = (daysAgo: number) => new Date(now - Math.floor(daysAgo * 86_400_000)).toISOString();
  // Some fields are empty in every real CRM.
  const mostly = <Value>(value: Value): Value | null => (roll.below(12) === 0 ? null : value);
  return {
    id: salesforceId(`0035g00000${String(index).padStart(3, '0')}${roll.text(2, 'abcxyzABCXYZ')}`),
    ...customerKeys(name),
    name,
    company: mostly(company),
    title: mostly(roll.one(titles)),
    email: mostly(`${wordOf(first)}.${wordOf(last)}${index}@${wordOf(company)}.example`),
    phone: mostly(phoneOf(place, roll)),
    street: mostly(place.address(roll.one(place.streets), 1 + roll.below(180))),
    postalCode,
    city,
    country: place.country,
    modifiedAt: at(1 + roll.below(700) + index / 1_000),
    version: 1,
    // Every twenty-fifth was changed here, and Salesforce does not know yet.
    ...(index % 25 === 7 && { pending: 'yes' as const, changedAt: at(index / 1_000) }),
  };
};

/**
 * 520 customers as items of the table, the same every time; some were changed here and wait for a
 * push.
 */
export const seedCustomers = ({ now }: { readonly now: number }): readonly CustomerItem[] => {
  const roll = dice(4_711);
  return Array.from({ length: 520 }, (_, index) => customerAt({ now, index }, roll));
};
