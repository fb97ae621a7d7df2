import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pageStates as incidents } from '../../console/pages/states.ts';
import { pageStates as shop } from '../../protected-app/pages/states.ts';
import { consoleDrillsText } from '../../tools/docs/console-drills.ts';
import { consoleRespondersText } from '../../tools/docs/console-responders.ts';

const sitesIn = [
  ['protected-app/pages', shop.map(({ shown }) => shown)],
  ['console/pages', incidents.map(({ shown }) => shown)],
] as const;
/** The pages of a site, and the parts of the kit that have states of their own. */
const sourcesOf = (folder: string): string[] => [
  ...globSync(`${folder}/src/**/*.vue`),
  ...globSync('pages-kit/src/{KShell,session/*}.vue'),
];
const sources = sitesIn.flatMap(([folder]) => globSync(`${folder}/src/**/*.vue`));
/** `data-shown="a"`, and `:data-shown="isIt ? 'a' : 'b'"`. */
const marks = (text: string): string[] =>
  [...text.matchAll(/data-shown="([^"]+)"/g)].flatMap(([, mark = '']) =>
    /^[\w-]+$/.test(mark)
      ? [mark]
      : [...mark.matchAll(/[?:] '([\w-]+)'/g)].map(([, one = '']) => one),
  );

it.each(sitesIn)(
  'every state of every page of %s is in its list, and no other',
  (folder, listed) => {
    const files = sourcesOf(folder);
    const marked = files.flatMap((file) => marks(readFileSync(file, 'utf8')));

    expect(files.length).toBeGreaterThan(10);
    expect([...new Set(marked)].sort()).toEqual([...new Set(listed)].sort());
  },
);

it('what a page shows instead of its content has a mark', () => {
  const unmarked = sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/<(?:KProblem|KEmpty|KRows)\b[^>]*>/g)]
      .filter(([tag]) => !tag.includes('data-shown='))
      .map(([tag]) => `${file}: ${tag.slice(0, 60)}`),
  );
  // Their parents are marked: panels.
  const marked = ['AdministrationPage.vue', 'AskPage.vue'];
  expect(unmarked.filter((line) => !marked.some((name) => line.includes(name)))).toEqual([]);
});

it('no page makes HTML of a text, or runs one', () => {
  const files = globSync('{pages-kit,protected-app/pages,console/pages}/{src,show}/**/*.{vue,ts}');
  const banned =
    /v-html|innerHTML|outerHTML|insertAdjacentHTML|\beval\(|new Function|\blocalStorage\b/;
  expect(files.filter((file) => banned.test(readFileSync(file, 'utf8')))).toEqual([]);
});

it('the console says of each change what its responder says: npm run docs', () => {
  expect(readFileSync('console/pages/src/responders.json', 'utf8')).toBe(consoleRespondersText());
});

it('the console tells each drill as the command does: npm run docs', () => {
  expect(readFileSync('console/pages/src/drills.json', 'utf8')).toBe(consoleDrillsText());
});
