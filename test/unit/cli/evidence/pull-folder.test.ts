import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { openPullFolder } from '../../../../cli/evidence/pull-folder.ts';
import { temp } from '../../../support/temp.ts';

const sizes = new Map([
  ['manifest.json', 8],
  ['logs/a.json', 300_000],
]);
const content = (text: string): Readable => Readable.from([Buffer.from(text)]);

it.each(['a new folder', 'an empty folder'])(
  'a copy appears in %s when it is complete',
  async (kind) => {
    const to = join(temp('pull'), 'deep/case');
    if (kind === 'an empty folder') mkdirSync(to, { recursive: true });
    const copy = await openPullFolder(to);
    await copy.reserve(sizes);
    expect(statSync(join(copy.path, 'logs/a.json')).size).toBe(300_000);
    await copy.releaseSlack();
    await copy.save('logs/a.json', content('shorter than listed'));
    await copy.save('manifest.json', content('longer than listed'));
    await copy.save('custody/000001.json', content('not listed'));
    expect(existsSync(join(to, 'manifest.json'))).toBe(false);

    await copy.publish();

    expect(readdirSync(to).sort()).toEqual(['custody', 'logs', 'manifest.json']);
    expect(readFileSync(join(to, 'logs/a.json'), 'utf8')).toBe('shorter than listed');
    expect(readFileSync(join(to, 'manifest.json'), 'utf8')).toBe('longer than listed');
    expect(readdirSync(dirname(to))).toEqual(['case']);
    expect(existsSync(copy.path)).toBe(false);
  },
);

it('a copy that is given up leaves nothing, and its folder says meanwhile that it is not complete', async () => {
  const to = join(temp('pull'), 'case');
  const copy = await openPullFolder(to);
  await copy.reserve(sizes);
  expect(basename(copy.path)).toMatch(/^case\.partial-/);

  copy.discard();

  expect(readdirSync(dirname(to))).toEqual([]);
});

it('more than the disk holds is refused before anything is copied, with the disk of the copy', async () => {
  const to = join(temp('pull'), 'case');
  const copy = await openPullFolder(to);

  await expect(copy.reserve(new Map([['a', 1e18]]))).rejects.toThrow(
    `no space left on the disk that holds ${to} (mounted at `,
  );
  copy.discard();
});

it('a file that could not be copied leaves none of its reserved bytes', async () => {
  const copy = await openPullFolder(join(temp('pull'), 'case'));
  await copy.reserve(sizes);
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('part');
      throw new Error('the connection broke');
    })(),
  );

  await expect(copy.save('logs/a.json', broken)).rejects.toThrow('the connection broke');
  expect(existsSync(join(copy.path, 'logs/a.json'))).toBe(false);
  copy.discard();
});

it('a file that is there already is not overwritten', async () => {
  const copy = await openPullFolder(join(temp('pull'), 'case'));
  writeFileSync(join(copy.path, 'a'), 'first');

  await expect(copy.save('a', content('second'))).rejects.toThrow('EEXIST');
  expect(readFileSync(join(copy.path, 'a'), 'utf8')).toBe('first');
  copy.discard();
});
