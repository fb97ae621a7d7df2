import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fresh, pages } from '../../tools/docs/pages.ts';

it.each(pages)('%s is what `npm run docs` prints', (page) => {
  const text = readFileSync(page, 'utf8');
  expect(text).toContain('<!-- printed: ');
  expect(text).toBe(fresh(text));
});
