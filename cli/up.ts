import type { Command } from 'commander';
import { assertPortsFree, type RunningApp, startApp } from '../local/app/start.ts';
import { bringUp, type Running } from '../local/engine/bring-up.ts';
import { metFullDisk } from '../local/engine/disk.ts';
import { DiskFullError } from '../local/engine/disk-errors.ts';
import { engineFacts } from '../local/engine/engine-facts.ts';
import { whileAnswering } from '../local/engine/engine-watch.ts';
import { withCollected } from '../local/engine/kept.ts';
import { DEFAULT_PORT } from '../local/engine/run-dir.ts';
import { type EntranceAddress, entrancesPort, startEntrances } from '../local/entrances/serve.ts';
import { CordonError } from '../operator/errors.ts';
import type { FirstDrill } from './drill/first.ts';
import { drillLines, drillSummary } from './drill/text.ts';
import type { ExitCode, Output } from './output.ts';
import type { UpDocument } from './schemas/up.ts';
import { chosenBy, systemNames, withHelp } from './systems.ts';
import { appLines, endedLines, factLines, firstLine, stayingLines, writeFacts } from './up-text.ts';
import { type CommandDeps, type CommonOptions, finishItself, portNumber, verb } from './verb.ts';

export interface UpDeps extends CommandDeps {
  /** The drill that runs once everything is up. `cordon.ts` and tests hand in different ones. */
  readonly firstDrill: FirstDrill;
}

interface UpOptions extends CommonOptions {
  readonly exit?: boolean;
  readonly drill: boolean;
  readonly port: number;
  readonly with?: readonly string[];
  readonly all?: boolean;
}

/** `cordon up`: engine, deployment, first drill; stays until Ctrl-C. */
export const up = (command: Command, deps: UpDeps): void => {
  verb(command, ['cordon up', 'cordon up --exit --port 4600 --json'])
    .option('--exit', 'stop everything when the drill is scored; exit code 3 when it failed')
    .option(
      '--port <number>',
      'first of the ten ports that the local run uses',
      portNumber,
      DEFAULT_PORT,
    )
    .option('--no-drill', 'do not run the first drill')
    .option('--with <names>', withHelp(), systemNames)
    .option('--all', 'deploy every further system')
    .action((options: UpOptions) => finishItself(deps, options, (out) => run(deps, out, options)));
};

/**
 * Brings up every stack, or with `only` that stack and those it needs. Returns after the drill with
 * `exit`, else when Ctrl-C is pressed.
 */
export const run = async (
  deps: UpDeps,
  out: Output,
  { exit = false, drill, port, only, ...chosen }: UpOptions & { readonly only?: string },
): Promise<ExitCode> => {
  const { root, project, env, signal } = deps;
  await assertPortsFree(port); // before the deployment, which takes a minute
  const systems = chosenBy(chosen);
  const options = { root, project, port, env, by: 'up', only, systems, say: out.say, signal };
  const running = await bringUp(options).catch((error: unknown) => {
    throw signal.aborted ? new CordonError('stopped before it was ready') : error;
  });
  const stops: (() => unknown)[] = [];
  try {
    const started = await untilEngineEnds(
      running,
      appOf(running, { env, now: Date.now(), say: out.say }),
    );
    stops.push(() => started?.stop());
    const entrances = await startEntrances(running.connection, {
      port: entrancesPort(port),
      edge: started?.url,
    });
    stops.push(() => entrances.stop());
    const up = { ...running, app: started, addresses: entrances.addresses };
    const { code, file } = await drillAndWait(deps, up, out, { exit, drill });
    out.note('stopping');
    await stopRun(running, stops);
    if (exit && file !== undefined) out.line(`\n${endedLines({ file }).join('\n')}`);
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

/** A run that is up, with what a person uses of it. */
interface UpRun extends Running {
  readonly app: RunningApp | undefined;
  /** Where a browser finds the pages and APIs of the deployed stacks. */
  readonly addresses: readonly EntranceAddress[];
}

/** How a run ended, and the file of its facts, once it is written. */
interface EndedRun {
  readonly code: ExitCode;
  readonly file?: string;
}

/**
 * Prints what is up, runs the drill and, without `exit`, waits for Ctrl-C. Ends at once when the
 * engine ends or Ctrl-C is pressed.
 */
const drillAndWait = async (
  deps: UpDeps,
  { engine, connection, app, addresses }: UpRun,
  out: Output,
  { exit, drill }: { exit: boolean; drill: boolean },
): Promise<EndedRun> => {
  const ended: { code: ExitCode; file?: string } = { code: 0 };
  // While the engine stops, the drill still runs for a moment; its lines would mislead.
  let engineEnded = false;
  const progress = (line: string): void =>
    deps.signal.aborted || engineEnded ? undefined : out.note(line);
  const engineGone = engine.ended.then((error) => {
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
    out.line(firstLine(connection));
    if (app && !exit) out.line(`\n${appLines(app).join('\n')}`);
    const drilling = drill ? deps.firstDrill(connection, progress) : undefined;
    const result = drilling && (await whileAnswering(engine, drilling));
    const drilled = result ? drillLines(result) : [];
    if (result) out.line(`\n${drillSummary(result).join('\n')}`);
    const lines = [
      firstLine(connection),
      ...factLines(connection, facts, { app, addresses }),
      '',
      ...drilled,
    ];
    const file = writeFacts(deps.root, connection.port, lines);
    ended.file = file;
    if (result?.passed === false) ended.code = 3;
    const full = metFullDisk(connection.runDir);
    if (full) throw full;
    out.document<UpDocument>({
      ...printed,
      ...facts,
      app: app ? documentOf(app) : null,
      addresses,
      drill: result ?? null,
    });
    if (exit) return;
    const { incidentId } = result ?? {};
    const alone = connection.outputs.CordonResponse === undefined;
    out.line(
      `\n${stayingLines({ file, incidentId, alone, app: app?.pages, addresses }).join('\n')}`,
    );
    out.note('Ctrl-C stops everything');
    await stopRequested;
  };
  await Promise.race([work(), engineGone, stopRequested]);
  return ended;
};

const documentOf = ({ outside: { openai, salesforce }, stop: _stop, ...app }: RunningApp) => ({
  ...app,
  outside: { openai, salesforce },
});
