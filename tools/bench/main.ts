import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { KeyedEngine } from '../../local/engine/clients.ts';
import { deploy } from '../../local/engine/deploy.ts';
import { freePort } from '../../local/engine/port.ts';
import { startEngine } from '../../local/engine/start.ts';
import { drillLines } from './drills.ts';
import { edgeBench } from './edge.ts';
import { floodLines } from './flood-lines.ts';
import { latencyLines, measure } from './latency.ts';
import { mailFlood, mailLines } from './mail-flood.ts';
import { modelLines } from './models.ts';
import {
  type ObservePlan,
  observed,
  observeEverything,
  observeInPart,
  observeLines,
} from './observe.ts';
import { productLines } from './products.ts';
import { questionLines } from './questions.ts';
import { renderLines } from './render.ts';
import { serviceLines } from './services.ts';
import { siteLines } from './sites.ts';
import { startLines } from './start-time.ts';
import { coldSynth, staticLines } from './static.ts';
import { type Line, missed, table } from './statistics.ts';

const root = join(import.meta.dirname, '../..');
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '50' },
    findings: { type: 'string', default: '500' },
    roles: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
    'no-latency': { type: 'boolean', default: false },
    questions: { type: 'string', default: '200' },
    'no-questions': { type: 'boolean', default: false },
    pages: { type: 'string', default: '300' },
    'no-pages': { type: 'boolean', default: false },
    'no-mail': { type: 'boolean', default: false },
    'no-flood': { type: 'boolean', default: false },
    'no-models': { type: 'boolean', default: false },
    'only-models': { type: 'boolean', default: false },
    'no-sites': { type: 'boolean', default: false },
    'no-engine': { type: 'boolean', default: false },
    count: { type: 'string', default: '50' },
    observed: { type: 'string', default: '1000' },
    rotate: { type: 'boolean', default: false },
  },
});
const say = (line: string): boolean => process.stderr.write(`${line}\n`);

/**
 * A Cordon of its own on a free port. The drill's wait for CloudTrail is left out: no measurement
 * here is about it.
 */
const onEngine = async <T>(
  assembly: string,
  work: (
    at: KeyedEngine & { pid: number; runDir: string },
    outputs: Record<string, string>,
  ) => Promise<T>,
): Promise<T> => {
  const engine = await startEngine({ root, port: await freePort(), env: process.env, by: 'bench' });
  try {
    const stacks = await deploy(assembly, engine);
    return await work(engine, Object.assign({}, ...Object.values(stacks)));
  } finally {
    await engine.stop();
  }
};

const latencyOf = (assembly: string): Promise<Line[]> => {
  say(`measuring ${options.rounds} incidents and as many of the bare pipeline`);
  return onEngine(assembly, async (at, outputs) =>
    latencyLines(await measure(at, outputs, Number(options.rounds))),
  );
};

const mailOf = (assembly: string): Promise<Line[]> => {
  const plan = { findings: 1_000, seconds: 10, withinMs: 600_000 };
  say(`mailing about ${plan.findings} findings in ${plan.seconds} s`);
  return onEngine(assembly, async (at, outputs) =>
    mailLines(await mailFlood(at, outputs, plan), plan),
  );
};

const questionsOf = (assembly: string): Promise<Line[]> => {
  say(`asking ${options.questions} questions at once`);
  return onEngine(assembly, (at, outputs) => questionLines(at, outputs, Number(options.questions)));
};

const pagesOf = (assembly: string): Promise<Line[]> => {
  say(`reading ${options.pages} pages of products, and as many by a bare function`);
  return onEngine(assembly, (at, outputs) => productLines(at, outputs, Number(options.pages)));
};

const floodIn = (assembly: string): Promise<Line[]> => {
  const plan = {
    findings: Number(options.findings),
    roles: Number(options.roles),
    seconds: Number(options.seconds),
    repeats: 0.3,
  };
  say(`flooding with ${plan.findings} findings on ${plan.roles} roles`);
  return onEngine(assembly, (at, outputs) => floodLines(at, outputs, plan));
};

const given = {
  lagSeconds: { drill: 0 },
  notify: ['bench@example.org'],
  app: { ai: { dailyTokens: 100_000_000, dailyTokensOfAll: 1_000_000_000 } },
};

const withEngine = async (): Promise<Line[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-'));
  try {
    say('synthesising');
    const synth = await coldSynth(folder, given, process.env.PATH ?? '');
    const edge = await edgeBench(folder);
    const latency = options['no-latency'] ? [] : await latencyOf(folder);
    const mail = options['no-mail'] ? [] : await mailOf(folder);
    const questions = options['no-questions'] ? [] : await questionsOf(folder);
    const pages = options['no-pages'] ? [] : await pagesOf(folder);
    const asked = [synth, ...edge, ...latency, ...mail, ...questions, ...pages];
    return options['no-flood'] ? asked : [...asked, ...(await floodIn(folder))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** `npm run bench -- flood` measures nothing else: it needs a machine with nothing else to do. */
const floodOf = async (): Promise<readonly Line[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-'));
  try {
    say('synthesising');
    await coldSynth(folder, given, process.env.PATH ?? '');
    return await floodIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const modelsOf = (): Promise<readonly Line[]> => {
  say('running in full what is small in the suite');
  return modelLines(process.env, say);
};

/** `npm run bench -- sites` measures nothing else. */
const sitesOf = (): Promise<readonly Line[]> => {
  say('opening the pages of both sites in a browser');
  return siteLines(root, process.env);
};

/** `npm run bench -- services` measures nothing else. */
const servicesOf = (): Promise<readonly Line[]> => {
  say('starting a database, a cache and a task');
  return serviceLines(root, process.env);
};

const measuredLines = async (): Promise<readonly Line[]> => {
  say('measuring bundle and handler');
  return [
    ...(await staticLines()),
    ...(await startLines()),
    ...renderLines(),
    ...(options['no-sites'] ? [] : await sitesOf()),
    ...(options['no-engine'] ? [] : await withEngine()),
    ...(options['no-engine'] ? [] : await servicesOf()),
  ];
};

/** `npm run bench -- drills --count 50`. It takes half an hour, so it runs only when asked. */
const drillsOf = (): Promise<readonly Line[]> => {
  say(`running ${options.count} drills on one run`);
  return drillLines({
    root,
    env: process.env,
    count: Number(options.count),
    rotate: options.rotate,
    say,
  });
};

const observedLines = async (plan: ObservePlan): Promise<readonly Line[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-'));
  try {
    say(`observing ${plan.name}: ${plan.findings.length} findings`);
    const given = { observe: plan.observe, lagSeconds: { real: 0, drill: 0 }, heartbeat: 'off' };
    await coldSynth(folder, given, process.env.PATH ?? '');
    return await onEngine(folder, async (at, outputs) =>
      observeLines(plan, await observed(at, outputs, plan)),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** `npm run bench -- observe --observed 1000`. It takes long, so it runs only when asked. */
const observeOf = async (): Promise<readonly Line[]> => [
  ...(await observedLines(observeEverything(Number(options.observed)))),
  ...(await observedLines(observeInPart(40))),
];

const linesOf = async (): Promise<readonly Line[]> => {
  if (positionals.includes('drills')) return drillsOf();
  if (positionals.includes('sites')) return sitesOf();
  if (positionals.includes('services')) return servicesOf();
  if (positionals.includes('flood')) return floodOf();
  if (positionals.includes('observe')) return observeOf();
  return [
    ...(options['only-models'] ? [] : await measuredLines()),
    ...(options['no-models'] || options['no-engine'] ? [] : await modelsOf()),
  ];
};

const lines = await linesOf();
mkdirSync(join(root, '.cordon'), { recursive: true });
const measured = { at: new Date().toISOString(), node: process.version, lines };
writeFileSync(join(root, '.cordon/bench.json'), `${JSON.stringify(measured, undefined, 2)}\n`);
process.stdout.write(`${table(lines)}\n`);
process.exitCode = lines.some(missed) ? 1 : 0;
