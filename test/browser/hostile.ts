// What an attacker may have written, in every field of a page: it stays text.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Answers, PageState, ScriptedAnswer } from '../../pages-kit/states.ts';
import { isRecord } from '../../responders/shared/json.ts';
import { openState } from '../../tools/shots/look.ts';
import { sized } from '../support/run.ts';
import { hostileTexts } from './hostile-texts.ts';
import { complaintsIn, narrowPhone, type StatesWorld } from './states.ts';

type NextText = () => string;

/** The same answer with a text in every field that somebody else may have written. */
const writtenInto = (
  value: unknown,
  nextText: NextText,
  known: ReadonlySet<string>,
  field = '',
): unknown => {
  if (typeof value === 'string') return known.has(field) ? value : nextText();
  if (Array.isArray(value))
    return value.map((member) => writtenInto(member, nextText, known, field));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      writtenInto(member, nextText, known, name),
    ]),
  );
};

const writtenAnswer = (
  { body, next, ...answer }: ScriptedAnswer,
  nextText: NextText,
  known: ReadonlySet<string>,
): ScriptedAnswer => ({
  ...answer,
  ...(body !== undefined && { body: writtenInto(body, nextText, known) }),
  ...(next && { next: writtenAnswer(next, nextText, known) }),
});

export interface HostilePage {
  readonly state: PageState;
  /** Answers that nobody else writes, by their names. */
  readonly untouched?: readonly string[];
  /** Puts texts where no field of JSON is: into bytes, into names of objects. */
  readonly plant?: (answers: Answers, texts: readonly string[]) => Answers;
  /** How the page writes a text where it shows what cannot be seen by its codes. */
  readonly shownAs?: (text: string) => string;
  /** What a person does in the end, where names that are pressed are hostile, too. */
  readonly finish?: (page: Page) => Promise<void>;
}

export interface HostileSite {
  readonly world: StatesWorld;
  /** Fields of which the pages know every value. */
  readonly known: ReadonlySet<string>;
  /** Links that may lead out of the site. */
  readonly mayLeadTo?: string;
}

/** What runs or loads something, or a link that leads out of the site. */
const strangeIn = ({ mayLeadTo }: HostileSite): string => {
  const loads = ['script', 'img', 'iframe', 'object', 'embed', 'base', 'style', 'link', 'meta'];
  const leads = `a[href]:not([href^="/"])${mayLeadTo ? `:not([href^="${mayLeadTo}"])` : ''}`;
  return ['main', '[role="dialog"]']
    .map((place) => `${place} :is(${loads.join(', ')}, template), ${place} ${leads}`)
    .join(', ');
};

/** Every field of the answers carries one of the texts; the next field carries the next text. */
const hostileAnswers = (
  { world: { script }, known }: HostileSite,
  { state, untouched = [], plant = (answers) => answers }: HostilePage,
  texts: readonly string[],
): Pick<PageState, 'answers' | 'afterChange'> => {
  let fields = 0;
  const nextText = (): string => texts[fields++ % texts.length] ?? '';
  const isUntouched = (name: string): boolean =>
    name.startsWith('SIGN-IN ') || untouched.includes(name);
  const written = (answers: Answers): Answers =>
    Object.fromEntries(
      Object.entries(answers).map(([name, answer]) => [
        name,
        isUntouched(name) ? answer : writtenAnswer(answer, nextText, known),
      ]),
    );
  return {
    answers: plant(written({ ...script.usualAnswers, ...state.answers }), texts),
    ...(state.afterChange && { afterChange: written(state.afterChange) }),
  };
};

/**
 * With all texts in one answer, a page is opened until it has shown each of them; in full size, it
 * is opened for each text, which is then in every field.
 */
const nextTexts = (unseen: readonly string[]): readonly string[] =>
  sized(unseen, unseen.slice(0, 1));

/** Whatever is written, nothing runs, loads or moves, and each text is shown as it is. */
export const expectOnlyText = async (site: HostileSite, hostile: HostilePage): Promise<void> => {
  const { world } = site;
  const { state, shownAs = (text) => text } = hostile;
  const context = await narrowPhone(world);
  const complaints = complaintsIn(context);
  const elsewhere: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(world.url)) elsewhere.push(request.url());
  });
  let unseen = hostileTexts;
  while (unseen.length > 0) {
    const texts = nextTexts(unseen);
    const answers = hostileAnswers(site, hostile, texts);
    const page = await openState(context, world.url, { ...state, ...answers }, world.script);
    await hostile.finish?.(page);
    const read = (await page.locator('body').textContent()) ?? '';
    const seen = texts.filter((text) => read.includes(shownAs(text)));
    const width = Number(await page.evaluate('document.documentElement.scrollWidth'));

    expect(seen, `none of these is shown as text: ${texts.join('\n')}`).not.toEqual([]);
    const strange = await page.locator(strangeIn(site)).count();
    expect({ texts, strange, width }).toEqual({ texts, strange: 0, width: 360 });
    expect(page.url()).toBe(`${world.url}${state.path}`);
    unseen = unseen.filter((text) => !seen.includes(text));
    await page.close();
  }
  await context.close();
  expect(elsewhere).toEqual([]);
  expect(complaints).toEqual([]);
};
