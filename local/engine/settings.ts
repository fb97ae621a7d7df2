import { join } from 'node:path';

/** The account and region that the engine plays. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

interface EngineEnvironment {
  readonly root: string;
  readonly port: number;
  readonly runDir: string;
  /** Further settings of the engine or its adapter, such as CORDON_TRAIL_DELAY_SECONDS. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * The whole environment of the engine. Functions inherit it, so nothing of the caller's own may be
 * in here.
 */
export const engineEnvironment = ({
  root,
  port,
  runDir,
  settings = {},
}: EngineEnvironment): Record<string, string> => ({
  HOME: join(runDir, 'home'),
  TMPDIR: join(runDir, 'tmp'),
  LANG: 'C.UTF-8',
  // `node` decides which Node runs the functions, `python3` which Python runs CDK's own handlers.
  PATH: [
    join(root, 'node_modules/.bin'),
    join(root, '.cordon/venv/bin'),
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
  ].join(':'),
  NODE_PATH: join(root, 'node_modules'), // CDK's own handlers expect the SDK that AWS puts into the runtime
  CORDON_RUN_DIR: runDir,
  CORDON_STDIN_GUARD: '1',
  GATEWAY_PORT: String(port),
  BIND_HOST: '127.0.0.1',
  MINISTACK_HOST: '127.0.0.1',
  MINISTACK_REGION: REGION,
  MINISTACK_ACCOUNT_ID: ACCOUNT,
  AUTH: 'true',
  LAMBDA_EXECUTOR: 'local',
  LAMBDA_STRICT: '0',
  LAMBDA_ACCOUNT_CONCURRENCY: '96', // more than the functions reserve, as AWS insists; about 75 MB a worker in a burst
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
