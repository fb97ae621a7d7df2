// What an attacker may have written, in every field of the console's pages: it stays text.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageStates, script } from '../../../console/pages/states.ts';
import type { Answers } from '../../../pages-kit/states.ts';
import { isRecord } from '../../../responders/shared/json.ts';
import { openState } from '../../../tools/shots/look.ts';
import { sized } from '../../support/run.ts';
import { hostileTexts } from '../pages/hostile-texts.ts';
import { complaintsIn, narrowPhone, type StatesWorld, startStates } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

/** Fields of which the pages know every value. */
const known = new Set([
  ...['id', 'incidentId', 'state', 'kind', 'outcome', 'responder', 'status', 'digest', 'sha256'],
  ...['at', 'openedAt', 'horizon', 'until', 'lane', 'whose', 'onTimeout', 'taken', 'sharing'],
  ...['side', 'mark'],
  'what',
]);

/** The same answer with a text in every field that somebody else may have written. */
const written = (value: unknown, nextText: () => string, field = ''): unknown => {
  if (typeof value === 'string') return known.has(field) ? value : nextText();
  if (Array.isArray(value)) return value.map((member) => written(member, nextText, field));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, written(member, nextText, name)]),
  );
};

/** Every field of the answers carries one of the texts; the next field carries the next text. */
const writtenAll = (answers: Answers, texts: readonly string[]): Answers => {
  let fields = 0;
  const nextText = (): string => texts[fields++ % texts.length] ?? '';
  return Object.fromEntries(
    Object.entries(answers).map(([name, { body, ...answer }]) => [
      name,
      { ...answer, body: written(body, nextText) },
    ]),
  );
};

/** What runs or loads something, and a link that leads out of the console. */
const strange =
  'main :is(script, img, iframe, object, embed, base, style, link, meta, template), ' +
  'main a[href]:not([href^="/"]), [role="dialog"] :is(script, img, iframe, object, embed)';

const pages = [
  ...['now', 'question-open', 'incidents-list', 'incident-shown', 'event-shown'],
  ...['evidence-touched', 'report-shown', 'drills-shown', 'explain-shown', 'health-needs'],
  'audit-shown',
];

/**
 * With all texts in one answer, a page is opened until it has shown each of them; in full size, it
 * is opened for each text, which is then in every field.
 */
const nextTexts = (unseen: readonly string[]): readonly string[] =>
  sized(unseen, unseen.slice(0, 1));

it.each(pages)('%s: whatever is written, nothing runs, loads or moves', async (shown) => {
  const state = pageStates.find((listed) => listed.shown === shown);
  if (state === undefined) throw new Error(`console/pages/states.ts lists no ${shown}`);
  const context = await narrowPhone(world);
  const complaints = complaintsIn(context);
  const elsewhere: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(world.url)) elsewhere.push(request.url());
  });
  let unseen = hostileTexts;
  while (unseen.length > 0) {
    const texts = nextTexts(unseen);
    const answers = writtenAll({ ...script.usualAnswers, ...state.answers }, texts);
    const page = await openState(context, world.url, { ...state, answers }, script);
    const read = (await page.locator('body').textContent()) ?? '';
    const seen = texts.filter((text) => read.includes(text));
    const width = Number(await page.evaluate('document.documentElement.scrollWidth'));

    expect(seen, `none of these is shown as text: ${texts.join('\n')}`).not.toEqual([]);
    expect({ texts, strange: await page.locator(strange).count() }).toEqual({ texts, strange: 0 });
    expect({ texts, width }).toEqual({ texts, width: 360 });
    expect(page.url()).toBe(`${world.url}${state.path}`);
    unseen = unseen.filter((text) => !seen.includes(text));
    await page.close();
  }
  await context.close();
  expect(elsewhere).toEqual([]);
  expect(complaints).toEqual([]);
});
