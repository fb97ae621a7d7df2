import { dirname, join } from 'node:path';
import { type Folders, nodeOf, packagesOf, projectOf } from './project.ts';
import { PORTS } from './run-dir.ts';

/** The account and region of the engine. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

interface EngineEnvironment extends Folders {
  readonly port: number;
  readonly runDir: string;
  /** Further settings of the engine or its adapter, such as CORDON_TRAIL_DELAY_SECONDS. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * The TCP ports that functions may connect to: the engine and the stand-ins of its run, and 443 for
 * services of other machines.
 */
export const functionPorts = (port: number): string =>
  [...Array.from({ length: PORTS }, (_, offset) => port + offset), 443].join();

/** The ports of a block that nothing else of a run uses: for databases and other servers. */
const FOR_SERVERS = [1, 7, 8, 9];

export const serverPorts = (port: number): string =>
  FOR_SERVERS.map((offset) => port + offset).join();

/**
 * The complete environment of the engine. Functions inherit it, so it must not contain variables of
 * the caller.
 */
export const engineEnvironment = ({
  root,
  project,
  port,
  runDir,
  settings = {},
}: EngineEnvironment): Record<string, string> => ({
  HOME: join(runDir, 'home'),
  TMPDIR: join(runDir, 'tmp'),
  LANG: 'C.UTF-8',
  // `node` decides which Node runs the functions, `python3` which Python runs CDK's own handlers.
  PATH: [
    dirname(nodeOf(projectOf({ root, project }))),
    join(root, '.cordon/venv/bin'),
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
  ].join(':'),
  // CDK's own handlers use the SDK, which is part of the runtime on AWS.
  NODE_PATH: packagesOf(projectOf({ root, project })),
  CORDON_RUN_DIR: runDir,
  CORDON_STDIN_GUARD: '1',
  CORDON_FUNCTION_PORTS: functionPorts(port),
  CORDON_SERVICE_PORTS: serverPorts(port),
  GATEWAY_PORT: String(port),
  BIND_HOST: '127.0.0.1',
  MINISTACK_HOST: '127.0.0.1',
  MINISTACK_REGION: REGION,
  MINISTACK_ACCOUNT_ID: ACCOUNT,
  AUTH: 'true',
  LAMBDA_EXECUTOR: 'local',
  LAMBDA_STRICT: '0',
  // More than the functions reserve, as AWS requires. In a burst a worker takes about 75 MB.
  LAMBDA_ACCOUNT_CONCURRENCY: '96',
  // After how long without a call a further process of a function ends; warm_functions.py shortens
  // it where many functions are deployed.
  LAMBDA_WARM_TTL_SECONDS: '120',
  S3_PERSIST: '1', // Athena reads the files
  S3_DATA_DIR: join(runDir, 's3'),
  STATE_DIR: join(runDir, 'state'),
  PERSIST_STATE: '0',
  ATHENA_ENGINE: 'duckdb',
  CLOUDTRAIL_RECORDING: '1',
  CLOUDTRAIL_MAX_EVENTS: '50000',
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  ...settings,
});
