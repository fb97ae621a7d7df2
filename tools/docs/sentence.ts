import { verbs } from '../../cli/verbs.ts';

/** Tags within a sentence. Every other tag of a page ends it. */
const inlineTags = /<\/?(?:a|b|code|em|span|strong|time)\b[^<>]*>/g;
const spokenAttributes = /(?:aria-label|title|alt)="([^"]*)"/g;

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
};

const ofPage = (page: string): readonly string[] => [
  ...Array.from(page.matchAll(spokenAttributes), ([, text = '']) => text),
  ...page
    .replaceAll(/<(style|script)\b.*?<\/\1>|<!--.*?-->/gs, '')
    .replaceAll(inlineTags, '')
    .split(/<[^<>]*>/)
    .map((piece) => piece.replaceAll(/&\w+;/g, (entity) => entities[entity] ?? entity)),
];

const isPage = (text: string): boolean => /<\/\w+>/.test(text);

/** The sentences of a text: of a page what stands between its tags, else line by line. */
export const piecesOf = (text: string): readonly string[] =>
  (isPage(text) ? ofPage(text) : text.split('\n'))
    .map((piece) => piece.replaceAll(/\s+/g, ' ').trim())
    .filter((piece) => piece !== '');

/** A Handlebars template as a page: its values as `‹name›`, its conditions as the ends of lines. */
export const pageOfTemplate = (template: string): string =>
  template
    .replaceAll(/\{\{!.*?\}\}/gs, '')
    .replaceAll(/\{\{[#/].*?\}\}|\{\{else.*?\}\}/gs, '<hr>')
    .replaceAll(/\{\{\{?>?\s*([\w./@]+).*?\}\}\}?/gs, (_tag, path: string) => {
      const name = path.split(/[./]/).at(-1) ?? path;
      return `‹${name}›`;
    });

const verbNames = verbs.map(({ name }) => name).join('|');
const commandLine = new RegExp(`^(?:npx )?cordon (?:${verbNames})\\b`);

/** What two words side by side may be, other than a part of a sentence. */
const notSpoken: readonly RegExp[] = [
  commandLine,
  /^[\w-]+\/[\w-]+; charset|^[\w-]+=\d+; /, // headers
  /\b(?:[a-z]+-src|base-uri|form-action|frame-ancestors) '/, // content security policies
  /^(?:GET|POST|PUT|PATCH|DELETE) \//, // routes
  /\battribute_(?:not_)?exists\(|\bbegins_with\(|^(?:SET|REMOVE|ADD) |[#\w]+ = :/, // DynamoDB
  /^(?:SELECT|WHERE|ORDER BY) |\b(?:IN|BETWEEN) [(?]|\barray_join\(|\bOR \(/, // SQL, SOQL
  /^[a-z0-9]+ (?:get|list|describe)-[a-z-]+ /, // arguments of the AWS command line
  /^[\w.|]*[a-z][A-Z][\w.|]*,? [\w.|]*[a-z][A-Z][\w.|]*$|^Id, Name, /, // names of fields
  /^-----|^<\w+ \w+="/, // a key, a tag with conditions in it
  /^import \w|\bsys\.argv\b/, // Python
];

const twoWords = /[a-z]{2,}[^a-z\s‹]* [^a-z\s›]*[a-z]+/i;

/** Whether the source itself writes two words side by side, and they are for a person. */
export const isSentence = (text: string): boolean =>
  twoWords.test(text.replaceAll(/‹[^›]*›/g, '‹›')) &&
  !notSpoken.some((pattern) => pattern.test(text));
