import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../infra');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

it.each(files.filter((name) => name.startsWith('stacks/')))('%s only puts constructs together', (name) => {
  expect(read(name).split('\n').length).toBeLessThanOrEqual(120);
  expect(read(name)).not.toContain('PolicyStatement');
});

it('only app.ts may read the environment', () => {
  expect(files.filter((name) => name !== 'app.ts' && read(name).includes('process.env'))).toEqual([]);
});
