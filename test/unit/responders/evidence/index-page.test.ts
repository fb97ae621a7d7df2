import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { enter } from '../../../../responders/evidence/entry.ts';
import { indexPage, readIndex } from '../../../../responders/evidence/index-page.ts';
import { fakeBucket } from '../../../support/fakes/bucket.ts';
import { aCase } from '../../../support/fakes/sources.ts';

const sealed = { sequence: 1, sha256: 'ab'.repeat(32), objects: 44, bytes: 1_000_000, gaps: 2 };

const filled = async (incidents: number) => {
  const bucket = fakeBucket();
  for (let number = 0; number < incidents; number += 1) {
    const day = String(1 + (number % 20)).padStart(2, '0');
    const { head } = aCase({ id: `inc-202611${day}-${String(number).padStart(8, '0')}` });
    await enter(bucket.to, head, null);
    if (number % 10 !== 3) await enter(bucket.to, head, sealed);
  }
  return bucket;
};

const callsFor = async (bucket: Awaited<ReturnType<typeof filled>>, span: string) => {
  bucket.mock.resetHistory();
  const began = performance.now();
  const page = await readIndex(bucket.to, { span });
  const calls = [ListObjectsV2Command, GetObjectCommand].map(
    (command) => bucket.mock.commandCalls(command as typeof GetObjectCommand).length,
  );
  return { page, calls, ms: performance.now() - began };
};

it('a page costs one list and one read for each of its incidents, with 1,000 incidents in the bucket as with 60', async () => {
  const [few, many] = [await filled(60), await filled(1_000)];
  const [small, large] = [await callsFor(few, '2026/11'), await callsFor(many, '2026/11')];

  process.stdout.write(
    `index page of 50: ${small.ms.toFixed(0)} ms of 60 incidents, ${large.ms.toFixed(0)} ms of 1,000\n`,
  );
  expect(small.calls).toEqual([1, 50]);
  expect(large.calls).toEqual([1, 50]);
});

it('all pages together hold every incident once, sealed or not', async () => {
  const bucket = await filled(130);
  const names: string[] = [];
  let unsealed = 0;
  let after: string | undefined;
  do {
    const page = await readIndex(bucket.to, { span: '2026/11', after });
    names.push(...page.rows.map(({ name }) => name));
    unsealed += page.rows.filter((row) => !row.sealed).length;
    after = page.next;
  } while (after);

  expect(names.length).toBe(130);
  expect(new Set(names).size).toBe(130);
  expect(unsealed).toBe(13);
});

it('links from an index on disk to the folders, and says who is not sealed', async () => {
  const page = indexPage(await readIndex((await filled(5)).to, { span: '2026' }), {
    folder: (folder) => `../${folder}index.html`,
  });

  expect(page).toContain('href="../incidents/2026/11/01/inc-20261101-00000000/index.html"');
  expect(page.match(/not sealed/g)?.length).toBeGreaterThan(0);
  await expect(readIndex((await filled(0)).to, { span: '../x' })).rejects.toThrow(
    /no year, month or day/,
  );
});
