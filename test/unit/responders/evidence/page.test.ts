import { expect, it } from 'vitest';
import { incidentPage } from '../../../../responders/evidence/page.ts';
import fc from '../../../support/property.ts';
import { hostileIncident, hostileOf } from '../../../support/responders/evidence/hostile-page.ts';

it('has no script, loads nothing, and allows one style sheet by its hash', () => {
  const page = hostileIncident();
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];

  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'$/,
  );
  expect(page).not.toMatch(/<script|<img|<link|@import|url\(|javascript:|\son\w+=["']/i);
  expect(page.match(/<h1/g)).toHaveLength(1);
});

it('gives every table a caption or a heading, and every header a scope', () => {
  const page = hostileIncident();
  const headed = [...page.matchAll(/<table aria-labelledby="([\w-]+)">/g)].map(([, id = '']) => id);

  expect(page.match(/<table>\n<caption>/g)?.length).toBe(page.match(/<table>/g)?.length);
  expect(headed.length).toBeGreaterThan(0);
  for (const id of headed) expect(page).toContain(`<h3 id="${id}">`);
  expect(page).not.toMatch(/<th(?![a-z])(?![^>]*scope=)/);
});

it('says until when the files are locked, and of how many S3 named no lock', () => {
  const of = hostileOf();
  const [first] = of.objects;
  if (!first) throw new Error('no object');
  const locked = (...ends: readonly (string | null)[]) => {
    const objects = ends.map((retainUntil) => ({ ...first, retainUntil }));
    return /<dt>Locked<\/dt><dd>(.*?)<\/dd>/
      .exec(incidentPage({ ...of, objects }))?.[1]
      ?.replaceAll(/<[^>]*>/g, '');
  };

  expect(locked('2027-02-19T00:00:00.000Z', '2027-02-18T00:00:00.000Z')).toBe(
    'until 2027-02-18 00:00:00 UTC at least',
  );
  expect(locked('2027-02-19T00:00:00.000Z', null)).toBe(
    'until 2027-02-19 00:00:00 UTC at least; S3 named no lock of 1 of them',
  );
  expect(locked(null)).toBe('S3 named no lock of any file');
});

it('whatever an attacker writes stays one piece of plain text', () => {
  const tags = (page: string) => page.match(/<[a-z!/][^>]*>/g)?.length;
  const of = hostileOf();
  const expected = tags(incidentPage(of));
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const gaps = of.gaps.map((gap) => ({ ...gap, what: text, why: text }));
      const page = incidentPage({
        ...of,
        gaps,
        variables: of.variables.map((one) => ({ ...one, name: text })),
      });
      expect(tags(page)).toBe(expected);
      expect(page.replaceAll(/\n|\u200d|\ufe0f/g, '')).not.toMatch(
        /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u,
      );
    }),
  );
});

it('says of each gap whether something is missing, differs or is incomplete, and counts them so', () => {
  const of = hostileOf();
  const gap = { what: 'function/code.zip', why: 'it is not what AWS described' };
  const page = incidentPage({
    ...of,
    gaps: [
      gap,
      { ...gap, kind: 'differs' },
      { ...gap, kind: 'incomplete' },
      { ...gap, kind: 'differs' },
    ],
  });

  expect(page).toContain('1 missing, 2 differs, 1 incomplete, each with its reason');
  expect(page.match(/<strong class="kind">(\w+)<\/strong> function\/code\.zip/g)).toHaveLength(4);
  expect(incidentPage({ ...of, gaps: [] })).toContain(
    'none: everything that Cordon looks for was read',
  );
});
