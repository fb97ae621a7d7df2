import { join } from 'node:path';
import { CordonError } from '../../operator/errors.ts';
import type { Outputs } from '../../operator/place.ts';
import type { KeyedEngine } from './clients.ts';
import { assertOwn } from './owner.ts';
import { entries, readJson, textFields } from './parse.ts';
import { readRootKey } from './root-key.ts';
import { engineLives, ownerLives, portsOf, readUp, runDirOf, type Up } from './run-dir.ts';
import { ACCOUNT, REGION } from './settings.ts';

/** A deployed Cordon on a running engine: all that a drill or a command needs to talk to it. */
export interface Connection extends KeyedEngine {
  readonly port: number;
  readonly account: string;
  readonly region: string;
  readonly runDir: string;
  readonly outputs: Outputs;
}

/** Every run of this folder whose `up` and engine are alive. */
export const runningUps = (root: string): readonly Up[] =>
  portsOf(root)
    .flatMap((port) => readUp(runDirOf(root, port)) ?? [])
    .filter((up) => ownerLives(up) && engineLives(up));

/**
 * Finds the running `cordon up` of this folder, the one on `port` when given; says what to do
 * where there is none, or several.
 */
export const connect = ({
  root,
  port,
}: {
  readonly root: string;
  readonly port?: number | undefined;
}): Connection => {
  const running = runningUps(root).filter((up) => port === undefined || up.port === port);
  const ready = running.filter((up) => up.ready);
  const [up, ...others] = ready;
  if (up === undefined) {
    if (running.length === 0) assertNoneOfAnother(root, port);
    throw nothingRuns(running, port);
  }
  if (others.length > 0) {
    throw new CordonError(
      `several runs are up, on ports ${ready.map((run) => run.port).join(', ')}: choose one ` +
        `with --port ${up.port}`,
    );
  }
  const runDir = runDirOf(root, up.port);
  const rootKey = readRootKey(runDir);
  if (rootKey === undefined) {
    throw new CordonError(
      `the root key of the run on port ${up.port} cannot be read in ${runDir}: end the run with ` +
        `"cordon down --port ${up.port}", and start it again`,
    );
  }
  const outputs = Object.fromEntries(
    entries(readJson(join(runDir, 'outputs.json'))).map(([stack, values]) => [
      stack,
      textFields(values),
    ]),
  );
  return {
    endpoint: `http://127.0.0.1:${up.port}`,
    rootKey,
    port: up.port,
    account: ACCOUNT,
    region: REGION,
    runDir,
    outputs,
  };
};

const assertNoneOfAnother = (root: string, port: number | undefined): void => {
  assertOwn(root, undefined);
  const ports = port === undefined ? portsOf(root) : [port];
  for (const each of ports) assertOwn(root, each);
};

const nothingRuns = ([starting]: readonly Up[], port: number | undefined): CordonError =>
  starting
    ? new CordonError(
        `cordon on port ${starting.port} is still starting: wait until it says that it is ` +
          'ready, then try again',
      )
    : new CordonError(
        `cordon is not running${port === undefined ? '' : ` on port ${port}`}: start it with ` +
          `"cordon up${port === undefined ? '' : ` --port ${port}`}"`,
      );
