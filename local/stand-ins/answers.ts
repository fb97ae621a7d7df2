import { field } from '../engine/parse.ts';

const partOf = (prompt: string, name: string): unknown => {
  const text = new RegExp(`<${name}>\\n(.*)\\n</${name}>`).exec(prompt)?.[1];
  return text === undefined ? undefined : JSON.parse(text);
};

const topics: readonly {
  readonly about: RegExp;
  readonly fields: readonly string[];
  readonly say: string;
}[] = [
  { about: /e-?mail|write to|contact/i, fields: ['email'], say: 'the e-mail address' },
  { about: /phone|call|ring|contact/i, fields: ['phone'], say: 'the phone number' },
  {
    about: /where|(?<!mail )address|live|city|country|street/i,
    fields: ['street', 'postalCode', 'city', 'country'],
    say: 'the address',
  },
  { about: /company|work|employ/i, fields: ['company'], say: 'the company' },
  { about: /title|role|job|position/i, fields: ['title'], say: 'the job title' },
];

const factsOf = (record: unknown, fields: readonly string[]): string =>
  fields
    .map((name) => field(record, name))
    .filter((value) => typeof value === 'string')
    .join(', ');

const sentence = (question: string, record: unknown): string => {
  const name = String(field(record, 'name'));
  const matching = topics.filter((topic) => topic.about.test(question));
  const facts = matching.map(({ fields, say }) => {
    const value = factsOf(record, fields);
    if (value === '') return `${say} is not in the record`;
    return value.includes('***')
      ? `${say} is partly hidden from you: ${value}`
      : `${say} is ${value}`;
  });
  const known = [factsOf(record, ['title', 'company']), factsOf(record, ['city', 'country'])]
    .filter((part) => part !== '')
    .join('; ');
  return facts.length > 0
    ? `${name}: ${facts.join('; ')}.`
    : `${name}: ${known === '' ? 'nothing more is in the record' : known}.`;
};

/**
 * The answer of a model that follows the prompt: one sentence for each record in the prompt, with
 * the ids of the records as sources.
 */
export const answerTo = (
  prompt: string,
): { readonly answer: string; readonly sources: readonly string[] } => {
  const question = String(partOf(prompt, 'question') ?? '');
  const records = partOf(prompt, 'records');
  if (!Array.isArray(records) || records.length === 0)
    return {
      answer:
        'No customer record was given with this question, so there is nothing to answer it from.',
      sources: [],
    };
  return {
    answer: records.map((record: unknown) => sentence(question, record)).join('\n'),
    sources: records.map((record: unknown) => String(field(record, 'id'))),
  };
};
