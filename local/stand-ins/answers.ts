import { field } from '../engine/parse.ts';

const partOf = (asked: string, name: string): unknown => {
  const text = new RegExp(`<${name}>\\n(.*)\\n</${name}>`).exec(asked)?.[1];
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

const about = (record: unknown, fields: readonly string[]): string =>
  fields
    .map((name) => field(record, name))
    .filter((value) => typeof value === 'string')
    .join(', ');

const sentence = (question: string, record: unknown): string => {
  const name = String(field(record, 'name'));
  const asked = topics.filter((topic) => topic.about.test(question));
  const facts = asked.map(({ fields, say }) => {
    const value = about(record, fields);
    if (value === '') return `${say} is not in the record`;
    return value.includes('***')
      ? `${say} is partly hidden from you: ${value}`
      : `${say} is ${value}`;
  });
  const known = [about(record, ['title', 'company']), about(record, ['city', 'country'])]
    .filter((part) => part !== '')
    .join('; ');
  return facts.length > 0
    ? `${name}: ${facts.join('; ')}.`
    : `${name}: ${known === '' ? 'nothing more is in the record' : known}.`;
};

/**
 * What a model that keeps to its rules would say: one sentence for each record that it was shown,
 * and its id as the source.
 */
export const answerTo = (
  asked: string,
): { readonly answer: string; readonly sources: readonly string[] } => {
  const question = String(partOf(asked, 'question') ?? '');
  const records = partOf(asked, 'records');
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
