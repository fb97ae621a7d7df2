import { describe, expect, it } from 'vitest';
import { isCard, maskAll, maskWith } from '../../../../responders/shared/redact.ts';
import { cpuGrowth } from '../../../support/cpu-growth.ts';
import fc from '../../../support/property.ts';

const mask = maskWith('a salt');

const letters = (alphabet: string, min: number, max = min) =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength: min, maxLength: max });
const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Secrets as they are met in environment variables, code, logs, parameters and user agents. */
const secrets: Readonly<Record<string, fc.Arbitrary<{ text: string; secret: string }>>> = {
  'a value beside its name': fc
    .tuple(
      fc.constantFrom(
        'password',
        'DB_PASSWORD',
        'apiKey',
        'aws_secret_access_key',
        'client_secret',
        'authToken',
        'X-Amz-Signature',
        'AccountKey',
      ),
      letters(alphanumeric, 8, 40),
      fc.constantFrom('=', ': ', ' = ', '":"', '\\":\\"', "': '"),
    )
    .map(([name, secret, between]) => ({ text: `${name}${between}${secret}`, secret })),
  'a connection string': letters(alphanumeric, 6, 30).map((secret) => ({
    text: `postgres://app:${secret}@db.example.com/orders`,
    secret,
  })),
  'a JWT': fc
    .tuple(letters(alphanumeric, 12, 30), letters(alphanumeric, 20, 60))
    .map(([head, secret]) => ({ text: `eyJ${head}.eyJ${secret}.sig_${head}`, secret })),
  'a bearer token': letters(alphanumeric, 16, 60).map((secret) => ({
    text: `Authorization: Bearer ${secret}`,
    secret,
  })),
  'a secret access key': letters(alphanumeric, 37).map((start) => ({
    text: `key ${start}aA1 end`,
    secret: `${start}aA1`,
  })),
  'a session token': letters(alphanumeric, 40, 90).map((rest) => ({
    text: `IQoJb3JpZ2lu${rest}`,
    secret: rest,
  })),
  'a private key': letters(alphanumeric, 40, 90).map((secret) => ({
    text: `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`,
    secret,
  })),
};

const around = fc.constantFrom(
  ['', ''],
  ['{"x":"', '"}'],
  ['log line ', ' next'],
  ['(', ')'],
  ['\n', '\n'],
);

describe('a mask', () => {
  it.each(Object.entries(secrets))('hides %s, wherever it stands', (_name, secretIn) => {
    fc.assert(
      fc.property(secretIn, around, ({ text, secret }, [before = '', after = '']) => {
        expect(mask(`${before}${text}${after}`)).not.toContain(secret);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves the names of our own evidence, whatever their time', () => {
    const names = Array.from(
      { length: 50 },
      (_, n) => `findings/${1_795_274_585_557 + n}.json`,
    ).join(' ');
    expect(mask(names)).toBe(names);
  });

  it('hides card numbers, with spaces or without, and leaves other numbers', () => {
    expect(mask('card 4111 1111 1111 1111, 5500005555555559')).toMatch(
      /^card \[masked card number #\w{8}\], \[masked card number #\w{8}\]$/,
    );
    expect(mask('account 111122223333 at 1795255205000, 0000000000000000')).toBe(
      'account 111122223333 at 1795255205000, 0000000000000000',
    );
    expect([isCard('4111111111111111'), isCard('4111111111111112')]).toEqual([true, false]);
  });

  it('gives the same secret the same mark, another deployment another one', () => {
    const markOf = (text: string) => /#(\w{8})/.exec(text)?.[1];
    expect(markOf(mask('password=hunter2!'))).toBe(markOf(mask('{"DB_PASSWORD":"hunter2!"}')));
    expect(markOf(mask('password=hunter2!'))).not.toBe(markOf(mask('password=hunter3!')));
    expect(markOf(mask('password=hunter2!'))).not.toBe(
      markOf(maskWith('another')('password=hunter2!')),
    );
  });

  it('leaves alone what a reader needs', () => {
    for (const text of [
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/payment-Ab12Cd',
      'secretsmanager:GetSecretValue',
      'arn:aws:iam::111122223333:role/token-reader',
      'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0bb9d5d8a1b2c3d4e5f607',
      'inc-20261121-7f3k2m9q, AKIAIOSFODNN7EXAMPLE, aws-cli/2.31',
    ])
      expect(mask(text)).toBe(text);
  });

  it('masks what is masked no further, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        expect(mask(mask(text))).toBe(mask(text));
      }),
    );
  });

  it.each([
    'password=',
    'a:',
    'a_',
    'eyJaaaaa.',
    '\\',
    '"',
    'password="',
    'a://b:',
    '-----BEGIN PRIVATE KEY-----',
    '1 ',
    'bearer ',
  ])('costs no more for each letter of a long text of %j', (text) => {
    const maskRepeated = (length: number) => mask(text.repeat(length / text.length));
    expect(cpuGrowth(maskRepeated, 100_000, 8)).toBeLessThan(4);
  });

  it('goes through lists, objects and names', () => {
    const masked = JSON.stringify(
      maskAll(
        { password: 'x1y2z3', list: [{ note: 'token=abcdef' }], 'password=q1w2e3': 1, many: 5 },
        mask,
      ),
    );
    expect(masked).not.toMatch(/x1y2z3|abcdef|q1w2e3/);
    expect(masked).toContain('"many":5');
  });
});
