import * as z from 'zod';
import type { Prompt } from './prompt.ts';

/**
 * What the model has to write; strict JSON schemas know no lengths, so these are judged afterwards.
 */
export const writtenAnswer = z.strictObject({ answer: z.string(), sources: z.array(z.string()) });

const longest = 8_000;

export type Judged =
  | { readonly kind: 'good'; readonly answer: string; readonly sources: readonly string[] }
  | { readonly kind: 'bad'; readonly reason: string };

const bad = (reason: string): Judged => ({ kind: 'bad', reason });

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * What leads out of the application: nobody shall be talked into opening it. Behind `data:` a blank
 * makes it a plain word.
 */
const link = /\b[a-z][a-z0-9+.-]*:\/\/|\bwww\.|\]\(|\b(?:data:\S|javascript:|mailto:)/i;

const idLike = /\b003[A-Za-z0-9]{15}\b/g;
const addressLike = /[^\s<>()[\]{}"',;:]+@[^\s<>()[\]{}"',;:]+\.[A-Za-z]{2,}/g;

/**
 * Ids in the text of a record may be put there to be repeated: only those of the records themselves
 * count, and the asker's.
 */
const strange = (answer: string, { ids, input, question }: Prompt): boolean =>
  (answer.match(idLike) ?? []).some((id) => !ids.includes(id) && !question.includes(id)) ||
  (answer.match(addressLike) ?? []).some((address) => !input.includes(address));

/** Whether an answer may be shown. The model was told the rules; here they are kept. */
export const judge = (text: string, prompt: Prompt): Judged => {
  const written = writtenAnswer.safeParse(jsonOf(text));
  if (!written.success)
    return bad(
      'The language model gave an answer that cannot be read. Ask again, perhaps in other words.',
    );
  const { answer, sources } = written.data;
  if (answer.trim() === '' || answer.length > longest)
    return bad('The language model gave an answer of the wrong length. Ask again.');
  if (sources.some((id) => !prompt.ids.includes(id)))
    return bad('The answer named records that it was not shown, so it cannot be trusted.');
  if (link.test(answer)) return bad('The answer held a link, which answers may not.');
  if (strange(answer, prompt))
    return bad(
      'The answer held personal data that the language model was not shown, so it cannot be trusted.',
    );
  return { kind: 'good', answer: answer.toWellFormed(), sources: [...new Set(sources)] };
};
