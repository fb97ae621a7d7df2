import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../local/engine/run-program.ts';
import { inWords, type Line, spreadOf } from './statistics.ts';

const root = join(import.meta.dirname, '../..');

/** Prints the processor time of the process at its end; the same for all that are compared. */
const hook =
  'process.on("exit", () => { const { user, system } = process.cpuUsage(); ' +
  'process.stderr.write(`\\ncpu ${(user + system) / 1000}\\n`); });';

interface StartTime {
  readonly wallMs: number;
  readonly cpuMs: number;
}

const timeOf = async (words: readonly string[], home: string): Promise<StartTime> => {
  const began = performance.now();
  const { output } = await runProgram(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, ...words],
    { env: { CORDON_ROOT: home } },
  );
  const wallMs = performance.now() - began;
  return { wallMs, cpuMs: Number(/\ncpu ([\d.]+)/.exec(output)?.[1] ?? Number.NaN) };
};

/** How the command starts, beside Node.js that does nothing, in turns. */
export const startLines = async (runs = 15): Promise<readonly Line[]> => {
  const home = mkdtempSync(join(tmpdir(), 'cordon-start-'));
  const command = join(root, 'cli/cordon.mjs');
  const commands = {
    bare: ['-e', '0'],
    '--help': [command, '--help'],
    show: [command, 'show', 'inc-20261121-7f3k2m8q'],
  };
  const times = new Map<string, StartTime[]>();
  try {
    // The first run of each fills the compile cache.
    await Promise.all(Object.values(commands).map((words) => timeOf(words, home)));
    for (let run = 0; run < runs; run += 1)
      for (const [name, words] of Object.entries(commands))
        times.set(name, [...(times.get(name) ?? []), await timeOf(words, home)]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  const spread = (name: string, kind: keyof StartTime) =>
    spreadOf((times.get(name) ?? []).map((time) => time[kind]));
  return ['--help', 'show'].flatMap((name) => {
    const wall = spread(name, 'wallMs');
    const ratio = (kind: keyof StartTime): number =>
      spread(name, kind).p50 / spread('bare', kind).p50;
    return [
      { what: `cordon ${name}`, unit: 'ms', measured: wall.p50, most: 600, detail: inWords(wall) },
      {
        what: `cordon ${name}: time by that of bare Node.js`,
        unit: '',
        measured: ratio('wallMs'),
        most: 4,
      },
      {
        what: `cordon ${name}: processor time by that of bare Node.js`,
        unit: '',
        measured: ratio('cpuMs'),
        most: 4,
      },
    ];
  });
};
