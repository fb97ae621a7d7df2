import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compiled, page } from '../../tools/templates.ts';

const templates = globSync('report-templates/*.hbs');

it('there is a template to look at', () => {
  expect(templates.length).toBeGreaterThan(0);
});

it('no template leaves a text unescaped, or an attribute unquoted', () => {
  for (const file of templates) {
    const text = readFileSync(file, 'utf8');
    expect(text).not.toMatch(/\{\{\{|\{\{\s*&/);
    expect(text).not.toMatch(/=\{\{/);
    expect(text).not.toMatch(/<script|\son\w+=|\sstyle=/i);
    expect(text).not.toMatch(/(?:href|src)="\{\{/);
  }
});

it('report-templates/compiled.js is what `npm run templates` makes', () => {
  expect(readFileSync('report-templates/compiled.js', 'utf8')).toBe(compiled());
});

it('the page names one style by its hash, and nothing else', () => {
  expect(page()).toMatch(
    /content="default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'; form-action 'none'"/,
  );
});

it('the product does not carry a template compiler', () => {
  const found = globSync('responders/**/*.ts').filter((file) =>
    /from 'handlebars'|Handlebars\.compile/.test(readFileSync(file, 'utf8')),
  );
  expect(found).toEqual([]);
});
