import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { portFree } from '../../../local/engine/port.ts';
import { processes } from '../../../local/engine/processes.ts';
import { ensurePostgresql } from '../../../local/engine/services/postgresql.ts';
import { writeServices } from '../../../local/engine/services/provide.ts';
import { serverPorts } from '../../../local/engine/settings.ts';
import { canMount, mountSmallDisk } from '../../support/local/small-disk.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';
import { rds } from '../adapter/signed-call.ts';
import { deploy, eventually } from '../adapter/world.ts';
import { connected, type Login } from './pg.ts';
import { kill, leashOf, listening, processesOf, reasonOf, serverFolders } from './run-of.ts';

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

const clusterOf = (secret: string, properties: object = {}) => ({
  Type: 'AWS::RDS::DBCluster',
  Properties: {
    Engine: 'aurora-postgresql',
    MasterUsername: 'owner',
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

const hasLength =
  (length: number) =>
  (list: readonly unknown[]): boolean =>
    list.length === length;
const isEmpty = (left: readonly unknown[]) => left.length === 0;

const folders = () => serverFolders(engine);

/** The folders of the last copies of databases whose names begin so. */
const copies = (beginning: string): readonly string[] => {
  const folder = join(engine.runDir, 'database-copies');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => name.startsWith(beginning)).map((name) => join(folder, name));
};

const removed = async (name: string): Promise<void> => {
  const cloudFormation = new CloudFormationClient(engine.client());
  await cloudFormation.send(new DeleteStackCommand({ StackName: name }));
  await eventually(async () => folders(), isEmpty);
};

const postmaster = (port: number) =>
  processes().find(({ command }) => command.includes(`-p ${port} -c listen_addresses`));

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

    await removed('orders');
    expect(await portFree(login.port)).toBe(true);
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
    await removed('seen');
  });

  test('a server that crashes is started again with its data, until its files are damaged', async () => {
    const secret = password();
    const outputs = await deploy(engine, 'crashes', { Db: instance(secret) }, endpointOf('Db'));
    const login = loginOf(outputs, secret);
    await connected(login, (client) => client.query('CREATE TABLE t AS SELECT 1 AS id'));
    kill(postmaster(login.port)?.pid);
    const count = () =>
      connected(login, async (client) => (await client.query('SELECT id FROM t')).rows).catch(
        () => [],
      );
    await eventually(count, (rows) => rows.length === 1);
    expect(await rds(engine, 'DescribeDBInstances')).toContain('>available<');

    const [folder = ''] = folders();
    const control = join(engine.runDir, 'tmp', folder, 'tmp/data/global/pg_control');
    writeFileSync(control, 'damaged');
    kill(postmaster(login.port)?.pid);
    await eventually(
      () => rds(engine, 'DescribeDBInstances'),
      (answer) => answer.includes('<DBInstanceStatus>failed<'),
    );
    await expect(connected(login, async () => 'open')).rejects.toThrow(/ECONNREFUSED/);
    expect(engine.log()).toMatch(/The server .* has ended with \d+\. It said: [\s\S]*pg_control/);
    await removed('crashes');
  });

  test('nothing is left of it when what holds it on its leash is killed', async () => {
    const secret = password();
    const outputs = await deploy(engine, 'leashed', { Db: instance(secret) }, endpointOf('Db'));
    kill(leashOf(engine)?.pid);
    await eventually(() => portFree(Number(outputs.Port)), Boolean);
    await expect(connected(loginOf(outputs, secret), async () => 'open')).rejects.toThrow();
    await eventually(
      () => rds(engine, 'DescribeDBInstances'),
      (answer) => answer.includes('<DBInstanceStatus>failed<'),
    );
    await removed('leashed');
  });

  test('it takes no port that another program has, and says when none is left', async () => {
    const [first, ...others] = serverPorts(engine.port).split(',').map(Number);
    const program = await listening(first ?? 0);
    const outputs = await deploy(engine, 'beside', { Db: instance(password()) }, endpointOf('Db'));
    expect(others).toContain(Number(outputs.Port));
    await removed('beside');
    const programs = await Promise.all(others.map(listening));
    expect(await reasonOf(engine, 'no-port', { Db: instance(password()) })).toMatch(
      /could not start a server for it\. No port is left for it: the run has [\d, ]+ for servers/,
    );
    expect(folders()).toEqual([]);
    for (const { close } of [program, ...programs]) await close();
  });

  test.runIf(canMount())('a full disk fails its stack with one sentence', async () => {
    const disk = mountSmallDisk(join(engine.runDir, 'tmp'), 12);
    mkdirSync(join(engine.runDir, 'tmp/root')); // where what is confined sees its files
    const half = await reasonOf(engine, 'small-disk', { Db: instance(password()) });
    const foldersThen = folders();
    disk.fill();
    const full = await reasonOf(engine, 'full-disk', { Db: instance(password()) });
    disk.unmount();
    expect([half, full]).toEqual([half, full].map(() => expect.stringMatching(/No space left/)));
    expect([...foldersThen, ...folders()]).toEqual([]);
    expect(await rds(engine, 'DescribeDBInstances')).not.toContain('<DBInstanceIdentifier>');
  });

  test('a database that cannot be started fails its stack, and says why', async () => {
    const of = (name: string, properties: object) =>
      reasonOf(engine, name, { Db: instance(password(), properties) });
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
    const answers = await Promise.all(actions.map((action) => rds(engine, action)));
    expect(answers).toEqual(
      actions.map((action) =>
        expect.stringMatching(
          new RegExp(`^400 [^]*InvalidParameterCombination[^]*${action} is not emulated here`),
        ),
      ),
    );
    expect(await rds(engine, 'DescribeDBSnapshots')).toMatch(/^200 /);
  });

  test('a deletion that asks for a last copy deletes nothing, and says so', async () => {
    const secret = password();
    const DBInstanceIdentifier = 'kept';
    const created = await rds(engine, 'CreateDBInstance', {
      ...{ DBInstanceIdentifier, Engine: 'postgres', DBInstanceClass: 'db.t4g.micro' },
      ...{ AllocatedStorage: '20', MasterUsername: 'owner', MasterUserPassword: secret },
    });
    expect(created).toMatch(/^200 /);
    const copy = { FinalDBSnapshotIdentifier: 'last' };
    const deleting = (parameters: Record<string, string>) =>
      rds(engine, 'DeleteDBInstance', { DBInstanceIdentifier, ...parameters });

    expect(await deleting(copy)).toMatch(/^400 .*FinalDBSnapshotIdentifier is not emulated here/s);
    expect(await deleting({})).toMatch(/^400 .*is required unless SkipFinalSnapshot/s);
    expect(await rds(engine, 'DescribeDBInstances', { DBInstanceIdentifier })).toMatch(/^200 /);
    expect(await deleting({ SkipFinalSnapshot: 'true' })).toMatch(/^200 /);
    expect(await rds(engine, 'DescribeDBInstances', { DBInstanceIdentifier })).toMatch(/^404 /);
  });

  test('a database that its template deletes with a copy leaves its files', async () => {
    const [secret, note] = [password(), password()];
    const keeping = (DBName: string) => ({
      Db: {
        ...instance(secret, { DBName }),
        ...{ DeletionPolicy: 'Snapshot', UpdateReplacePolicy: 'Snapshot' },
      },
      // CloudFormation keeps a copy of a cluster unless the template says otherwise.
      Cluster: clusterOf(secret),
      Member: {
        Type: 'AWS::RDS::DBInstance',
        Properties: {
          ...{ Engine: 'aurora-postgresql', DBInstanceClass: 'db.serverless' },
          DBClusterIdentifier: { Ref: 'Cluster' },
        },
      },
    });
    const outputs = await deploy(engine, 'copied', keeping('orders'), endpointOf('Db'));
    await connected(loginOf(outputs, secret), (client) =>
      client.query(`CREATE TABLE t AS SELECT '${note}' AS note`),
    );
    await deploy(engine, 'copied', keeping('orders_of_today'), endpointOf('Db'), true);
    await eventually(async () => copies('copied-db'), hasLength(1));
    const [copy = ''] = copies('copied-db');
    const files = readdirSync(copy, { recursive: true, encoding: 'utf8' });
    expect(files).not.toContain('postmaster.pid');
    const texts = files.filter((file) => statSync(join(copy, file)).isFile());
    expect(texts.filter((file) => readFileSync(join(copy, file)).includes(note))).not.toEqual([]);
    expect(await rds(engine, 'DescribeDBSnapshots')).toContain(`<Value>${copy}</Value>`);

    await removed('copied');
    expect(copies('copied-db')).toHaveLength(2);
    expect(
      copies('copied-cluster').map((folder) => existsSync(join(folder, 'PG_VERSION'))),
    ).toEqual([true]);
    expect(copies('copied-member')).toEqual([]);
    await rds(engine, 'DeleteDBSnapshot', { DBSnapshotIdentifier: basename(copy) });
    expect(existsSync(copy)).toBe(false);
  });

  test.runIf(canMount())('a database whose copy does not fit is not deleted', async () => {
    const secret = password();
    const outputs = await deploy(engine, 'no-copy', { Db: instance(secret) }, endpointOf('Db'));
    mkdirSync(join(engine.runDir, 'database-copies'), { recursive: true });
    const disk = mountSmallDisk(join(engine.runDir, 'database-copies'), 4);
    const cloudFormation = new CloudFormationClient(engine.client());
    const StackName = 'no-copy';
    await cloudFormation.send(new DeleteStackCommand({ StackName }));
    const { StackEvents = [] } = await eventually(
      () => cloudFormation.send(new DescribeStackEventsCommand({ StackName })),
      ({ StackEvents: events = [] }) =>
        events.some(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED'),
    );
    const left = readdirSync(join(engine.runDir, 'database-copies'));
    disk.unmount();
    expect(StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason)).toContainEqual(
      expect.stringMatching(/could not be copied to .*No space left on device/),
    );
    expect(left).toEqual([]);
    const count = () =>
      connected(loginOf(outputs, secret), (client) => client.query('SELECT 1')).then(
        () => 'answers',
        () => 'is away',
      );
    await eventually(count, (state) => state === 'answers');
    await removed('no-copy');
  });

  test('a server that does not start leaves no files, and is not listed', async () => {
    const listed = async () => {
      const lists = await Promise.all([
        rds(engine, 'DescribeDBInstances'),
        rds(engine, 'DescribeDBClusters'),
      ]);
      return lists.map((list) => list.match(/^200 |<DB\w+Identifier>[^<]*/g));
    };
    const found = { postgresql: await ensurePostgresql({ root, env: process.env }) };
    const [before, filesBefore] = [await listed(), folders()];
    const bin = join(engine.runDir, 'broken/bin');
    mkdirSync(bin, { recursive: true });
    const initdb = '#!/bin/sh\necho no room is left >&2\nexit 1\n';
    writeFileSync(join(bin, 'initdb'), initdb, { mode: 0o755 });
    writeServices(engine.runDir, { postgresql: join(engine.runDir, 'broken') });
    const kept = { DeletionProtection: true };
    const cluster = clusterOf(password(), kept);
    const reasons = await Promise.all([
      reasonOf(engine, 'broken', { Db: instance(password(), kept) }),
      reasonOf(engine, 'broken-cluster', { Cluster: cluster }),
    ]);
    // More often than the run has ports: a server that did not start has given its port back.
    const ports = serverPorts(engine.port).split(',').length;
    const again: string[] = [];
    for (let attempt = 0; attempt <= ports; attempt += 1)
      again.push(await reasonOf(engine, `again-${attempt}`, { Db: instance(password(), kept) }));
    expect([...reasons, ...again]).toEqual(
      [...reasons, ...again].map(() => expect.stringMatching(/It said: no room is left/)),
    );
    expect(folders()).toEqual(filesBefore);
    expect(await listed()).toEqual(before);
    writeServices(engine.runDir, found);
  });

  test('nothing is left when its engine is killed, and the run beside it goes on', async () => {
    // The last test of this engine.
    const beside = await start();
    try {
      const [secret, other] = [password(), password()];
      const [outputs, others] = await Promise.all([
        deploy(engine, 'orders', { Db: instance(secret) }, endpointOf('Db')),
        deploy(beside, 'orders', { Db: instance(other) }, endpointOf('Db')),
      ]);
      const gone = once(engine.process, 'exit');
      engine.process.kill('SIGKILL');
      await gone;
      await eventually(() => portFree(Number(outputs.Port)), Boolean);
      await eventually(async () => processesOf(engine), isEmpty);
      await eventually(async () => folders(), isEmpty);
      const { rows } = await connected(loginOf(others, other), (client) =>
        client.query('SELECT current_user AS name'),
      );
      expect(rows).toEqual([{ name: 'orders_owner' }]);
    } finally {
      await beside.stop();
    }
    expect([processesOf(beside), existsSync(beside.runDir)]).toEqual([[], false]);
  });
});
