import { describe, expect, it } from 'vitest';
import { forms } from '../../../../responders/report/make.ts';
import { showWith } from '../../../../responders/report/shown.ts';
import { cell } from '../../../../responders/shared/csv.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import fc from '../../../support/property.ts';
import { evil, evilText, inputWith } from '../../../support/responders/report/samples.ts';

const show = showWith(maskWith('test'));

describe('text that others wrote', () => {
  it('is one line, capped, and hides nothing', () => {
    fc.assert(
      fc.property(evilText, fc.integer({ min: 5, max: 400 }), (text, limit) => {
        const shown = show(text, limit);
        expect(shown.length).toBeLessThanOrEqual(limit);
        expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(shown).not.toMatch(/https?:\/\/|www\.|javascript:/i);
      }),
    );
  });

  it.each([
    '_https://evil.example/a',
    'xhttp://evil.example',
    'é_www.evil.example',
    '_mailto:x@evil.example',
    '1javascript:alert(1)',
  ])('hides no link behind a letter: %s', (text) => {
    expect(show(text)).not.toMatch(/https?:\/\/|www\.|(javascript|mailto):/i);
  });

  it('is a text to a spreadsheet, whatever it begins with', () => {
    fc.assert(
      fc.property(evilText, (text) => {
        const one = cell(show(text));
        expect(one).toMatch(/^"(?!\s*[=+\-@|%\t\r])[^\r\n]*"$/);
        expect(one.slice(1, -1).replaceAll('""', '')).not.toContain('"');
      }),
    );
  });
});

it.each(evil.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
  'every form of a report survives %s in every field',
  async (_name, text) => {
    const made = forms(await inputWith(text));

    expect(made.html.length).toBeLessThan(300_000);
    expect(
      made.html.match(/<script|<img|onerror=(?!alert)|<iframe|href="(?!#|\.\.\/[a-z])/gi),
    ).toBeNull();
    expect(made.html.match(/<\/style>/g)).toHaveLength(1);
    for (const line of made.csv.trimEnd().split('\r\n').slice(1))
      expect(line).toMatch(/^"(?:[^"\r\n]|"")*"(?:,"(?:[^"\r\n]|"")*")*$/);
    const parsed: unknown[] = [JSON.parse(made.json), JSON.parse(made.ocsf)];
    expect(parsed).toHaveLength(2);
    for (const form of [made.html, made.text, made.json, made.csv, made.ocsf])
      expect(
        [...form.replaceAll(/[\r\n]/g, '').matchAll(/.{0,30}\p{C}.{0,10}/gu)].map(
          ([incident]) => incident,
        ),
      ).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'html')).toBe(false);
  },
);
