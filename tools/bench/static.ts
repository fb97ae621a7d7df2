import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../infra/bundle.ts';
import { field, readJson } from '../../local/engine/parse.ts';
import { runProgram } from '../../local/engine/run-program.ts';
import { containFinding } from '../../responders/contain/containment.ts';
import { appBundleLines } from './app-bundles.ts';
import { loadTime } from './load-time.ts';
import { quickAws } from './quick-aws.ts';
import { inWords, type Line, spreadOf } from './statistics.ts';

const root = join(import.meta.dirname, '../..');

/** States that an incident passes before the one that contains. */
const statesBefore = (): number => {
  const definition = readJson(join(root, 'state-machines/incident-response.asl.json'));
  let [state, count] = [String(field(definition, 'StartAt')), 0];
  for (; count < 20; count += 1) {
    const body = field(field(definition, 'States'), state);
    if (String(field(field(body, 'Arguments'), 'FunctionName')) === '${ContainmentLambda}')
      return count;
    state = String(field(body, 'Next'));
  }
  throw new Error('no state of the incident response contains anything');
};

const writes = /^dynamodb:(Put|Update|Delete|TransactWrite|BatchWrite)/;
const contains = /^(iam:(Attach|Tag|Put)|lambda:PUT)/;

/**
 * Durable writes and rounds of calls before the first call that contains, as the SDK really sent
 * them.
 */
const callsBefore = async (): Promise<Line[]> => {
  const { deps, sent, event } = quickAws();
  const { state } = await containFinding({ event, drill: false, execution: 'bench' }, deps);
  if (state !== 'contained') throw new Error(`the quick account was not contained but ${state}`);
  const before = sent.slice(
    0,
    sent.findIndex((call) => contains.test(call)),
  );
  const durable = before.filter((call) => writes.test(call));
  return [
    {
      what: 'durable writes before the first containment call',
      unit: '',
      measured: durable.length,
      most: 1,
      detail: durable.join(', '),
    },
    {
      what: 'reads before it, all in parallel',
      unit: '',
      measured: before.length - durable.length,
      detail: [...new Set(before)].join(', '),
    },
  ];
};

/**
 * The handler without AWS's time: the SDK serialises, signs and parses, and every answer is there
 * at once.
 */
const handlerTime = async (): Promise<Line> => {
  const times: number[] = [];
  const { deps, event, reset } = quickAws();
  for (let run = 0; run < 600; run += 1) {
    reset();
    const began = performance.now();
    await containFinding({ event, drill: false, execution: `bench-${run}` }, deps);
    if (run >= 100) times.push(performance.now() - began);
  }
  const spread = spreadOf(times);
  return {
    what: 'handler without AWS time, p99',
    unit: 'ms',
    measured: spread.p99,
    most: 20,
    detail: inWords(spread),
  };
};

const containLoad = async (file: string): Promise<Line> => {
  const spread = await loadTime(file);
  return {
    what: 'load of the contain bundle, median',
    unit: 'ms',
    measured: spread.p50,
    most: 60,
    detail: inWords(spread),
  };
};

/** What needs no engine. */
export const staticLines = async (): Promise<Line[]> => {
  const outdir = mkdtempSync(join(tmpdir(), 'cordon-bench-'));
  try {
    bundle({ outdir });
    const file = join(outdir, 'contain/index.mjs');
    const size = {
      what: 'contain bundle',
      unit: 'kB',
      measured: statSync(file).size / 1_000,
      most: 450,
    };
    return [
      {
        what: 'states before the first containment call',
        unit: '',
        measured: statesBefore(),
        most: 0,
      },
      ...(await callsBefore()),
      size,
      await containLoad(file),
      ...(await appBundleLines(outdir)),
      await handlerTime(),
    ];
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

/** `node infra/app.ts` in a fresh process without any cache: templates and bundles. */
export const coldSynth = async (
  folder: string,
  given: Readonly<Record<string, unknown>>,
  path: string,
): Promise<Line> => {
  const context: unknown = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  // As in a local run, nobody has to be named who may approve.
  const own = { ...Object(field(context, 'context')), 'cordon:local': true, cordon: given };
  const env = { PATH: path, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(own) };
  const began = performance.now();
  const { code, output } = await runProgram(process.execPath, ['infra/app.ts'], { cwd: root, env });
  if (code !== 0) throw new Error(`infra/app.ts could not be synthesised:\n${output}`);
  return { what: 'synthesis, cold', unit: 's', measured: (performance.now() - began) / 1_000 };
};
