import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { pageStates as incidents } from '../../console/pages/states.ts';
import { pageStates as kit } from '../../pages-kit/show/states.ts';
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

/** Whole pages, and what only they have: every state of the sites shows them. */
const frames = ['KNothingHere', 'KOpenPage', 'KShell', 'SignInAgain', 'SignInSteps'];

it('the page of the kit shows every component, and its states are in its list', () => {
  const shows = readFileSync('pages-kit/show/ShowPage.vue', 'utf8');
  const names = globSync('pages-kit/src/{,session/}*.vue').map((file) => basename(file, '.vue'));
  const unseen = names.filter((name) => !shows.includes(`<${name}`));

  expect(names.length).toBeGreaterThan(20);
  expect(unseen.sort()).toEqual(frames);
  expect(marks(shows).sort()).toEqual(kit.map(({ shown }) => shown).sort());
});

it('the main tasks are done without a mouse', () => {
  const names = globSync('test/browser/**/*.test.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bit\('([^']+) by keyboard alone'/g)].map(
      ([, name]) => name,
    ),
  );
  expect(names.sort()).toEqual([
    'a call is found in the timeline and its record read',
    'a product lives',
    'a question is asked and its source opened',
    'evidence is verified',
    'signed in, found, decided and released',
  ]);
});

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
