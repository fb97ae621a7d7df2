import type { Command } from 'commander';
import { assertPortsFree, type RunningApp, startApp } from '../local/app/start.ts';
import { startConsole } from '../local/console/server.ts';
import { bringUp, type Running } from '../local/engine/bring-up.ts';
import { metFullDisk } from '../local/engine/disk.ts';
import { DiskFullError } from '../local/engine/disk-errors.ts';
import { engineFacts } from '../local/engine/engine-facts.ts';
import { whileAnswering } from '../local/engine/engine-watch.ts';
import { withCollected } from '../local/engine/kept.ts';
import { portTakenSince } from '../local/engine/port.ts';
import { DEFAULT_PORT } from '../local/engine/run-dir.ts';
import { CordonError } from '../operator/errors.ts';
import { errorMessage } from '../responders/shared/errors.ts';
import type { FirstDrill } from './drill/first.ts';
import { drillLines, drillSummary } from './drill/text.ts';
import { type ExitCode, type Output, table } from './output.ts';
import type { UpDocument } from './schemas/up.ts';
import { closingLines, factLines, writeFacts } from './up-text.ts';
import { type CommandDeps, type CommonOptions, finishItself, portNumber, verb } from './verb.ts';

export interface UpDeps extends CommandDeps {
  /** The drill that runs once everything is up. `cordon.ts` and tests hand in different ones. */
  readonly firstDrill: FirstDrill;
}

interface UpOptions extends CommonOptions {
  readonly exit?: boolean;
  readonly drill: boolean;
  readonly port: number;
}

/** `cordon up`: engine, deployment, first drill; stays until Ctrl-C. */
export const up = (command: Command, deps: UpDeps): void => {
  verb(command, ['cordon up', 'cordon up --exit --port 4600 --json'])
    .option('--exit', 'stop everything when the drill is scored; exit code 3 when it failed')
    .option(
      '--port <number>',
      'port of the engine, the first of a block of ten',
      portNumber,
      DEFAULT_PORT,
    )
    .option('--no-drill', 'do not run the first drill')
    .action((options: UpOptions) => finishItself(deps, options, (out) => run(deps, out, options)));
};

/**
 * Brings up every stack, or with `only` that stack and those it needs. Returns after the drill with
 * `exit`, else when Ctrl-C is pressed.
 */
export const run = async (
  deps: UpDeps,
  out: Output,
  { exit = false, drill, port, only }: UpOptions & { readonly only?: string },
): Promise<ExitCode> => {
  const { root, env, signal } = deps;
  await assertPortsFree(port); // before the deployment, which takes a minute
  const running = await bringUp({ root, port, env, by: 'up', only, say: out.say, signal }).catch(
    (error: unknown) => {
      throw signal.aborted ? new CordonError('stopped before it was ready') : error;
    },
  );
  const stops: (() => unknown)[] = [];
  try {
    const started = await untilEngineEnds(
      running,
      appOf(running, { env, now: Date.now(), say: out.say }),
    );
    stops.push(() => started?.stop());
    const console = await consoleOf(running, out);
    stops.push(() => console?.stop());
    if (console) out.note(`console: ${console.url}`);
    const code = await drillAndWait(deps, { ...running, app: started }, out, { exit, drill });
    out.note('stopping');
    await stopRun(running, stops);
    return code;
  } catch (error) {
    out.note(`stopping${error instanceof DiskFullError ? ', because the disk is full' : ''}`);
    await stopRun(running, stops);
    throw withCollected(root, running.engine, error);
  }
};

/** Rejects when the engine ends, or its disk is full, before the work is done. */
const untilEngineEnds = <Result>({ engine }: Running, work: Promise<Result>): Promise<Result> =>
  Promise.race([work, engine.ended.then((error) => Promise.reject(error))]);

/** The engine is stopped also when the application could not be stopped. */
const stopRun = async ({ engine }: Running, stops: readonly (() => unknown)[]): Promise<void> => {
  try {
    await Promise.all(stops.map((stop) => stop()));
  } finally {
    await engine.stop();
  }
};

/** The application, if the configuration has it. */
const appOf = async (
  { engine, connection }: Running,
  options: Parameters<typeof startApp>[1],
): Promise<RunningApp | undefined> =>
  connection.outputs.CordonProtectedApp
    ? whileAnswering(engine, startApp(connection, options))
    : undefined;

/** The console, if the response pipeline is deployed. */
const consoleOf = async (
  { connection }: Running,
  out: Output,
): Promise<Awaited<ReturnType<typeof startConsole>> | undefined> => {
  if (!connection.outputs.CordonResponse) return undefined;
  return startConsole(connection).catch((error: unknown) => {
    out.note(`no console: ${errorMessage(portTakenSince(error) ?? error)}`);
    return undefined;
  });
};

/**
 * Prints what is up, runs the drill and, without `exit`, waits for Ctrl-C. Ends at once when the
 * engine ends or Ctrl-C is pressed.
 */
const drillAndWait = async (
  deps: UpDeps,
  { engine, connection, app }: Running & { readonly app: RunningApp | undefined },
  out: Output,
  { exit, drill }: { exit: boolean; drill: boolean },
): Promise<ExitCode> => {
  let code: ExitCode = 0;
  // While the engine stops, the drill still runs for a moment; its lines would mislead.
  let engineEnded = false;
  const progress = (line: string): void =>
    deps.signal.aborted || engineEnded ? undefined : out.note(line);
  const ended = engine.ended.then((error) => {
    engineEnded = true;
    throw error;
  });
  const stopRequested = new Promise<void>((resolve, reject) => {
    const end = (): void =>
      exit ? reject(new CordonError('stopped before the drill was scored')) : resolve();
    if (deps.signal.aborted) end();
    deps.signal.addEventListener('abort', end);
  });
  const work = async (): Promise<void> => {
    const facts = await engineFacts(connection);
    const { rootKey: _secret, ...printed } = connection;
    const lines = factLines(connection, facts);
    out.line(lines[0]);
    if (app) printApp(out, app);
    const drilling = drill ? deps.firstDrill(connection, progress) : undefined;
    const result = drilling && (await whileAnswering(engine, drilling));
    const drilled = result ? drillLines(result) : [];
    if (result) out.line(`\n${drillSummary(result).join('\n')}`);
    const file = writeFacts(deps.root, connection.port, [...lines, '', ...drilled]);
    if (result?.passed === false) code = 3;
    const full = metFullDisk(connection.runDir);
    if (full) throw full;
    out.document<UpDocument>({
      ...printed,
      ...facts,
      app: app ? documentOf(app) : null,
      drill: result ?? null,
    });
    out.line(`\n${closingLines({ file, exit, incidentId: result?.incidentId }).join('\n')}`);
    if (exit) return;
    out.note('Ctrl-C stops everything');
    await stopRequested;
  };
  await Promise.race([work(), ended, stopRequested]);
  return code;
};

const printApp = (out: Output, { url, users, edge, outside }: RunningApp): void => {
  out.line('\nThe protected application');
  const notJudged = edge.notJudged.map(({ rule }) => rule).join(', ');
  const firewall = `${edge.judged.length} rules judged here; only AWS judges ${notJudged}`;
  const rows: [string, string][] = users.map(({ name, email, password }) => [
    name,
    `${email.padEnd(26)} ${password}`,
  ]);
  out.line(
    table([
      ['API', url],
      ...rows,
      ['OpenAI', outside.openai],
      ['Salesforce', outside.salesforce],
      ['Firewall', firewall],
    ]),
  );
  out.line('  Try it: npx cordon app call GET /products --as standard');
};

const documentOf = ({ url, users, seeded, edge, outside: { openai, salesforce } }: RunningApp) => ({
  ...{ url, users, seeded, edge },
  outside: { openai, salesforce },
});
