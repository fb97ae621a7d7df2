import { expect, it } from 'vitest';
import { writeWhole } from '../../../cli/standard-streams.ts';

it('a text is written whole, although each write takes a part only', () => {
  const taken: Buffer[] = [];
  writeWhole('déjà vu', (bytes) => {
    taken.push(Buffer.from(bytes.subarray(0, 2)));
    return Math.min(2, bytes.length);
  });

  expect(Buffer.concat(taken).toString()).toBe('déjà vu');
});

it('a write that fails after a part was taken is an error', () => {
  let writes = 0;
  const write = (): number => {
    writes += 1;
    if (writes > 1) throw new Error('ENOSPC');
    return 3;
  };

  expect(() => writeWhole('four', write)).toThrow('ENOSPC');
});
