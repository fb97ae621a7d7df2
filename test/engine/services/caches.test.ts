import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { portFree } from '../../../local/engine/port.ts';
import { processes } from '../../../local/engine/processes.ts';
import { writeServices } from '../../../local/engine/services/provide.ts';
import { ensureRedis } from '../../../local/engine/services/redis.ts';
import { serverPorts } from '../../../local/engine/settings.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';
import { elasticache } from '../adapter/signed-call.ts';
import { deploy, eventually } from '../adapter/world.ts';
import { kill, leashOf, listening, processesOf, reasonOf, serverFolders } from './run-of.ts';

const root = join(import.meta.dirname, '../../..');
const cache = {
  Type: 'AWS::ElastiCache::ReplicationGroup',
  Properties: {
    ReplicationGroupDescription: 'orders',
    Engine: 'valkey',
    CacheNodeType: 'cache.t4g.micro',
    NumCacheClusters: 1,
  },
};

let engine: Engine;

beforeAll(async () => {
  engine = await startEngine();
  writeServices(engine.runDir, { redis: await ensureRedis({ root, env: process.env }) });
});
afterAll(() => engine?.stop());

/** The port at which the cache of a new stack answers. */
const portOfNew = async (name: string): Promise<number> => {
  const { Port } = await deploy(
    engine,
    name,
    { Cache: cache },
    {
      Port: { Value: { 'Fn::GetAtt': ['Cache', 'PrimaryEndPoint.Port'] } },
    },
  );
  return Number(Port);
};

const removed = async (name: string): Promise<void> => {
  const cloudFormation = new CloudFormationClient(engine.client());
  await cloudFormation.send(new DeleteStackCommand({ StackName: name }));
  await eventually(
    async () => serverFolders(engine),
    ({ length }) => length === 0,
  );
};

/** What the cache answers to a line; nothing where nobody answers. */
const asked = async (port: number, line: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${line}\r\nQUIT\r\n`);
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const problem = await once(socket, 'close').then(
    () => '',
    (error: unknown) => String(error),
  );
  return problem === '' ? said : '';
};

const server = (port: number) =>
  processes().find(({ command }) => /redis-server/.test(command) && command.includes(`:${port}`));
const isFailed = async (): Promise<boolean> =>
  (await elasticache(engine, 'DescribeReplicationGroups')).includes('<Status>failed<');

test('a cache that crashes answers again, empty, until it crashes again and again', async () => {
  const port = await portOfNew('crashes');
  expect(await asked(port, 'SET a 1')).toBe('+OK\r\n+OK\r\n');
  kill(server(port)?.pid);
  await eventually(
    () => asked(port, 'GET a'),
    (answer) => answer === '$-1\r\n+OK\r\n',
  );
  expect(await isFailed()).toBe(false);

  await eventually(async () => {
    const { pid } = server(port) ?? {};
    if (pid !== undefined) kill(pid);
    return isFailed();
  }, Boolean);
  expect(await asked(port, 'PING')).toBe('');
  await removed('crashes');
  expect(await portFree(port)).toBe(true);
});

test('nothing is left of it when what holds it on its leash is killed', async () => {
  const port = await portOfNew('leashed');
  kill(leashOf(engine)?.pid);
  await eventually(() => portFree(port), Boolean);
  await eventually(isFailed, Boolean);
  await removed('leashed');
});

test('it takes no port that another program has, and says when none is left', async () => {
  const [first = 0, ...others] = serverPorts(engine.port).split(',').map(Number);
  const program = await listening(first);
  expect(others).toContain(await portOfNew('beside'));
  await removed('beside');
  const programs = await Promise.all(others.map(listening));
  expect(await reasonOf(engine, 'no-port', { Cache: cache })).toMatch(
    /No port is left for it: the run has [\d, ]+ for servers/,
  );
  expect(serverFolders(engine)).toEqual([]);
  for (const { close } of [program, ...programs]) await close();
});

test('nothing is left of it when its engine is killed', async () => {
  // The last test of this engine.
  const port = await portOfNew('killed');
  const gone = once(engine.process, 'exit');
  engine.process.kill('SIGKILL');
  await gone;
  await eventually(() => portFree(port), Boolean);
  await eventually(
    async () => [...processesOf(engine), ...serverFolders(engine)],
    ({ length }) => length === 0,
  );
});
