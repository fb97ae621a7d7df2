import { type CustomerItem, customerKeys } from '../shared/customer-item.ts';
import { foldText } from '../shared/text.ts';
import { type Dice, dice } from './dice.ts';
import { companies, countries, type SeedCountry, titles } from './people.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The 18-character form of a Salesforce id: its last three letters encode which of the first 15 are
 * capitals.
 */
const salesforceId = (fifteen: string): string => {
  const letters = [0, 5, 10].map((start) => {
    const bits = fifteen
      .slice(start, start + 5)
      .split('')
      .reduce((sum, letter, bit) => sum + (/[A-Z]/.test(letter) ? 1 << bit : 0), 0);
    return alphabet.charAt(bits);
  });
  return fifteen + letters.join('');
};

const wordOf = (text: string): string =>
  foldText(text)
    .replace('ß', 'ss')
    .replaceAll('ı', 'i')
    .replace(/[^a-z]/g, '');

const phoneOf = ({ phone }: SeedCountry, roll: Dice): string =>
  phone.replaceAll('#', () => String(roll.integerBelow(10)));

interface CustomerPosition {
  readonly now: number;
  readonly index: number;
}

const customerAt = ({ now, index }: CustomerPosition, roll: Dice): CustomerItem => {
  const country = roll.pick(countries);
  const [firstName, lastName] = [roll.pick(country.firstNames), roll.pick(country.lastNames)];
  const company = `${roll.pick(companies.prefixes)} ${roll.pick(companies.branches)}`;
  const [city, postalCode] = roll.pick(country.cities);
  const name = `${firstName} ${lastName}`;
  const timeBefore = (daysAgo: number) =>
    new Date(now - Math.floor(daysAgo * 86_400_000)).toISOString();
  // Real records lack some fields.
  const sometimesNull = <Value>(field: Value): Value | null =>
    roll.integerBelow(12) === 0 ? null : field;
  return {
    id: salesforceId(`0035g00000${String(index).padStart(3, '0')}${roll.text(2, 'abcxyzABCXYZ')}`),
    ...customerKeys(name),
    name,
    company: sometimesNull(company),
    title: sometimesNull(roll.pick(titles)),
    email: sometimesNull(
      `${wordOf(firstName)}.${wordOf(lastName)}${index}@${wordOf(company)}.example`,
    ),
    phone: sometimesNull(phoneOf(country, roll)),
    street: sometimesNull(country.address(roll.pick(country.streets), 1 + roll.integerBelow(180))),
    postalCode,
    city,
    country: country.country,
    modifiedAt: timeBefore(1 + roll.integerBelow(700) + index / 1_000),
    version: 1,
    // Every 25th customer was changed here and waits for a push.
    ...(index % 25 === 7 && { pending: 'yes' as const, changedAt: timeBefore(index / 1_000) }),
  };
};

/** 520 customers as stored items, the same every time; some wait for a push. */
export const seedCustomers = ({ now }: { readonly now: number }): readonly CustomerItem[] => {
  const roll = dice(4_711);
  return Array.from({ length: 520 }, (_, index) => customerAt({ now, index }, roll));
};
