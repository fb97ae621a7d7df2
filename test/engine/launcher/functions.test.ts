import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type ListenOptions, type Server } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PublishLayerVersionCommand,
  type Runtime,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { bringUp, type Running } from '../../../local/engine/bring-up.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import {
  type FunctionIsolation,
  isolationOfRun,
  isWeak,
  probeIsolation,
} from '../../../local/engine/functions.ts';
import { freePort } from '../../../local/engine/port.ts';
import { processes } from '../../../local/engine/processes.ts';
import { temp } from '../../support/temp.ts';
import { zip } from '../adapter/world.ts';
import { makeCheckout, removeCheckout, repository } from './checkout.ts';

/** What a function may try, as expressions in `e`; each must end with an error. */
const attempts = {
  'reads a file of the person': `fs.readFileSync(e.secret)`,
  'lists a folder in the home of the person': `fs.readdirSync(e.home)`,
  'lists the mails of the run': `fs.readdirSync(e.runDir + '/inbox')`,
  'reads the note of the run': `fs.readFileSync(e.runDir + '/up.json')`,
  'reads the log of the engine': `fs.readFileSync(e.runDir + '/engine.log')`,
  'reads the environment of the engine': 'fs.readFileSync(`/proc/${e.engine}/environ`)',
  'reads the memory of the engine': 'fs.openSync(`/proc/${e.engine}/mem`)',
  'reads the files of the engine': 'fs.readdirSync(`/proc/${e.engine}/root${e.runDir}`)',
  'ends the engine': `process.kill(e.engine, 'SIGKILL')`,
  'ends the process that started it': `process.kill(e.launcher, 'SIGKILL')`,
  'lists the folder of another function': `fs.readdirSync(e.victimCode)`,
  'reads the code of another function': `fs.readFileSync(e.victimCode + '/code/index.mjs')`,
  'reads the /tmp of another function': `fs.readFileSync(e.victimCode + '/tmp/secret')`,
  'finds the file of another function in its own /tmp': `fs.readFileSync('/tmp/secret')`,
  'reads the environment of another function': 'fs.readFileSync(`/proc/${e.victim}/environ`)',
  'ends another function': `process.kill(e.victim, 'SIGKILL')`,
  'writes into the checkout': `fs.writeFileSync(e.repository + '/planted.ts', '')`,
  'writes into the packages': `fs.writeFileSync(e.root + '/node_modules/planted.js', '')`,
  'changes the adapter of the engine': `fs.appendFileSync(e.adapter, '')`,
  'changes its own code': `fs.appendFileSync(__filename, '')`,
  'writes into the system': `fs.writeFileSync('/etc/planted', '')`,
  'becomes root': `(process.setuid(0), process.getuid() === 0 ? 'root' : fs.readFileSync(''))`,
  'becomes root with a program': `execFileSync('su', ['-c', 'id'], { stdio: 'pipe' })`,
  'mounts a folder': `execFileSync('mount', ['-t', 'tmpfs', 'x', '/tmp'], { stdio: 'pipe' })`,
  'opens a memory device': `fs.openSync('/dev/mem', 'r')`,
  'connects to another port of this machine': `connect(e.otherPort)`,
  'connects to a socket without a file': `connect(e.otherSocket)`,
} as const;

const attacker = `
const fs = require('node:fs');
const { execFileSync } = require('node:child_process');
const connecting = (address) =>
  'require("node:net").connect(' + JSON.stringify(address) + ')' +
  '.on("connect", () => process.exit(0)).on("error", () => process.exit(1))';
const connect = (address) => execFileSync(process.execPath, ['-e', connecting(address)]);
const attempts = {
${Object.entries(attempts)
  .map(([name, expression]) => `  ${JSON.stringify(name)}: (e) => ${expression},`)
  .join('\n')}
};
exports.handler = async (e) =>
  Object.fromEntries(Object.entries(attempts).map(([name, attempt]) => {
    try {
      return [name, { done: String(attempt(e)).slice(0, 200) }];
    } catch (error) {
      return [name, { refused: error.code ?? String(error.message ?? error).split('\\n')[0] }];
    }
  }));`;

const victim = `
import { writeFileSync } from 'node:fs';
export const handler = async () => {
  writeFileSync('/tmp/secret', 'of the other function');
  return 'ready';
};`;

let root: string;
let running: Running;
let isolation: FunctionIsolation;
const said: string[] = [];
let home: string;
const listening: Server[] = [];
let outcomes: Record<string, { done?: string; refused?: string }>;
beforeAll(async () => {
  root = await makeCheckout();
  const mask = process.umask(0);
  running = await bringUp({
    root,
    port: await freePort(),
    env: process.env,
    say: (line) => said.push(line),
  }).finally(() => process.umask(mask));
  isolation = isolationOfRun(running.engine.runDir) ?? { level: 'unknown', text: '' };
});
afterAll(async () => {
  await running?.engine.stop();
  for (const server of listening) server.close();
  rmSync(home, { recursive: true, force: true });
  await removeCheckout(root);
});

interface Code {
  readonly runtime?: Runtime;
  readonly file?: string;
  readonly layers?: string[];
}

const closesPorts = ({ text }: FunctionIsolation): boolean =>
  text.includes('only to the ports of its run');

/** A server of the person, as a database would be; gives its port. */
const listen = async (options: ListenOptions): Promise<number> => {
  const server = createServer((socket) => socket.end());
  listening.push(server);
  await new Promise<void>((resolve) => server.listen(options, resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

const make = async (
  name: string,
  text: string,
  { runtime = 'nodejs24.x', file = 'index.js', layers = [] }: Code = {},
): Promise<void> => {
  await new LambdaClient(clientConfig(running.engine)).send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: runtime,
      Handler: 'index.handler',
      Timeout: 60,
      Role: running.connection.outputs.Small?.Role ?? '',
      Code: { ZipFile: zip(file, text) },
      Layers: layers,
    }),
  );
};

const call = async (name: string, event: unknown = {}): Promise<unknown> => {
  const { Payload } = await new LambdaClient(clientConfig(running.engine)).send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  );
  return JSON.parse(Payload?.transformToString() ?? 'null');
};

describe('a function', () => {
  beforeAll(async () => {
    const { engine } = running;
    const otherSocket = `\0cordon-test-${process.pid}`;
    const otherPort = await listen({ port: 0, host: '127.0.0.1' });
    await listen({ path: otherSocket });
    const secret = join(temp('person'), 'secret');
    writeFileSync(secret, 'of the person', { mode: 0o600 });
    home = mkdtempSync(join(homedir(), '.cordon-test-'));
    await make('victim', victim, { file: 'index.mjs' });
    await make('attacker', attacker);
    await call('victim');
    const folder = readdirSync(join(engine.runDir, 'tmp')).find((name) =>
      name.startsWith('ministack-lambda-victim-'),
    );
    const victimCode = join(engine.runDir, 'tmp', folder ?? '');
    const other = processes().filter(({ command }) => command.includes(victimCode));
    outcomes = (await call('attacker', {
      secret,
      home,
      runDir: engine.runDir,
      engine: engine.pid,
      launcher: process.pid,
      root,
      repository,
      otherPort,
      otherSocket,
      adapter: join(repository, 'local/engine/adapter/main.py'),
      victim: other.at(-1)?.pid,
      victimCode,
    })) as typeof outcomes;
  });

  test.for(Object.keys(attempts))('%s: refused', (name) => {
    // A machine without these means says so, and nothing can be asked of it.
    if (isWeak(isolation)) expect(said).toContain(isolation.text);
    else if (/^connects to/.test(name) && !closesPorts(isolation))
      expect(isolation.text).toContain('connects to every port');
    else expect(outcomes[name]).toEqual({ refused: expect.any(String) });
  });

  it('has ended nothing and changed nothing', async () => {
    expect(await call('victim')).toBe('ready');
    expect(readdirSync(repository)).not.toContain('planted.ts');
  });

  it('runs with what the start and the doctor say', async () => {
    const own = process.getuid?.();
    expect(await probeIsolation({ root: repository, env: process.env })).toEqual(isolation);
    await make('user', `exports.handler = async () => process.getuid();`);
    const uid = await call('user');
    if (isolation.level === 'account') expect(uid).toBeGreaterThan(65_536);
    else expect(uid).toBe(own);
    expect(said.includes(isolation.text)).toBe(isWeak(isolation));
  });
});

describe('the ordinary work of a function', () => {
  it('writes to /tmp, calls the engine with the SDK, starts programs, and uses its layer', async () => {
    const lambda = new LambdaClient(clientConfig(running.engine));
    const { LayerVersionArn } = await lambda.send(
      new PublishLayerVersionCommand({
        LayerName: 'shared',
        Content: {
          ZipFile: zip('nodejs/node_modules/of-the-layer/index.js', 'module.exports = 7;'),
        },
      }),
    );
    const code = `
      const fs = require('node:fs');
      const os = require('node:os');
      const { execFileSync } = require('node:child_process');
      const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
      exports.handler = async () => {
        fs.writeFileSync('/tmp/work', 'kept');
        fs.writeFileSync(os.tmpdir() + '/more', 'kept');
        fs.mkdirSync(os.homedir() + '/.cache', { recursive: true });
        const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
        return {
          kept: fs.readFileSync('/tmp/work', 'utf8'),
          layer: require('of-the-layer'),
          caller: Arn,
          node: execFileSync(process.execPath, ['--version'], { encoding: 'utf8' }).trim(),
          memory: process.memoryUsage().rss > 0,
        };
      };`;
    await make('worker', code, { layers: [LayerVersionArn ?? ''] });

    expect(await call('worker')).toEqual({
      kept: 'kept',
      layer: 7,
      caller: expect.stringContaining(':assumed-role/'),
      node: process.version,
      memory: true,
    });
  });

  it('is Python with boto3, as the custom resources of the CDK need it', async () => {
    const code = `
import boto3, tempfile
def handler(event, context):
    with tempfile.NamedTemporaryFile('w') as file:
        file.write('x')
    return boto3.client('sts').get_caller_identity()['Arn']
`;
    await make('snake', code, { runtime: 'python3.13', file: 'index.py' });

    expect(await call('snake')).toContain(':assumed-role/');
  });
});

it('what a run writes is for the person alone, whatever the mask', () => {
  const { runDir } = running.engine;
  const open = readdirSync(runDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(runDir, name))
    .filter((path) => !path.startsWith(join(runDir, 'tmp/ministack-')))
    .filter((path) => (statSync(path).mode & 0o077) !== 0);

  expect(statSync(runDir).mode & 0o777).toBe(0o700);
  expect(open).toEqual([]);
});

it('a function ends with the engine, whatever it started', async () => {
  const code = `
      const { spawn } = require('node:child_process');
      exports.handler = async () => {
        spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', __filename], { stdio: 'ignore' });
        return 'started';
      };`;
  await make('parent', code);
  expect(await call('parent')).toBe('started');
  const folder = join(running.engine.runDir, 'tmp/ministack-lambda-parent-');
  const living = () => processes().filter(({ command }) => command.includes(folder)).length;
  expect(living()).toBeGreaterThan(1);

  await running.engine.stop();

  expect(living()).toBe(0);
});
