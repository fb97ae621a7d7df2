import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetHalves } from '../../../../../local/engine/halves.ts';
import { ensurePackages, type Packages } from '../../../../../local/engine/services/packages.ts';
import { temp } from '../../../../support/temp.ts';

/** A registry on this machine with one package, `thing`; it answers when it is told to. */
const makeRegistry = async () => {
  const folder = temp('package');
  mkdirSync(join(folder, 'package'));
  const manifest = JSON.stringify({ name: 'thing', version: '1.0.0' });
  writeFileSync(join(folder, 'package/package.json'), manifest);
  execFileSync('tar', ['-czf', 'thing.tgz', 'package'], { cwd: folder });
  const archive = readFileSync(join(folder, 'thing.tgz'));
  let open = Promise.withResolvers<void>();
  let asked = 0;
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => {
    asked += 1;
    void open.promise.then(() => response.end(archive));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    for (const end of ['end', 'close']) socket.on(end, () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    integrity: `sha512-${createHash('sha512').update(archive).digest('base64')}`,
    asked: () => asked,
    /** Whether a client waits: its end closes the connection. */
    isAwaited: () => sockets.size > 0,
    answer: () => open.resolve(),
    reset: () => {
      open = Promise.withResolvers<void>();
      asked = 0;
    },
    close: () => server.close(),
  };
};

let registry: Awaited<ReturnType<typeof makeRegistry>>;
beforeAll(async () => {
  registry = await makeRegistry();
});
afterAll(() => registry.close());

/** What npm needs for one fetch, with a cache of its own. */
const makeList = () => {
  const list = join(temp('list'), 'thing');
  mkdirSync(list);
  const project = { name: 'list', version: '1.0.0', dependencies: { thing: '1.0.0' } };
  const thing = {
    version: '1.0.0',
    resolved: `${registry.url}/thing.tgz`,
    integrity: registry.integrity,
  };
  const lock = { ...project, lockfileVersion: 3 };
  writeFileSync(join(list, 'package.json'), JSON.stringify(project));
  writeFileSync(
    join(list, 'package-lock.json'),
    JSON.stringify({ ...lock, packages: { '': project, 'node_modules/thing': thing } }),
  );
  const packages: Packages = { what: 'The thing', list, proof: 'thing/package.json' };
  const { PATH } = process.env;
  const env = { PATH, HOME: temp('home'), npm_config_cache: temp('cache') };
  return { packages, root: temp('root'), env };
};

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await sleep(20);
};
const servicesOf = (root: string): readonly string[] => readdirSync(join(root, '.cordon/services'));
/** A process that fetches, as `cordon up` does. */
const fetchApart = ({ packages, root, env }: ReturnType<typeof makeList>): ChildProcess => {
  const file = join(import.meta.dirname, '../../../../../local/engine/services/packages.ts');
  const code = `
    const { ensurePackages } = await import(${JSON.stringify(pathToFileURL(file).href)});
    await ensurePackages(${JSON.stringify(packages)}, {
      root: ${JSON.stringify(root)}, env: ${JSON.stringify(env)},
    });`;
  const args = ['--no-warnings', '--input-type=module', '--eval', code];
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
};

describe('packages that only some runs need', () => {
  it('leave nothing behind when they cannot be fetched, and say what to check', async () => {
    const { packages, root } = makeList();
    const fetching = ensurePackages(packages, { root, env: { PATH: temp('empty') } });
    await expect(fetching).rejects.toThrow(/^The thing could not be fetched; check the network/);
    expect(servicesOf(root)).toEqual([]);
  });

  it('are fetched once for two runs that need them at the same time', async () => {
    registry.reset();
    const list = makeList();
    const [one, other] = [fetchApart(list), fetchApart(list)];
    const exits = Promise.all([once(one, 'exit'), once(other, 'exit')]);
    await until(() => registry.asked() > 0);
    registry.answer();
    expect((await exits).map(([code]) => code)).toEqual([0, 0]);
    expect(registry.asked()).toBe(1);
    expect(servicesOf(list.root)).toEqual([expect.stringMatching(/^thing-[0-9a-f]{12}$/)]);
  });

  it('leave no npm behind when the run is killed, and are fetched by the next one', async () => {
    registry.reset();
    const list = makeList();
    const killed = fetchApart(list);
    await until(() => registry.asked() > 0);
    expect(registry.isAwaited()).toBe(true);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    await until(() => !registry.isAwaited());
    expect(servicesOf(list.root).filter((name) => name.endsWith('.half'))).toHaveLength(1);
    forgetHalves(list.root);
    expect(servicesOf(list.root)).toEqual([]);
    registry.answer();
    const folder = await ensurePackages(list.packages, list);
    expect(existsSync(join(folder, 'node_modules/thing/package.json'))).toBe(true);
  });

  it('leave nothing behind when the run is stopped', async () => {
    registry.reset();
    const list = makeList();
    const stop = new AbortController();
    const fetching = ensurePackages(list.packages, { ...list, signal: stop.signal });
    const failed = expect(fetching).rejects.toThrow();
    await until(() => registry.asked() > 0);
    stop.abort(new Error('stopped'));
    await failed;
    await until(() => !registry.isAwaited());
    expect(servicesOf(list.root)).toEqual([]);
  });
});
