// Full disks under a whole Cordon: one run, its evidence, its drills. An ordinary user runs this in
// `unshare -Urm`, which lets him mount the disks.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../local/engine/port.ts';
import { signal } from '../../../local/engine/processes.ts';
import { at } from '../../../responders/shared/json.ts';
import { canMount, mountSmallDisk, type SmallDisk } from '../../support/local/small-disk.ts';
import { temp } from '../../support/temp.ts';
import {
  type Command,
  cordon,
  makeWholeCheckout,
  processesOf,
  removeCheckout,
  until,
} from '../launcher/checkout.ts';

const withinMs = 280_000;

describe.runIf(canMount())(
  'a disk that fills under a whole Cordon',
  () => {
    const rows: string[][] = [['disk full', 'sentence', 'left behind', 'next start']];
    let root: string;
    let disk: SmallDisk;
    let target: SmallDisk | undefined;
    let port: string;
    let run: Command;
    let incident: string;
    beforeAll(async () => {
      root = await makeWholeCheckout((folder) => {
        // The templates that the checkout has made so far are copied to it too.
        disk = mountSmallDisk(folder, 500);
      });
      port = String(await freePort());
      run = cordon(root, 'up', '--port', port);
      await until(() => run.stderr().includes('Ctrl-C') || run.child.exitCode !== null, 500_000);
      expect(run.stderr()).toContain('Ctrl-C stops everything');
      const listed = await ended('incidents', '--json');
      incident = /inc-\d{8}-[a-z0-9]{8}/.exec(listed.stdout)?.[0] ?? '';
      expect(incident).not.toBe('');
    });
    afterAll(async () => {
      for (const { pid } of processesOf(root)) signal(pid, 'SIGKILL');
      target?.unmount();
      disk.unmount();
      await removeCheckout(root);
      process.stdout.write(`${rows.map((row) => row.join(' | ')).join('\n')}\n`);
    });

    const ended = async (...args: string[]) => {
      const command = cordon(root, ...args);
      const code = await command.ended();
      return { code, stdout: command.stdout(), stderr: command.stderr() };
    };
    /** The engine keeps the objects of S3 as files. */
    const custodyEntries = (): number =>
      readdirSync(join(root, `.cordon/run-${port}/s3`), {
        recursive: true,
        encoding: 'utf8',
      }).filter((path) => path.includes(incident) && /\/custody\/\d{6}\.json$/.test(path)).length;
    const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

    it('a pull names the disk of its target and leaves neither a folder nor custody', async () => {
      const home = temp('target');
      target = mountSmallDisk(home, 1);
      const before = custodyEntries();
      const pull = ['evidence', 'pull', incident, '--purpose', 'audit', '--to'];
      const full = await ended(...pull, join(home, 'case'));

      expect(full.code).toBe(1);
      expect(full.stderr).toMatch(
        new RegExp(
          `^cordon: no space left on the disk that holds ${home}/case \\(mounted at [^\\n]*\\n$`,
        ),
      );
      expect(readdirSync(home)).toEqual([]);
      expect(custodyEntries()).toBe(before);
      const roomy = join(temp('roomy'), 'case');
      const again = await ended(...pull, roomy);
      expect([again.code, existsSync(join(roomy, 'export.json'))]).toEqual([0, true]);
      expect(readdirSync(dirname(roomy))).toEqual(['case']);
      expect(custodyEntries()).toBe(before + 1);
      rows.push(['of a pull', lastLine(full.stderr), 'nothing', 'the next pull works']);
    });

    it('a drill and its run end, and what was collected before can be verified', async () => {
      const drill = cordon(root, 'drill', 'run', 'lambda-credential-theft', '--port', port);
      await until(
        () => /waiting for evidence/.test(drill.stderr()) || drill.child.exitCode !== null,
      );
      expect(drill.stderr()).toContain('waiting for evidence');
      disk.fill();
      const [code, runCode] = [await drill.ended(), await run.ended()];
      disk.free();

      const runDir = join(root, `.cordon/run-${port}`);
      const said = lastLine(run.stderr());
      expect(runCode).toBe(1);
      expect(said).toMatch(/^cordon: no space left on the disk that holds/);
      // A drill that comes to its end before its run does has failed, and says so.
      expect([1, 3]).toContain(code);
      if (code === 1)
        expect(lastLine(drill.stderr())).toMatch(
          /^cordon: (no space left on the disk that holds|the run on port)/,
        );
      else expect(drill.stdout()).toMatch(/FAILED/i);
      expect(said).toContain(`that holds ${runDir} (mounted at ${root}/.cordon)`);
      const kept = / had collected is in (.+) \(the newest/.exec(said)?.[1] ?? '';
      const [folder] = readdirSync(kept, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.includes(incident) && path.endsWith('/verify.mjs'))
        .map((path) => join(kept, dirname(path)));
      const verified = await ended('evidence', 'verify', folder ?? '', '--copied', '--json');
      expect([verified.code, at(JSON.parse(verified.stdout), 'ok')]).toEqual([0, true]);
      expect(readdirSync(join(kept, 'inbox')).length).toBeGreaterThan(0);
      expect([existsSync(runDir), processesOf(root)]).toEqual([false, []]);
      rows.push(['during a drill', said, kept, 'works']);
    });

    it('the advice works: the next start does, and the kept evidence stays', async () => {
      const next = await ended('up', '--exit', '--no-drill', '--port', port);

      expect([next.code, next.stderr]).toEqual([0, expect.stringContaining('stopping')]);
      expect(readdirSync(join(root, '.cordon')).filter((name) => /^kept-/.test(name))).toHaveLength(
        1,
      );
    });
  },
  withinMs,
);
