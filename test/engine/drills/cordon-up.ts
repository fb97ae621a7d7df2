// A deployed Cordon of a test's own, which the `cordon` command finds in a checkout of its own: no
// other run is in the way.
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Connection } from '../../../local/engine/connect.ts';
import { localPlace } from '../../../local/place.ts';
import type { Place } from '../../../operator/place.ts';
import { environmentOf } from '../../support/cli/running.ts';
import { type Deployed, deployed } from '../../support/engine/deployed.ts';

const repository = resolve(import.meta.dirname, '../../..');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CordonUp {
  readonly connection: Connection;
  readonly place: Place;
  /** Runs the command as a person would, against this run. */
  cordon(args: readonly string[], stdin?: string): Promise<Ended>;
  stop(): Promise<void>;
}

/** A checkout in which this run, and nothing else, is up. */
const checkout = (
  port: number,
  runDir: string,
  outputs: unknown,
): { root: string; own: string } => {
  const root = mkdtempSync(join(tmpdir(), 'cordon-drills-'));
  const own = join(root, `.cordon/run-${port}`);
  mkdirSync(own, { recursive: true });
  const up: unknown = JSON.parse(readFileSync(join(runDir, 'up.json'), 'utf8'));
  writeFileSync(
    join(own, 'up.json'),
    JSON.stringify({ ...(typeof up === 'object' ? up : {}), ready: true }),
  );
  copyFileSync(join(runDir, 'root-key.json'), join(own, 'root-key.json'));
  writeFileSync(join(own, 'outputs.json'), JSON.stringify(outputs));
  mkdirSync(join(runDir, 'inbox'), { recursive: true });
  symlinkSync(join(runDir, 'inbox'), join(own, 'inbox'));
  return { root, own };
};

const cordon = (root: string, args: readonly string[], stdin: string): Promise<Ended> =>
  new Promise((done) => {
    const options = {
      env: environmentOf(root),
      maxBuffer: 64 * 1024 * 1024,
    };
    const command = [join(repository, 'cli/cordon.ts'), ...args];
    const child = execFile(
      join(repository, 'node_modules/.bin/node'),
      command,
      options,
      (error, stdout, stderr) =>
        done({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
    child.stdin?.on('error', () => undefined).end(stdin);
  });

/** The `cordon` command of a deployment. To stop is to remove the checkout: the engine goes on. */
export const commandOf = ({ engine, outputs }: Pick<Deployed, 'engine' | 'outputs'>): CordonUp => {
  const { port, endpoint, rootKey, runDir } = engine;
  const { root, own } = checkout(port, runDir, outputs);
  const connection: Connection = {
    endpoint,
    rootKey,
    port,
    account: '000000000000',
    region: 'us-east-1',
    runDir: own,
    outputs,
  };
  return {
    connection,
    place: localPlace(connection),
    cordon: (args, stdin = '') => cordon(root, args, stdin),
    stop: async () => rmSync(root, { recursive: true, force: true }),
  };
};

export const cordonUp = async (): Promise<CordonUp> => {
  const { engine, outputs } = await deployed();
  const up = commandOf({ engine, outputs });
  return {
    ...up,
    stop: async () => {
      await engine.stop();
      await up.stop();
    },
  };
};

/** Does something while the world is different, and sets it right again whatever comes of it. */
export const meanwhile = async <T>(
  work: () => Promise<T>,
  setRight: () => Promise<unknown>,
): Promise<T> => {
  try {
    return await work();
  } finally {
    await setRight();
  }
};
