import * as z from 'zod';
import { domainsIn } from './domains.ts';
import { isSamePhone, phoneNumbersIn } from './phone-numbers.ts';
import type { Prompt } from './prompt.ts';

/**
 * The answer that the model must write. Strict JSON schemas have no lengths, so lengths are checked
 * afterwards.
 */
export const writtenAnswer = z.strictObject({ answer: z.string(), sources: z.array(z.string()) });

const maxAnswerLength = 8_000;

export type AnswerVerdict =
  | { readonly kind: 'good'; readonly answer: string; readonly sources: readonly string[] }
  | { readonly kind: 'bad'; readonly reason: string };

const wrongFormat =
  'The answer of the language model had the wrong format. Ask again, perhaps in other words.';
const discardedBecause = (why: string): string =>
  `The answer ${why}, so it was discarded. Ask again.`;

const badAnswer = (reason: string): AnswerVerdict => ({ kind: 'bad', reason });

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Links, which could lead a reader out of the application. `data:` before a blank is an ordinary
 * word.
 */
const linkPattern = /\b[a-z][a-z0-9+.-]*:\/\/|\bwww\.|\]\(|\b(?:data:\S|javascript:|mailto:)/i;

const idLike = /\b003[A-Za-z0-9]{15}\b/g;
const addressLike = /[^\s<>()[\]{}"',;:]+@[^\s<>()[\]{}"',;:]+\.[A-Za-z]{2,}/g;

/**
 * Whether the answer names ids, addresses or phone numbers that the model was not given. What
 * stands inside the text of a record does not count as given, except addresses: it may have been
 * planted there. A phone number must be in the field for it.
 */
const namesUnknownData = (answer: string, { ids, phones, input, question }: Prompt): boolean =>
  (answer.match(idLike) ?? []).some((id) => !ids.includes(id) && !question.includes(id)) ||
  (answer.match(addressLike) ?? []).some((address) => !input.includes(address)) ||
  phoneNumbersIn(answer).some(
    (number) =>
      ![...phones, ...phoneNumbersIn(question)].some((known) => isSamePhone(known, number)),
  );

/** Whether the answer names a web site that the asker has not named. */
const namesUnknownDomain = (answer: string, { question }: Prompt): boolean => {
  const asked = domainsIn(question);
  return domainsIn(answer).some((domain) => !asked.includes(domain));
};

/** Checks an answer against the rules that the model was told. */
export const judgeAnswer = (text: string, prompt: Prompt): AnswerVerdict => {
  const parsed = writtenAnswer.safeParse(jsonOf(text));
  if (!parsed.success) return badAnswer(wrongFormat);
  const { answer, sources } = parsed.data;
  if (answer.trim() === '' || answer.length > maxAnswerLength)
    return badAnswer('The answer of the language model was empty or too long. Ask again.');
  if (sources.some((id) => !prompt.ids.includes(id)))
    return badAnswer(discardedBecause('cited records that the language model was not shown'));
  if (linkPattern.test(answer))
    return badAnswer(discardedBecause('contained a link, which answers may not'));
  if (namesUnknownDomain(answer, prompt))
    return badAnswer(discardedBecause('named a web site that the question does not name'));
  if (namesUnknownData(answer, prompt))
    return badAnswer(
      discardedBecause('contained personal data that the language model was not shown'),
    );
  return { kind: 'good', answer: answer.toWellFormed(), sources: [...new Set(sources)] };
};
