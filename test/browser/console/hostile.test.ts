// What an attacker may have written, in every field of the console's pages: it stays text.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageStates, script } from '../../../console/pages/states.ts';
import type { Answers } from '../../../pages-kit/states.ts';
import { isRecord } from '../../../responders/shared/json.ts';
import { openState } from '../../../tools/shots/look.ts';
import { hostileTexts } from '../pages/hostile-texts.ts';
import { complaintsIn, narrowPhone, type StatesWorld, startStates } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

/** Fields of which the pages know every value, and the calls of which a test presses one. */
const known = new Set([
  ...['id', 'incidentId', 'state', 'kind', 'outcome', 'responder', 'status', 'digest', 'sha256'],
  ...['at', 'openedAt', 'horizon', 'whose', 'onTimeout', 'taken', 'sharing', 'side', 'mark'],
  'what',
]);
const pressed = 'iam:AttachRolePolicy';

/** The same answer with a text in every field that somebody else may have written. */
const written = (value: unknown, text: string, field = ''): unknown => {
  if (typeof value === 'string') return known.has(field) || value === pressed ? value : text;
  if (Array.isArray(value)) return value.map((member) => written(member, text, field));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, written(member, text, name)]),
  );
};
const writtenAll = (answers: Answers, text: string): Answers =>
  Object.fromEntries(
    Object.entries(answers).map(([name, { body, ...answer }]) => [
      name,
      { ...answer, body: written(body, text) },
    ]),
  );

/** What runs or loads something, and a link that leads out of the console. */
const strange =
  'main :is(script, img, iframe, object, embed, base, style, link, meta, template), ' +
  'main a[href]:not([href^="/"]), [role="dialog"] :is(script, img, iframe, object, embed)';

const pages = [
  ...['now', 'question-open', 'incidents-list', 'incident-shown', 'event-shown'],
  ...['evidence-touched', 'report-shown', 'drills-shown', 'explain-shown', 'health-needs'],
  'audit-shown',
];

/** A test opens the page once for each text of its share, so that no test takes long. */
const shares = Array.from({ length: Math.ceil(hostileTexts.length / 11) }, (_, index) =>
  hostileTexts.slice(index * 11, index * 11 + 11),
);
const cases = pages.flatMap((shown) =>
  shares.map((texts, index) => [shown, index, texts] as const),
);

it.each(cases)(
  '%s, share %d of the texts: nothing runs, loads or moves',
  async (shown, _, texts) => {
    const state = pageStates.find((listed) => listed.shown === shown);
    if (state === undefined) throw new Error(`console/pages/states.ts lists no ${shown}`);
    const context = await narrowPhone(world);
    const complaints = complaintsIn(context);
    const elsewhere: string[] = [];
    context.on('request', (request) => {
      if (!request.url().startsWith(world.url)) elsewhere.push(request.url());
    });
    for (const text of texts) {
      const answers = writtenAll({ ...script.usualAnswers, ...state.answers }, text);
      const page = await openState(context, world.url, { ...state, answers }, script);
      const read = await page.locator('body').textContent();
      const width = Number(await page.evaluate('document.documentElement.scrollWidth'));

      expect({ text, isRead: read?.includes(text) }).toEqual({ text, isRead: true });
      expect({ text, strange: await page.locator(strange).count() }).toEqual({ text, strange: 0 });
      expect({ text, width }).toEqual({ text, width: 360 });
      expect(page.url()).toBe(`${world.url}${state.path}`);
      await page.close();
    }
    await context.close();
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  },
);
