// How soon the pages of both sites are there and answer, beside a bare page that is served alike.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { incidentId, list } from '../../console/pages/scripted.ts';
import { timeline } from '../../console/pages/scripted-timeline.ts';
import { script as consoleScript } from '../../console/pages/states.ts';
import { products } from '../../protected-app/pages/scripted.ts';
import { script as shopScript } from '../../protected-app/pages/states.ts';
import { serveSite } from '../shots/serve.ts';
import {
  type BuildPlace,
  type SitePage,
  type SlowVisit,
  serveSitePage,
  slowVisit,
  type VisitedSite,
  withPage,
} from './site-visits.ts';
import { inWords, type Line, spreadOf } from './statistics.ts';

const executablePath = '/usr/bin/chromium';
const rowCount = 10_000;
/** A page with a list of 10,000 rows. */
interface LongList extends SitePage {
  readonly what: string;
  /** The path of the API that gives the rows, and its answer; at most `rowsAtOnce` of them. */
  readonly api: string;
  readonly answer: { readonly items: readonly object[] };
  readonly rowsAtOnce?: number;
}

/** One page after the other; the cursor is the number of the row that comes next. */
const pagesOf =
  ({ items, ...answer }: LongList['answer'], rowsAtOnce: number) =>
  (cursor: string | null): object => {
    const first = Number(cursor ?? 0);
    const next = first + rowsAtOnce;
    return {
      ...{ ...answer, items: items.slice(first, next) },
      cursor: next < items.length ? String(next) : null,
    };
  };

const many = (rows: readonly object[], idOf: (index: number) => string): readonly object[] =>
  Array.from({ length: rowCount }, (_, index) => ({
    ...rows[index % rows.length],
    id: idOf(index),
  }));

const longLists: readonly LongList[] = [
  {
    ...{ what: 'products', script: shopScript, as: 'standard' },
    ...{ path: '/products', shown: 'products-list', api: '/v1/products' },
    answer: { items: many(products, (n) => `${n}`.padStart(32, 'a')), ...{ cursor: null } },
  },
  {
    ...{ what: 'incidents', script: consoleScript, as: 'reader' },
    ...{ path: '/incidents?drills=show', shown: 'incidents-list', api: '/v1/incidents' },
    answer: {
      items: many(list, (n) => `inc-20261121-${String(n).padStart(8, '0')}`),
      ...{ cursor: null },
    },
  },
  {
    ...{ what: 'timeline', script: consoleScript, as: 'reader' },
    ...{ path: `/i/${incidentId}/timeline`, shown: 'timeline-shown' },
    api: `/v1/incidents/${incidentId}/timeline`,
    answer: { ...timeline, items: many(timeline.items, (n) => `event-${n}`) },
    rowsAtOnce: 500,
  },
];

/** Reads the same answer, and draws what a screen holds of it, without a library. */
const barePage = (api: string): Readonly<Record<string, string>> => ({
  'index.html':
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare</title>' +
    '<h1>Rows</h1><p>The same rows as the page beside it.</p>' +
    '<input type="search" aria-label="Search"><table></table>' +
    '<script type="module" src="/assets/bare.js"></script></html>',
  'assets/bare.js': `
    await fetch('/config.json').then((answer) => answer.json());
    const table = document.querySelector('table');
    const draw = (rows) => table.replaceChildren(...rows.slice(0, 40).map((row) => {
      const line = document.createElement('tr');
      for (const value of Object.values(row).slice(0, 6))
        line.appendChild(document.createElement('td')).textContent = String(value);
      return line;
    }));
    const items = [];
    for (let cursor = ''; cursor !== null; ) {
      const page = await fetch('${api}' + cursor).then((answer) => answer.json());
      items.push(...page.items);
      if (items.length === page.items.length) setTimeout(() => draw(items));
      cursor = page.cursor && '?cursor=' + page.cursor;
    }
    const search = document.querySelector('input');
    search.addEventListener('input', () =>
      draw(items.filter((row) => JSON.stringify(row).includes(search.value))));
    draw(items);
    table.dataset.shown = 'bare';`,
});

/** From a letter typed into the search field to the frame that shows it, in milliseconds. */
const typing = `new Promise((resolve) => {
  const search = document.querySelector('input[type="search"]');
  const began = performance.now();
  search.value = 'a';
  search.dispatchEvent(new Event('input', { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
})`;

/** Goes down the whole list in steps of a screen. */
const scrolling = `(async () => {
  const height = document.documentElement.scrollHeight;
  for (let step = 1; step <= 60; step += 1) {
    scrollTo(0, (height * step) / 60);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
  scrollTo(0, 0);
  return document.querySelectorAll('*').length;
})()`;

interface Visit {
  readonly lcpMs: number;
  readonly typedMs: number;
  readonly longestTaskMs: number;
  readonly elements: number;
}

/** Once by a slow connection, once by a quick one, each in a browser that has kept nothing. */
const visit = async (browser: Browser, site: VisitedSite): Promise<Visit> => {
  const { largestMs: lcpMs } = await slowVisit(browser, site);
  return withPage(browser, site, async (page) => {
    await page.goto(site.url);
    await page.locator(`[data-shown="${site.shown}"]`).first().waitFor();
    await page.waitForLoadState('networkidle');
    const elements = Number(await page.evaluate(scrolling));
    const typedMs = Number(await page.evaluate(typing));
    const longestTaskMs = Number(await page.evaluate('seen.longest'));
    return { lcpMs, typedMs, longestTaskMs, elements };
  });
};

const writeBare = (folder: string, api: string): string => {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  for (const [name, text] of Object.entries(barePage(api))) writeFileSync(join(folder, name), text);
  return folder;
};

const linesOf = (what: string, own: readonly Visit[], bare: readonly Visit[]): readonly Line[] => {
  const of = (visits: readonly Visit[], key: keyof Visit) =>
    spreadOf(visits.map((visited) => visited[key]));
  const [lcp, bareLcp] = [of(own, 'lcpMs'), of(bare, 'lcpMs')];
  const [typed, bareTyped] = [of(own, 'typedMs'), of(bare, 'typedMs')];
  const [task, elements] = [of(own, 'longestTaskMs'), of(own, 'elements')];
  const page = `page of ${rowCount} ${what}`;
  return [
    {
      ...{ what: `${page}: largest paint by a slow connection, to that of a bare page` },
      ...{ unit: '×', measured: lcp.p50 / bareLcp.p50, most: 2 },
      detail: `${inWords(lcp)} ms; bare ${inWords(bareLcp)} ms`,
    },
    {
      ...{ what: `${page}: a typed letter is seen, to that of a bare page` },
      ...{ unit: '×', measured: typed.p50 / bareTyped.p50, most: 2 },
      detail: `${inWords(typed)} ms; bare ${inWords(bareTyped)} ms`,
    },
    {
      ...{ what: `${page}: longest task while it loads and scrolls, median` },
      ...{ unit: 'ms', measured: task.p50, most: 100, detail: inWords(task) },
    },
    {
      ...{ what: `${page}: elements in the page after scrolling through it` },
      ...{ unit: 'elements', measured: elements.max, most: 2_000 },
    },
  ];
};

const measure = async (
  browser: Browser,
  { what, api, answer, rowsAtOnce, ...page }: LongList,
  { times, ...place }: BuildPlace & { readonly times: number },
): Promise<readonly Line[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-bare-'));
  const given = rowsAtOnce === undefined ? answer : pagesOf(answer, rowsAtOnce);
  const answers = new Map<string, unknown>([[api, given]]);
  const own = await serveSitePage(page, answers, place);
  const bareServer = await serveSite(writeBare(folder, api), 'shop', answers);
  const bare = { url: bareServer.url, shown: 'bare', prepare: async () => undefined };
  try {
    const [owns, bares]: [Visit[], Visit[]] = [[], []];
    for (let time = 0; time < times; time += 1) {
      owns.push(await visit(browser, own.site));
      bares.push(await visit(browser, bare));
    }
    return linesOf(what, owns, bares);
  } finally {
    await own.server.stop();
    await bareServer.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** What a person waits for by a slow connection: a page as it usually is, signed in. */
const firstPages: readonly (SitePage & { readonly what: string; readonly most: number })[] = [
  {
    ...{ what: 'products: largest paint', script: shopScript, as: 'standard', most: 1_500 },
    ...{ path: '/products', shown: 'products-list' },
  },
  {
    ...{ what: 'a question with its buttons', script: consoleScript, as: 'approver' },
    ...{ path: `/q/${incidentId}`, shown: 'question-open', most: 3_000 },
  },
];

const firstLine = async (
  browser: Browser,
  { what, most, ...page }: (typeof firstPages)[number],
  { times, ...place }: BuildPlace & { readonly times: number },
): Promise<Line> => {
  const answers = new Map(
    Object.entries(page.script.usualAnswers).flatMap(([name, { body }]) => {
      const path = /^GET (.*)$/.exec(name)?.[1];
      return path === undefined ? [] : [[`/v1${path.replace('{id}', incidentId)}`, body] as const];
    }),
  );
  const { server, site } = await serveSitePage(page, answers, place);
  try {
    const visits: SlowVisit[] = [];
    for (let time = 0; time < times; time += 1) visits.push(await slowVisit(browser, site));
    const spread = spreadOf(visits.map(({ largestMs, shownMs }) => Math.max(largestMs, shownMs)));
    return {
      ...{ what: `by a slow connection, ${what}`, unit: 'ms', measured: spread.p50, most },
      detail: inWords(spread),
    };
  } finally {
    await server.stop();
  }
};

/** Both pages in turn, so that what the machine does meanwhile meets both. */
export const siteLines = async (
  root: string,
  env: NodeJS.ProcessEnv,
  times = 7,
): Promise<readonly Line[]> => {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const lines: Line[] = [];
    for (const long of longLists)
      lines.push(...(await measure(browser, long, { root, env, times })));
    for (const page of firstPages) lines.push(await firstLine(browser, page, { root, env, times }));
    return lines;
  } finally {
    await browser.close();
  }
};
