import { createHmac } from 'node:crypto';
import { anyOf } from './patterns.ts';

/**
 * Replaces each secret in a text by a mark. Equal secrets have equal marks, so that a reader can
 * match two occurrences.
 */
export type Mask = (text: string) => string;

interface SecretKind {
  readonly name: string;
  /**
   * The last group is the secret. The group before it, where there is one, is kept: it says what
   * the secret belongs to.
   */
  readonly pattern: RegExp;
  /** A condition on the secret that a pattern cannot express. */
  readonly isSecret?: (secret: string) => boolean;
}

const digitsOf = (text: string): number[] => Array.from(text.replaceAll(/\D/g, ''), Number);

/** Checks the check digit of payment cards; otherwise every long number would be masked. */
export const isCard = (text: string): boolean => {
  const digits = digitsOf(text);
  if (digits.length < 13 || digits.length > 19 || new Set(digits).size === 1) return false;
  const sum = digits.reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
};

/**
 * Tells a secret access key from a hash: both have 40 characters, and a hash in hexadecimal has to
 * stay readable.
 */
const isAccessKey = (text: string): boolean =>
  /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text) && !/^[0-9a-f]+$/i.test(text);

/** Ends of names whose value is a secret. */
const secretWords = anyOf([
  /pass(?:word|wd|phrase)?|pwd/,
  /secret(?:[_-]?access[_-]?key|[_-]?key|string)?/,
  /(?:api|access|private|auth|account|shared)[_-]?key/,
  /token|credentials?|sig|signature/,
  /x-amz-(?:signature|security-token|credential)/,
]);

/** Tokens of Slack, GitHub, GitLab, npm and Google. */
const vendorTokens = anyOf([
  /xox[abeoprs]-[\w-]{10,}/,
  /gh[pousr]_\w{20,}|github_pat_\w{20,}/,
  /glpat-[\w-]{16,}/,
  /npm_\w{30,}/,
  /ya29\.[\w-]{20,}/,
]);

/** Keys of Stripe, OpenAI and others that begin with `sk`; then of Google and SendGrid. */
const vendorKeys = anyOf([
  /(?:sk|rk|pk)[-_](?:live|test|proj|ant|svcacct)?[-_]?[A-Za-z0-9_-]{16,}/,
  /AIza[\w-]{30,}/,
  /SG\.[\w-]{16,}\.[\w-]{16,}/,
]);

/** The rest of a name in quotes, and its `:`, `=` or `=>`. */
const assignment = /\\{0,9}["']?\s{0,9}(?:=>|[:=])\s{0,9}/.source;
const assignedName = `(?<![a-z:])[a-z]{0,30}?(?:${secretWords})${assignment}`;

/** A value in double quotes, escaped double quotes (JSON in JSON), single quotes, or none. */
const assignedValue = anyOf([
  /"(?:[^"\\]|\\.)*/,
  /\\{1,9}"(?:[^"\\]|\\+[^"\\])*/,
  /'[^']*/,
  /[^\s"'\\,;&|<>()[\]{}]+/,
]);

const secretKinds: readonly SecretKind[] = [
  {
    name: 'private key',
    pattern: /(-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$))/g,
  },
  { name: 'token', pattern: /\b(eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*){0,3})/g },
  {
    name: 'password',
    pattern: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@'"<>]{0,100}:)([^\s/@'"<>]{1,200})(?=@)/gi,
  },
  {
    name: 'token',
    pattern: new RegExp(`\\b(${vendorTokens})`, 'g'),
  },
  {
    name: 'key',
    pattern: new RegExp(`\\b(${vendorKeys})`, 'g'),
  },
  { name: 'token', pattern: /(\b(?:bearer|basic)\s+)([\w~+/.=-]{8,})/gi },
  {
    name: 'secret',
    pattern: new RegExp(`(${assignedName})(${assignedValue})`, 'gi'),
    isSecret: (secret) => !/^(\\*["'])?(\[masked |true\b|false\b|null\b|\d{1,3}$|$)/.test(secret),
  },
  {
    name: 'session token',
    pattern: /\b((?:FwoGZXIvYXdz|IQoJb3JpZ2lu|FQoGZXIvYXdz)[A-Za-z0-9+/=_-]{20,})/g,
  },
  {
    name: 'secret key',
    pattern: /(?<![A-Za-z0-9+/=_.-])([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=_-])/g,
    isSecret: isAccessKey,
  },
  // Names of evidence files end in a time in milliseconds and `.json`; a tenth of these numbers
  // have the check digit of a card.
  {
    name: 'card number',
    pattern: /(?<![\w.-])(\d(?:[ -]?\d){12,18})(?![\w-]|\.json\b)/g,
    isSecret: isCard,
  },
];

/** Longer texts are cut before they are matched, so that hostile text cannot cost seconds. */
const mostCharacters = 200_000;

/**
 * The mask of a deployment; the key is its salt. With the key a guess can be tested against a mark,
 * but a mark has only 32 bits, so it never proves the guess.
 */
export const maskWith = (key: string): Mask => {
  const mark = (name: string, secret: string) =>
    `[masked ${name} #${createHmac('sha256', key).update(secret).digest('hex').slice(0, 8)}]`;
  const hide = (text: string, { name, pattern, isSecret }: SecretKind): string =>
    text.replaceAll(pattern, (whole: string, group: string, nextGroup: unknown) => {
      const [kept, secret] = typeof nextGroup === 'string' ? [group, nextGroup] : ['', group];
      if (isSecret && !isSecret(secret)) return whole;
      const quote = /^\\*["']/.exec(secret)?.[0] ?? '';
      return `${kept}${quote}${mark(name, secret.slice(quote.length))}`;
    });
  return (text) => secretKinds.reduce(hide, text.slice(0, mostCharacters));
};

/** Masks every text in a value, names of fields included; shape and numbers stay. */
export const maskAll = (value: unknown, mask: Mask): unknown => {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((element) => maskAll(element, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [mask(key), maskField(key, field, mask)]),
  );
};

const secretName = new RegExp(`(?:${secretWords})$`, 'i');

/** Masks the text of a field; all of it if the name says that it is a secret. */
const maskField = (key: string, value: unknown, mask: Mask): unknown => {
  if (typeof value !== 'string' || !secretName.test(key) || value === '')
    return maskAll(value, mask);
  return mask(`${key}=${JSON.stringify(value)}`)
    .slice(key.length + 2)
    .replace(/"$/, '');
};
