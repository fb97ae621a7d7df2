import { describe, expect, it } from 'vitest';
import { zipOf } from '../../../../../../local/engine/zip.ts';
import {
  type Listing,
  limits,
  listZip,
  NoZipError,
} from '../../../../../../responders/evidence/sources/parts/zip-listing.ts';
import { at } from '../../../../../../responders/shared/json.ts';
import fc from '../../../../../support/property.ts';
import { bomb, central, million } from '../../../../../support/responders/evidence/archives.ts';

const readOf = (bytes: Uint8Array) => async (start: number, length: number) =>
  bytes.subarray(start, start + length);
/** Its time stands still unless a test lets it pass, so that no slow machine cuts a list short. */
const list = (bytes: Uint8Array, now = () => 0): Promise<Listing> =>
  listZip(readOf(bytes), bytes.length, now);

describe('the list of files of an archive', () => {
  it('names what is in it, from its central directory', async () => {
    const archive = zipOf([
      { name: 'index.mjs', data: Buffer.from('export const handler = 1;') },
      { name: 'lib/a.txt', data: Buffer.alloc(2_000) },
    ]);

    expect(await list(archive)).toMatchObject({
      entries: 2,
      listed: 2,
      complete: true,
      flagged: {},
      files: [
        { name: 'index.mjs', unpacked: 25, flags: [] },
        { name: 'lib/a.txt', unpacked: 2_000, flags: [] },
      ],
    });
  });

  it.each([
    ['a way out', { name: '../../etc/passwd' }, 'leads out of its folder'],
    ['a way out of Windows', { name: '..\\evil' }, 'leads out of its folder'],
    ['an absolute name', { name: '/etc/passwd' }, 'leads out of its folder'],
    ['a symbolic link', { name: 'link', mode: 0o120777 }, 'symbolic link'],
    ['an encrypted entry', { name: 'secret', bits: 1 }, 'encrypted'],
    ['an archive in the archive', { name: 'inner.ZIP' }, 'an archive itself'],
    [
      'a bomb',
      { name: 'zeros', packed: 10_000, unpacked: 4_000_000_000 },
      'grows more than 100 times',
    ],
  ])('flags %s and unpacks nothing', async (_what, entry, flag) => {
    const { flagged, files } = await list(central([entry]));

    expect(flagged).toEqual({ [flag]: 1 });
    expect(files[0]?.flags).toEqual([flag]);
  });

  it('tells what a bomb claims', async () => {
    expect((await list(bomb())).claims).toMatchObject({
      unpacked: 281_474_976_710_655,
      ratio: expect.any(Number),
    });
  });

  it('stops after so many entries, and says how many there are', async () => {
    const listing = await list(million());

    expect(listing).toMatchObject({ entries: 1_000_000, listed: limits.entries, complete: false });
  });

  it('stops when its time is up', async () => {
    let clock = 0;
    const listing = await list(
      central(Array.from({ length: 50 }, (_, index) => ({ name: `f${index}` }))),
      () => (clock += 1_000),
    );

    expect(listing).toMatchObject({ entries: 50, complete: false });
    expect(listing.listed).toBeLessThan(10);
  });

  it('caps names of 2 KB and keeps their letters as they are', async () => {
    const { files } = await list(central([{ name: `\u202e${'x'.repeat(2_000)}` }]));

    expect(files[0]?.name).toBe(`\u202e${'x'.repeat(limits.name - 1)}`);
  });

  it('ends on any bytes at all with a list or with one kind of error', async () => {
    const archive = central([{ name: 'a' }, { name: 'b' }]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { maxLength: 8 }),
        async (changes) => {
          const broken = Buffer.from(archive);
          for (const [at, value] of changes) broken[at] = value;
          const outcome = await list(broken).catch((error: unknown) => error);
          expect(outcome instanceof NoZipError || typeof at(outcome, 'listed') === 'number').toBe(
            true,
          );
        },
      ),
      { numRuns: 300 },
    );
    await expect(list(Buffer.alloc(0))).rejects.toThrow(NoZipError);
    await expect(list(Buffer.from('not a zip at all, really not'))).rejects.toThrow(NoZipError);
  });
});
