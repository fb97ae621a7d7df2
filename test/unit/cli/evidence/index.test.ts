import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeIndex } from '../../../../cli/evidence/index.ts';
import { enter } from '../../../../responders/evidence/entry.ts';
import { fakeBucket } from '../../../support/fakes/bucket.ts';
import { aCase } from '../../../support/fakes/sources.ts';

const sealed = { sequence: 1, sha256: 'ab'.repeat(32), objects: 44, bytes: 1_000_000, gaps: 2 };
const home = mkdtempSync(join(tmpdir(), 'cordon-index-'));
afterAll(() => rmSync(home, { recursive: true }));

/** 250 incidents in each of four months, ten a day; every tenth is not sealed. */
const bucket = fakeBucket();
beforeAll(async () => {
  for (const month of ['202610', '202611', '202612', '202701'])
    for (let number = 0; number < 250; number += 1) {
      const day = String(1 + Math.floor(number / 10)).padStart(2, '0');
      const { head } = aCase({ id: `inc-${month}${day}-${String(number).padStart(8, '0')}` });
      await enter(bucket.to, head, null);
      if (number % 10 !== 3) await enter(bucket.to, head, sealed);
    }
});

const written = async (
  days: Parameters<typeof writeIndex>[2],
  dir = mkdtempSync(join(home, 'index-')),
) => {
  const months = await writeIndex(bucket.to, dir, days);
  const read = (file: string): string => readFileSync(join(dir, file), 'utf8');
  return {
    dir,
    months,
    read,
    ids: months.flatMap(({ files }) =>
      files.flatMap((file) => read(file).match(/inc-\d{8}-\d{8}/g) ?? []),
    ),
  };
};

it('has every incident of 1,000 once, and every link leads to a page that is there', async () => {
  const began = performance.now();
  const { dir, months, read, ids } = await written({});
  process.stdout.write(
    `index of 1,000 incidents written in ${(performance.now() - began).toFixed(0)} ms\n`,
  );

  expect([ids.length, new Set(ids).size]).toEqual([1_000, 1_000]);
  expect(months[0]).toEqual({
    span: '2026/10',
    incidents: 250,
    unsealed: 25,
    files: ['2026-10.html', '2026-10-2.html', '2026-10-3.html'],
  });
  const files = readdirSync(dir);
  const links = files.flatMap((file) =>
    [...read(file).matchAll(/href="([^"#]+)"/g)].map(([, to]) => to ?? ''),
  );
  expect(links.filter((to) => !files.includes(to))).toEqual([]);
  expect([...new Set(links)].sort()).toEqual(files.sort());
  expect(files.map((file) => read(file)).join('')).not.toMatch(/<script|https?:/);
});

it('keeps to the days that are asked for, and reads no month besides', async () => {
  bucket.mock.resetHistory();
  const { months, ids, read } = await written({ from: '2026-11-20', until: '2026-12-02' });

  expect(months.map(({ span, incidents }) => [span, incidents])).toEqual([
    ['2026/11', 60],
    ['2026/12', 20],
  ]);
  expect([ids.at(0), ids.at(-1)]).toEqual(['inc-20261120-00000190', 'inc-20261202-00000019']);
  expect(read('index.html')).toContain('from 2026-11-20 to 2026-12-02');
  expect(bucket.mock.calls().length).toBeLessThan(200);
  expect((await written({ until: '2025-12-31' })).read('index.html')).toContain('There are none.');
});

it('links to an incident that was pulled beside it, when it is written again', async () => {
  const { dir } = await written({});
  const path = 'incidents/2026/11/01/inc-20261101-00000000';
  mkdirSync(join(dir, path), { recursive: true });
  writeFileSync(join(dir, path, 'index.html'), 'pulled');

  const { read } = await written({}, dir);

  expect(read('2026-11.html')).toContain(`href="${path}/index.html"`);
  expect(read('2026-11.html').match(/href="incidents/g)).toHaveLength(1);
});
