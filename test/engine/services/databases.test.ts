import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { portFree } from '../../../local/engine/port.ts';
import { processes } from '../../../local/engine/processes.ts';
import { ensurePostgresql } from '../../../local/engine/services/postgresql.ts';
import { writeServices } from '../../../local/engine/services/provide.ts';
import { serverPorts } from '../../../local/engine/settings.ts';
import { applyStack } from '../../../local/engine/stack.ts';
import { Sha256 } from '../../../responders/shared/sha256.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';
import { deploy, eventually } from '../adapter/world.ts';
import { connected, type Login } from './pg.ts';

const root = join(import.meta.dirname, '../../..');
const password = (): string => randomBytes(12).toString('base64url');

let engine: Engine;

const start = async (): Promise<Engine> => {
  const started = await startEngine();
  writeServices(started.runDir, {
    postgresql: await ensurePostgresql({ root, env: process.env }),
  });
  return started;
};

const instance = (secret: string, properties: object = {}) => ({
  Type: 'AWS::RDS::DBInstance',
  Properties: {
    Engine: 'postgres',
    EngineVersion: '15',
    DBInstanceClass: 'db.t4g.micro',
    AllocatedStorage: '20',
    DBName: 'orders',
    MasterUsername: 'orders_owner',
    MasterUserPassword: secret,
    ...properties,
  },
});

const endpointOf = (name: string) => ({
  Host: { Value: { 'Fn::GetAtt': [name, 'Endpoint.Address'] } },
  Port: { Value: { 'Fn::GetAtt': [name, 'Endpoint.Port'] } },
});

const loginOf = (outputs: Record<string, string>, secret: string): Login => ({
  host: outputs.Host ?? '',
  port: Number(outputs.Port),
  user: 'orders_owner',
  password: secret,
  database: 'orders',
});

const isEmpty = (left: readonly unknown[]) => left.length === 0;

/** What servers have left in the folder of the run. */
const folders = () =>
  readdirSync(join(engine.runDir, 'tmp')).filter((name) => name.startsWith('ministack-service-'));

const ofThisRun = () => processes().filter(({ command }) => command.includes(engine.runDir));

/** What the engine answers an action of RDS, as a client of its query protocol sends it. */
const rds = async (Action: string, parameters: Record<string, string> = {}): Promise<string> => {
  const body = String(new URLSearchParams({ Action, Version: '2014-10-31', ...parameters }));
  const { host, hostname } = new URL(engine.endpoint);
  const type = 'application/x-www-form-urlencoded';
  const { headers } = await new SignatureV4({
    service: 'rds',
    region: 'us-east-1',
    credentials: engine.rootKey,
    sha256: Sha256,
  }).sign({
    method: 'POST',
    protocol: 'http:',
    hostname,
    path: '/',
    headers: { host, 'content-type': type },
    body,
  });
  const { host: _sentByFetch, ...sent } = headers;
  const answer = await fetch(engine.endpoint, { method: 'POST', headers: sent, body });
  return `${answer.status} ${await answer.text()}`;
};

/** Why a stack with these resources cannot be deployed. */
const reasonOf = (name: string, Resources: object): Promise<string> =>
  applyStack(new CloudFormationClient(engine.client()), name, {
    TemplateBody: JSON.stringify({ Resources }),
  }).then(
    () => 'deployed',
    (error: unknown) => String(error),
  );

describe('a database', () => {
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine?.stop());

  test('the database of a template answers at its endpoint, and ends with its stack', async () => {
    const [secret, next] = [password(), password()];
    const outputs = await deploy(engine, 'orders', { Db: instance(secret) }, endpointOf('Db'));
    const login = loginOf(outputs, secret);
    expect(serverPorts(engine.port).split(',')).toContain(outputs.Port);
    const rows = await connected(login, async (client) => {
      await client.query('CREATE TABLE t (id int PRIMARY KEY, note jsonb)');
      await client.query('INSERT INTO t VALUES ($1, $2)', [1, { paid: true }]);
      return (await client.query('SELECT id, note FROM t')).rows;
    });
    expect(rows).toEqual([{ id: 1, note: { paid: true } }]);
    const wrong = connected({ ...login, password: 'password' }, async () => 'open');
    await expect(wrong).rejects.toThrow(/password authentication failed/);

    await deploy(engine, 'orders', { Db: instance(next) }, endpointOf('Db'), true);
    const kept = await connected({ ...login, password: next }, async (client) =>
      client.query('SELECT count(*)::int AS count FROM t'),
    );
    expect(kept.rows).toEqual([{ count: 1 }]);

    await new CloudFormationClient(engine.client()).send(
      new DeleteStackCommand({ StackName: 'orders' }),
    );
    await eventually(() => portFree(login.port), Boolean);
    await eventually(async () => folders(), isEmpty);
  });

  test('its server runs as another user than root, and knows no variable of the person', async () => {
    const secret = password();
    const outputs = await deploy(engine, 'seen', { Db: instance(secret) }, endpointOf('Db'));
    const [seen] = await connected(loginOf(outputs, secret), async (client) => {
      const { rows } = await client.query(
        `SELECT pg_read_binary_file('/proc/self/environ') AS variables,
                pg_read_binary_file('/proc/self/status') AS status`,
      );
      return rows;
    });
    expect(String(seen?.status)).toMatch(/Uid:\t(?!0\t)/);
    expect(String(seen?.variables)).not.toContain(secret);
    expect(String(seen?.variables)).not.toContain('CORDON_');
  });

  test('a database that cannot be started fails its stack, and says why', async () => {
    const of = (name: string, properties: object) =>
      reasonOf(name, { Db: instance(password(), properties) });
    const reasons = await Promise.all([
      of('bad-name', { DBName: 'a"b' }),
      of('managed', { MasterUserPassword: undefined, ManageMasterUserPassword: true }),
      of('none', { MasterUserPassword: undefined }),
      of('mysql', { Engine: 'mysql', EngineVersion: '8.0' }),
      of('copy', { DBSnapshotIdentifier: 'before' }),
    ]);
    expect(reasons).toEqual([
      expect.stringMatching(/could not start .* is no name/),
      expect.stringMatching(/does not manage passwords/),
      expect.stringMatching(/must be provided/),
      expect.stringMatching(/PostgreSQL only/),
      expect.stringMatching(/DBSnapshotIdentifier is not emulated here/),
    ]);
  });

  test('an action that would be answered as done, but not done, is refused', async () => {
    const actions = [
      'CreateDBInstanceReadReplica',
      'RestoreDBInstanceFromDBSnapshot',
      'CreateDBSnapshot',
      'CreateDBClusterSnapshot',
      'CreateDBProxy',
      'StopDBInstance',
      'StartDBInstance',
    ];
    const answers = await Promise.all(actions.map((action) => rds(action)));
    expect(answers).toEqual(
      actions.map((action) =>
        expect.stringMatching(
          new RegExp(`^400 [^]*InvalidParameterCombination[^]*${action} is not emulated here`),
        ),
      ),
    );
    expect(await rds('DescribeDBSnapshots')).toMatch(/^200 /);
  });

  test('a deletion that asks for a last copy deletes nothing, and says so', async () => {
    const secret = password();
    const DBInstanceIdentifier = 'kept';
    const created = await rds('CreateDBInstance', {
      ...{ DBInstanceIdentifier, Engine: 'postgres', DBInstanceClass: 'db.t4g.micro' },
      ...{ AllocatedStorage: '20', MasterUsername: 'owner', MasterUserPassword: secret },
    });
    expect(created).toMatch(/^200 /);
    const copy = { FinalDBSnapshotIdentifier: 'last' };
    const deleting = (parameters: Record<string, string>) =>
      rds('DeleteDBInstance', { DBInstanceIdentifier, ...parameters });

    expect(await deleting(copy)).toMatch(/^400 .*FinalDBSnapshotIdentifier is not emulated here/s);
    expect(await deleting({})).toMatch(/^400 .*is required unless SkipFinalSnapshot/s);
    expect(await rds('DescribeDBInstances', { DBInstanceIdentifier })).toMatch(/^200 /);
    expect(await deleting({ SkipFinalSnapshot: 'true' })).toMatch(/^200 /);
    expect(await rds('DescribeDBInstances', { DBInstanceIdentifier })).toMatch(/^404 /);
  });

  test('a server that does not start leaves no files, and is not listed', async () => {
    const listed = async () => {
      const lists = await Promise.all([rds('DescribeDBInstances'), rds('DescribeDBClusters')]);
      return lists.map((list) => list.match(/^200 |<DB\w+Identifier>[^<]*/g));
    };
    // The last test of this engine: from here on, its servers do not start.
    const [before, filesBefore] = [await listed(), folders()];
    const bin = join(engine.runDir, 'broken/bin');
    mkdirSync(bin, { recursive: true });
    const initdb = '#!/bin/sh\necho no room is left >&2\nexit 1\n';
    writeFileSync(join(bin, 'initdb'), initdb, { mode: 0o755 });
    writeServices(engine.runDir, { postgresql: join(engine.runDir, 'broken') });
    const kept = { DeletionProtection: true };
    const cluster = {
      Type: 'AWS::RDS::DBCluster',
      Properties: {
        Engine: 'aurora-postgresql',
        MasterUsername: 'owner',
        MasterUserPassword: password(),
        ...kept,
      },
    };
    const reasons = await Promise.all([
      reasonOf('broken', { Db: instance(password(), kept) }),
      reasonOf('broken-cluster', { Cluster: cluster }),
    ]);
    // More often than the run has ports: a server that did not start has given its port back.
    const ports = serverPorts(engine.port).split(',').length;
    const again: string[] = [];
    for (let attempt = 0; attempt <= ports; attempt += 1)
      again.push(await reasonOf(`again-${attempt}`, { Db: instance(password(), kept) }));
    expect([...reasons, ...again]).toEqual(
      [...reasons, ...again].map(() => expect.stringMatching(/It said: no room is left/)),
    );
    expect(folders()).toEqual(filesBefore);
    expect(await listed()).toEqual(before);
  });
});

describe('a server that is left alone', () => {
  beforeEach(async () => {
    engine = await start();
  });
  afterEach(() => engine?.stop());

  test('nothing is left of it when the engine is killed', async () => {
    const secret = password();
    const outputs = await deploy(engine, 'orders', { Db: instance(secret) }, endpointOf('Db'));
    const gone = once(engine.process, 'exit');
    engine.process.kill('SIGKILL');
    await gone;
    await eventually(() => portFree(Number(outputs.Port)), Boolean);
    await eventually(async () => ofThisRun(), isEmpty);
    await eventually(async () => folders(), isEmpty);
  });

  test('nothing is left of it when what holds it on its leash is killed', async () => {
    const secret = password();
    const outputs = await deploy(engine, 'orders', { Db: instance(secret) }, endpointOf('Db'));
    const leash = ofThisRun().find(({ command }) => command.includes('services/leash.py'));
    execFileSync('kill', ['-9', String(leash?.pid)]);
    await eventually(() => portFree(Number(outputs.Port)), Boolean);
    await expect(connected(loginOf(outputs, secret), async () => 'open')).rejects.toThrow();
  });
});
