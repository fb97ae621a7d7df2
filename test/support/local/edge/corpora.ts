// Attacks and honest requests, one a line, and the ways in which each reaches the API. Every fourth
// line is held out: no rule was tuned on it.
import { readFileSync } from 'node:fs';
import type { Inspected } from '../../../../local/edge/inspected.ts';
import type { Ruleset } from '../../../../local/edge/ruleset.ts';
import { asked } from './acl.ts';

export type Part = 'tuned' | 'held out';

export const corpus = (name: 'sql' | 'script' | 'benign', part?: Part): readonly string[] =>
  readFileSync(`${import.meta.dirname}/corpora/${name}.txt`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .filter((_, index) => part === undefined || (index % 4 === 3) === (part === 'held out'));

const product = (text: string): string =>
  JSON.stringify({
    sku: 'LAMP-12',
    name: 'Lamp',
    description: text,
    category: 'Light',
    price: { amount: 1999, currency: 'EUR' },
    stock: 7,
    components: ['0b9a1f2e-6c1d-4d7e-9a55-1c2d3e4f5a6b'],
  });

const json: Inspected['headers'] = [['content-type', 'application/json']];
const posted = (path: string, body: string): Inspected =>
  asked({ method: 'POST', path, body, headers: json });

export const ways: Readonly<Record<string, (text: string) => Inspected>> = {
  'search text': (text) => asked({ query: `limit=20&q=${encodeURIComponent(text)}&sort=-price` }),
  'search text, encoded twice': (text) =>
    asked({ query: `q=${encodeURIComponent(encodeURIComponent(text))}` }),
  'product description': (text) => posted('/products', product(text)),
  question: (text) =>
    posted('/ai/query', JSON.stringify({ question: text, customerIds: ['003A00000000001AAA'] })),
};

/** The lines that a ruleset refuses in some way. */
export const refused = (
  ruleset: Ruleset,
  lines: readonly string[],
  way: string,
): readonly string[] =>
  lines.filter((line) => ruleset.judge(ways[way]?.(line) ?? asked(), 0).refusal !== undefined);
