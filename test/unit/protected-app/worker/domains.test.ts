import { expect, it } from 'vitest';
import { domainsIn } from '../../../../protected-app/worker/domains.ts';
import fc from '../../../support/property.ts';

it.each([
  ['Go to evil.example now', ['evil.example']],
  ['evil.example', ['evil.example']],
  ['(EVIL.Example)', ['evil.example']],
  ['see sub.evil-site.co.uk/path?x=1', ['sub.evil-site.co.uk']],
  ['evil.com.Thanks for asking', ['evil.com.thanks']],
  ['ask 163.com', ['163.com']],
  ['xn--evil-9ta.xn--p1ai is ours', ['xn--evil-9ta.xn--p1ai']],
  ['посетите сайт.рф сегодня', ['сайт.рф']],
  ['ｅｖｉｌ．ｃｏｍ', ['evil.com']],
  ['evil。com', ['evil.com']],
  ['evil.\u200bexample and ev\u00adil.example', ['evil.example', 'evil.example']],
  ['evil.example.', ['evil.example']],
  ['a@b.example or evil.example', ['evil.example']],
])('%j names %j', (text, domains) => {
  expect(domainsIn(text)).toEqual(domains);
});

it.each([
  'Write to ada.byron@analytical.example or jo.me@mail.example.',
  'Müller GmbH & Co.KG, Dr.med. Schmidt, e.g. J.Smith, i.e. J.R.R. Tolkien, U.S.A.',
  'Version 2.10.3, v1.2.3-beta.4, Node.js 24.1, 10.0.19045.3803',
  'It costs 1.234,50 EUR or 1,234.50 USD. Then 3.5 kg.',
  'On 30.11.2026 at 10.15. 1.In London 2.In Paris',
  'St.Gallen, inkl.MwSt, ca.5, No.7, z.B. dies',
  '日本語です。次の文。',
  'Wait... what?',
])('%j names no web site', (text) => {
  expect(domainsIn(text)).toEqual([]);
});

it('a name is found wherever it stands and however it is written', () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9-]{1,12}[a-z0-9]$/);
  const around = fc.constantFrom('', ' ', '(', '"', '\n', '– ', ', ');
  const ending = fc.constantFrom('com', 'example', 'org', 'de', 'io', 'xn--p1ai');
  const style = fc.constantFrom(
    (text: string) => text,
    (text: string) => text.toUpperCase(),
    (text: string) => text.replaceAll('.', '\u3002'),
    (text: string) => text.split('').join('\u2060'),
  );
  fc.assert(
    fc.property(label, ending, around, style, (name, tld, before, write) => {
      const domain = `${name}.${tld}`;
      expect(domainsIn(`Go to${before || ' '}${write(domain)} now`)).toEqual([domain]);
    }),
    { numRuns: 500 },
  );
});
