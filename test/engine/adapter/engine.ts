// Starts the real engine with the adapter; `stop` removes everything that it wrote or started.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../local/engine/port.ts';
import { makeRootKey, writeRootKey } from '../../../local/engine/root-key.ts';
import { functionPorts, serverPorts } from '../../../local/engine/settings.ts';
import { signedGet } from '../../../local/engine/signed-request.ts';

const root = join(import.meta.dirname, '../../..');
const python = process.env.CORDON_TEST_PYTHON ?? join(root, '.cordon/venv/bin/python');

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Engine {
  readonly endpoint: string;
  readonly rootKey: Keys;
  readonly port: number;
  readonly process: ChildProcess;
  readonly runDir: string;
  /** Configuration of an SDK client: the root key, or the keys given. */
  readonly client: (keys?: Keys) => { endpoint: string; region: string; credentials: Keys };
  readonly get: (path: string) => Promise<unknown>;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** Start the engine; `skip` leaves corrections out, separated by commas. */
export const startEngine = async ({
  skip = '',
  env = {},
}: {
  skip?: string;
  env?: Record<string, string>;
} = {}): Promise<Engine> => {
  const runDir = mkdtempSync(join(tmpdir(), 'cordon-engine-'));
  for (const folder of ['home', 'tmp', 's3', 'state']) mkdirSync(join(runDir, folder));
  writeFileSync(join(runDir, 'tmp/package.json'), '{}');
  const rootKey = makeRootKey();
  writeRootKey(runDir, rootKey);
  const port = await freePort();
  const logFile = join(runDir, 'engine.log');
  const log = openSync(logFile, 'w');
  const child = spawn(python, [join(root, 'local/engine/adapter/main.py')], {
    cwd: runDir,
    stdio: ['pipe', log, log],
    env: { ...environment(runDir, port), ...stockKey(rootKey), CORDON_ADAPTER_SKIP: skip, ...env },
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const engine: Engine = {
    endpoint,
    rootKey,
    port,
    process: child,
    runDir,
    client: (keys = rootKey) => ({ endpoint, region: 'us-east-1', credentials: keys }),
    get: async (path) => (await signedGet({ endpoint, rootKey }, path)).json(),
    log: () => readFileSync(logFile, 'utf8'),
    stop: () => stop(child, runDir),
  };
  await healthy(engine);
  return engine;
};

/** Where the stock engine finds its root key, for a run without the correction of it. */
const stockKey = ({ accessKeyId, secretAccessKey }: Keys): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
});

const environment = (runDir: string, port: number): Record<string, string> => ({
  HOME: join(runDir, 'home'),
  TMPDIR: join(runDir, 'tmp'),
  LANG: 'C.UTF-8',
  PATH: `${join(root, 'node_modules/.bin')}:/usr/local/bin:/usr/bin:/bin`,
  NODE_PATH: join(root, 'node_modules'),
  GATEWAY_PORT: String(port),
  BIND_HOST: '127.0.0.1',
  MINISTACK_HOST: '127.0.0.1',
  MINISTACK_REGION: 'us-east-1',
  MINISTACK_ACCOUNT_ID: '000000000000',
  AUTH: 'true',
  LAMBDA_EXECUTOR: 'local',
  LAMBDA_STRICT: '0',
  LAMBDA_ACCOUNT_CONCURRENCY: '32',
  S3_PERSIST: '1',
  S3_DATA_DIR: join(runDir, 's3'),
  STATE_DIR: join(runDir, 'state'),
  PERSIST_STATE: '0',
  ATHENA_ENGINE: 'duckdb',
  CLOUDTRAIL_RECORDING: '1',
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  CORDON_RUN_DIR: runDir,
  CORDON_STDIN_GUARD: '1',
  CORDON_FUNCTION_PORTS: functionPorts(port),
  CORDON_SERVICE_PORTS: serverPorts(port),
  // No program of the machine is asked to run containers; a test listens there.
  DOCKER_HOST: `unix://${join(runDir, 'docker.sock')}`,
});

const healthy = async (engine: Engine): Promise<void> => {
  for (const end = Date.now() + 120_000; Date.now() < end; await sleep(50)) {
    if (engine.process.exitCode !== null)
      throw new Error(
        `the engine ended with ${engine.process.exitCode}:\n${engine.log().slice(-2000)}`,
      );
    const well = await fetch(`${engine.endpoint}/_ministack/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (well) return;
  }
  throw new Error(`the engine did not answer:\n${engine.log().slice(-2000)}`);
};

const stop = async (child: ChildProcess, runDir: string): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.stdin?.end();
    await gone;
  }
  // Its workers end soon after it, and may write until then.
  rmSync(runDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
};
