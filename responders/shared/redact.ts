import { createHmac } from 'node:crypto';

/**
 * Hides secrets in a text. The same secret has the same mark, so that two occurrences can be
 * matched.
 */
export type Mask = (text: string) => string;

interface SecretKind {
  readonly name: string;
  /**
   * The first group, where there is one, stays: it says what the secret belongs to. The last group
   * is the secret.
   */
  readonly pattern: RegExp;
  /** A look that a pattern cannot take. */
  readonly only?: (secret: string) => boolean;
}

const digitsOf = (text: string): number[] => Array.from(text.replaceAll(/\D/g, ''), Number);

/** The check digit of payment cards: without it every long number would be hidden. */
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
 * A secret access key has 40 letters of base64; a hash in hexadecimal has 40 too, and has to stay
 * readable.
 */
const mixed = (text: string): boolean =>
  /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text) && !/^[0-9a-f]+$/i.test(text);

const secretWords =
  'pass(?:word|wd|phrase)?|pwd|secret(?:[_-]?access[_-]?key|[_-]?key|string)?|(?:api|access|private|auth|account|shared)[_-]?key|token|credentials?|sig|signature|x-amz-(?:signature|security-token|credential)';

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
    pattern:
      /\b(xox[abeoprs]-[\w-]{10,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_\w{30,}|ya29\.[\w-]{20,})/g,
  },
  {
    name: 'key',
    pattern:
      /\b((?:sk|rk|pk)[-_](?:live|test|proj|ant|svcacct)?[-_]?[A-Za-z0-9_-]{16,}|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,})/g,
  },
  { name: 'token', pattern: /(\b(?:bearer|basic)\s+)([\w~+/.=-]{8,})/gi },
  // A name of ours beside a value; inside JSON both are quoted, and inside JSON in JSON the quotes
  // are escaped.
  {
    name: 'secret',
    pattern: new RegExp(
      `((?<![a-z:])[a-z]{0,30}?(?:${secretWords})\\\\{0,9}["']?\\s{0,9}(?:=>|[:=])\\s{0,9})("(?:[^"\\\\]|\\\\.)*|\\\\{1,9}"(?:[^"\\\\]|\\\\+[^"\\\\])*|'[^']*|[^\\s"'\\\\,;&|<>()\\[\\]{}]+)`,
      'gi',
    ),
    only: (secret) => !/^(\\*["'])?(\[masked |true\b|false\b|null\b|\d{1,3}$|$)/.test(secret),
  },
  {
    name: 'session token',
    pattern: /\b((?:FwoGZXIvYXdz|IQoJb3JpZ2lu|FQoGZXIvYXdz)[A-Za-z0-9+/=_-]{20,})/g,
  },
  {
    name: 'secret key',
    pattern: /(?<![A-Za-z0-9+/=_.-])([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=_-])/g,
    only: mixed,
  },
  // Evidence of ours is named after a time in milliseconds, and one time in ten would pass as a
  // card.
  {
    name: 'card number',
    pattern: /(?<![\w.-])(\d(?:[ -]?\d){12,18})(?![\w-]|\.json\b)/g,
    only: isCard,
  },
];

/** Long runs are cut before the patterns see them: hostile text must not cost seconds. */
const most = 200_000;

/**
 * A mask with a key. The key is a salt of the deployment: whoever has it can test guesses against a
 * mark, but a mark has 32 bits, so that a guess is never proven by it.
 */
export const maskWith = (key: string): Mask => {
  const mark = (name: string, secret: string) =>
    `[masked ${name} #${createHmac('sha256', key).update(secret).digest('hex').slice(0, 8)}]`;
  const hide = (text: string, { name, pattern, only }: SecretKind): string =>
    text.replaceAll(pattern, (whole: string, first: string, second: unknown) => {
      const [kept, secret] = typeof second === 'string' ? [first, second] : ['', first];
      if (only && !only(secret)) return whole;
      const quote = /^\\*["']/.exec(secret)?.[0] ?? '';
      return `${kept}${quote}${mark(name, secret.slice(quote.length))}`;
    });
  return (text) => secretKinds.reduce(hide, text.slice(0, most));
};

/** Every text in a value, names of fields included; shape and numbers stay. */
export const maskAll = (value: unknown, mask: Mask): unknown => {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((one) => maskAll(one, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [mask(key), secretly(key, one, mask)]),
  );
};

const secretName = new RegExp(`(?:${secretWords})$`, 'i');

/** What a field is called says that its text is a secret, whatever it looks like. */
const secretly = (key: string, value: unknown, mask: Mask): unknown => {
  if (typeof value !== 'string' || !secretName.test(key) || value === '')
    return maskAll(value, mask);
  return mask(`${key}=${JSON.stringify(value)}`)
    .slice(key.length + 2)
    .replace(/"$/, '');
};
