import { runProgram } from '../../local/engine/run-program.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** A bundle in a fresh process. */
export const loadTime = async (
  file: string,
  env: Readonly<Record<string, string>> = {},
  runs = 15,
): Promise<Spread> => {
  const code = [
    'const began = performance.now();',
    `await import(${JSON.stringify(file)});`,
    'console.log(performance.now() - began);',
  ].join('\n');
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { code: ended, output } = await runProgram(
      process.execPath,
      ['--input-type=module', '--eval', code],
      { env },
    );
    if (ended !== 0) throw new Error(`the bundle cannot be loaded:\n${output}`);
    times.push(Number(output));
  }
  return spreadOf(times);
};
