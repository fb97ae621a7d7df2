/** `30.11.2026`, `1/2/26`, `08.00-17.00`: digits with separators that are no number of a phone. */
const datesAndHours = [
  /(?<!\d[./-]?)\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?![./-]?\d)/g,
  /(?<!\d[./-]?)\d{1,2}[.:]\d{2}\s?[-–]\s?\d{1,2}[.:]\d{2}(?![./-]?\d)/g,
];

/** Where a number begins and ends: not inside a word, a price, a version or another number. */
const start = '(?<![\\p{L}\\p{N}])(?<!\\d[\\s.,/-])(?<!\\p{L}-)';
const end = '(?![\\p{L}\\p{N}])(?!,\\d)(?!\\s?(?:[€$£¥%]|EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|JPY)\\b)';
const gap = '[\\s./()-]{1,3}';

const shapes = [
  // +44 20 7946 0999
  `${start}\\+\\d(?:(?:${gap})?\\d){6,14}${end}`,
  // 030 1234567, (030) 123 45 67, 0049 30 1234567
  `${start}\\(?0(?:[1-9]|0[1-9])\\d{0,4}\\)?(?:${gap}\\d{2,})+${end}`,
  // 555-123-4567, (555) 123 4567, 1-800-555-0199; but not version 555.123.4567
  `${start}(?<![Vv]ersion\\s)(?:1[\\s.-])?(?:\\(\\d{3}\\)\\s?|\\d{3}[\\s.-])` +
    `\\d{3}[\\s.-]\\d{4}${end}`,
].map((shape) => new RegExp(shape, 'gu'));

const words = 'tel|telephone|phone|call|dial|ring|fax|mobile|whatsapp|sms|hotline';
const otherWords = 'telefon|telefonnummer|ruf|rufen sie|handy|mobil|tél|téléphone|appelez|llame';
const fillers = 'me|us|him|her|them|at|on|under|number|no|nr|is|unter|an|au|al';

/** `call 7946 0999`: any digits after a word that announces a phone. */
const announced = new RegExp(
  `(?<!\\p{L})(?:${words}|${otherWords})(?:[.:]?\\s+(?:${fillers})(?!\\p{L})){0,3}[.:]?\\s*` +
    `(\\d(?:[\\s./()-]{0,3}\\d){5,14})${end}`,
  'giu',
);

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** The phone numbers in a text, as their digits. */
export const phoneNumbersIn = (text: string): readonly string[] => {
  const visible = text.normalize('NFKC').replace(/\p{Cf}/gu, '');
  const plain = datesAndHours.reduce((rest, pattern) => rest.replace(pattern, ' x '), visible);
  return [
    ...shapes.flatMap((shape) => plain.match(shape) ?? []),
    ...[...plain.matchAll(announced)].map(([, number = '']) => number),
  ]
    .map(digitsOf)
    .filter((digits) => digits.length >= 6 && digits.length <= 15);
};

/** The digits that are dialled from everywhere: without the codes of a country and of an area. */
const subscriber = (digits: string): string => digits.slice(-7);

/** Whether two numbers reach the same phone, whatever codes they are written with. */
export const isSamePhone = (left: string, right: string): boolean =>
  subscriber(digitsOf(left)) === subscriber(digitsOf(right));
