import fc from 'fast-check';
import { expect, it } from 'vitest';
import { incidentPage } from '../../../responders/evidence/page.ts';
import { hostileIncident, hostileOf } from './hostile-page.ts';

it('has no script, loads nothing, and allows one style sheet by its hash', () => {
  const page = hostileIncident();
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];

  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'$/);
  expect(page).not.toMatch(/<script|<img|<link|@import|url\(|javascript:|\son\w+=["']/i);
  expect(page.match(/<h1/g)).toHaveLength(1);
});

it('gives every table a caption and every header a scope', () => {
  const page = hostileIncident();

  expect(page.match(/<caption>/g)?.length).toBe(page.match(/<table>/g)?.length);
  expect(page).not.toMatch(/<th(?![a-z])(?![^>]*scope=)/);
});

it('whatever an attacker writes stays one piece of plain text', () => {
  const tags = (page: string) => page.match(/<[a-z!/][^>]*>/g)?.length;
  const of = hostileOf();
  const expected = tags(incidentPage(of));
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const gaps = of.gaps.map((gap) => ({ ...gap, what: text, why: text }));
      const page = incidentPage({ ...of, gaps, variables: of.variables.map((one) => ({ ...one, name: text })) });
      expect(tags(page)).toBe(expected);
      expect(page).toMatch(/^[\n\x20-\x7e’]*$/);
    }),
  );
});
