import { expect, it } from 'vitest';
import { readRuleset } from '../../../../local/edge/ruleset.ts';
import { field } from '../../../../local/engine/parse.ts';
import { aclWith, template } from '../../../support/local/edge/acl.ts';
import { corpus, type Part, refused, ways } from '../../../support/local/edge/corpora.ts';

/** One rule of our web ACL alone, so that another cannot help it. */
const alone = (name: string) => {
  const acl = Object.values(Object(field(template, 'Resources'))).find(
    (one) => field(one, 'Type') === 'AWS::WAFv2::WebACL',
  );
  const rules: object[] = Object.values(Object(field(field(acl, 'Properties'), 'Rules')));
  return readRuleset(aclWith(rules.filter((rule) => field(rule, 'Name') === name)));
};

const rules = {
  SqlInjection: alone('SqlInjection'),
  CrossSiteScripting: alone('CrossSiteScripting'),
};

interface Rate {
  readonly rule: keyof typeof rules;
  readonly lines: 'sql' | 'script' | 'benign';
  readonly part: Part;
  readonly way: string;
  readonly percent: number;
}

const measured: readonly Rate[] = Object.keys(rules).flatMap((name) => {
  const rule = name === 'SqlInjection' ? name : 'CrossSiteScripting';
  return ([rule === 'SqlInjection' ? 'sql' : 'script', 'benign'] as const).flatMap((lines) =>
    (['tuned', 'held out'] as const).flatMap((part) =>
      Object.keys(ways).map((way) => {
        const all = corpus(lines, part);
        const found = refused(rules[rule], all, way);
        console.log(
          `${rule} · ${lines} · ${part} · ${way}: ${found.length} of ${all.length} refused`,
        );
        return { rule, lines, part, way, percent: (100 * found.length) / all.length };
      }),
    ),
  );
});

const percents = (rule: Rate['rule'], lines: Rate['lines'], part: Part): number[] =>
  measured
    .filter((one) => one.rule === rule && one.lines === lines && one.part === part)
    .map(({ percent }) => percent);

it('looks at enough lines, each of them once', () => {
  expect(
    [corpus('sql').length, corpus('script').length, corpus('benign').length].map(
      (length, index) => length >= (index < 2 ? 200 : 500),
    ),
  ).toEqual([true, true, true]);
  for (const name of ['sql', 'script', 'benign'] as const)
    expect(new Set(corpus(name)).size).toBe(corpus(name).length);
});

it.each([
  ['SqlInjection', 'sql', 'tuned', 98],
  ['SqlInjection', 'sql', 'held out', 93],
  ['CrossSiteScripting', 'script', 'tuned', 99],
  ['CrossSiteScripting', 'script', 'held out', 98],
] as const)('%s refuses what %s lines (%s) hold, in each way in', (rule, lines, part, least) => {
  expect(Math.min(...percents(rule, lines, part))).toBeGreaterThanOrEqual(least);
});

it.each([
  ['SqlInjection', 'tuned', 0.5],
  ['SqlInjection', 'held out', 2],
  ['CrossSiteScripting', 'tuned', 0.5],
  ['CrossSiteScripting', 'held out', 0.5],
] as const)('%s lets honest lines (%s) pass, in each way in', (rule, part, most) => {
  expect(Math.max(...percents(rule, 'benign', part))).toBeLessThanOrEqual(most);
});
