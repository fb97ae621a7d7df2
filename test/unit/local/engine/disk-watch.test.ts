import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { watchDisk } from '../../../../local/engine/disk-watch.ts';
import { temp } from '../../../support/temp.ts';

const roomy = { bytes: 1_000_000_000, files: 100_000 };

describe('the watch over the disk of a run', () => {
  it('tells once the disk is nearly full, while writes under way still have room', async () => {
    const folder = temp('watched');
    const spaces = [roomy, roomy, { bytes: 7_900_000, files: 100_000 }];
    let looks = 0;
    const watch = watchDisk(folder, {
      everyMs: 1,
      look: () => spaces[Math.min(looks++, 2)] ?? roomy,
    });

    const { message } = await watch.full;

    expect(looks).toBe(3);
    expect(message).toContain(`no space left on the disk that holds ${folder} (mounted at `);
    expect(message).toMatch(
      /: 7 MB are free and 8 MB are needed; free some space there, then run "cordon up" again/,
    );
  });

  it('tells of a write that failed, although the disk reports space', async () => {
    const watch = watchDisk(temp('quota'), { look: () => roomy });
    watch.report('Errno 28');
    watch.report('Errno 28');

    expect((await watch.full).message).toMatch(/: a write failed; free some space there/);
    watch.stop();
  });

  it('looks no more once it is stopped', async () => {
    let looks = 0;
    const look = () => {
      looks += 1;
      return roomy;
    };
    const watch = watchDisk(temp('stopped'), { everyMs: 1, look });
    watch.stop();
    await sleep(20);

    expect(looks).toBe(0);
  });
});
