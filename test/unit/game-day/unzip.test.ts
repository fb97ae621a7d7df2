import { expect, it } from 'vitest';
import { unzip } from '../../../game-day/unzip.ts';
import { zipOf } from '../../../local/engine/zip.ts';

const files = [
  { name: 'index.mjs', data: Buffer.from('export const handler = () => 1;\n'.repeat(100)) },
  { name: 'data/leer.json', data: Buffer.alloc(0) },
  { name: 'ümlaut.txt', data: Buffer.from('ä') },
];

it('reads back what was packed', () => {
  expect(unzip(zipOf(files))).toEqual(files);
});

it('says when it is no zip', () => {
  expect(() => unzip(Buffer.from('hello'))).toThrow('no zip');
});
