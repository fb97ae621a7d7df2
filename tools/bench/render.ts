import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { isRecord } from '../../responders/shared/json.ts';
import { inWords, type Line, spreadOf } from './statistics.ts';

interface Render {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly kb: number;
}

const once = (): Render => {
  const said: unknown = JSON.parse(
    execFileSync(process.execPath, [join(import.meta.dirname, 'render-once.ts')], {
      encoding: 'utf8',
    }),
  );
  if (!isRecord(said)) throw new Error('the render said nothing');
  return {
    ms: Number(said.ms),
    cpuMs: Number(said.cpuMs),
    peakMb: Number(said.peakMb),
    kb: Number(said.kb),
  };
};

/**
 * Every form of a report of 5,000 rows, each time in a process that has just started; judged by
 * what the processor spent, which other work does not stretch.
 */
export const renderLines = (times = 7): Line[] => {
  const renders = Array.from({ length: times }, once);
  const [cpu, ms, memory] = (['cpuMs', 'ms', 'peakMb'] as const).map((key) =>
    spreadOf(renders.map((render) => render[key])),
  );
  if (!cpu || !ms || !memory) throw new Error('nothing was measured');
  const what = 'report of 5,000 rows';
  return [
    {
      what: `${what}, all its forms, first in its process: processor time, median`,
      unit: 'ms',
      measured: cpu.p50,
      most: 300,
      detail: inWords(cpu),
    },
    { what: `${what}: the same by the clock`, unit: 'ms', measured: ms.p50, detail: inWords(ms) },
    {
      what: `${what}: peak memory of the process`,
      unit: 'MB',
      measured: memory.max,
      most: 200,
      detail: inWords(memory),
    },
    {
      what: `${what}: the page`,
      unit: 'kB',
      measured: Math.max(...renders.map(({ kb }) => kb)),
      most: 300,
    },
  ];
};
