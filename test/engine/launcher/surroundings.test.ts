import { once } from 'node:events';
import { createServer as createWebServer } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../local/engine/port.ts';
import {
  cordonWords,
  makeCheckout,
  processesOf,
  program,
  removeCheckout,
  until,
} from './checkout.ts';

let root: string;
beforeAll(async () => {
  root = await makeCheckout();
});
afterAll(() => removeCheckout(root));

const nowhere = 'http://127.0.0.1:9';
const settings = {
  TMPDIR: '/nowhere',
  HTTP_PROXY: nowhere,
  HTTPS_PROXY: nowhere,
  http_proxy: nowhere,
  NO_PROXY: 'example.com',
  no_proxy: 'example.com',
  NODE_USE_ENV_PROXY: '1',
  AWS_USE_FIPS_ENDPOINT: 'true',
  AWS_USE_DUALSTACK_ENDPOINT: 'true',
  AWS_ENDPOINT_URL: nowhere,
  AWS_ENDPOINT_URL_S3: nowhere,
  AWS_PROFILE: 'absent',
  AWS_REGION: 'eu-central-1',
  AWS_CONFIG_FILE: '/nowhere/config',
  PORT: '9',
  GATEWAY_PORT: '9',
};
const up = async (port: number, before = '', variables: Record<string, string> = {}) => {
  const words = [...cordonWords, 'up', '--exit', '--no-drill', '--port', String(port)];
  const run = program(root, ['/bin/sh', '-c', `${before} exec "$@"`, 'sh', ...words], variables);
  const code = await run.ended();
  const said = run
    .stderr()
    .split('\n')
    .filter((line) => !/^(✔| )/.test(line))
    .join('\n');
  return { code, said };
};

describe('what surrounds a local run', () => {
  it('may have proxies, FIPS, other endpoints and no temporary folder: the engine uses none', async () => {
    expect(await up(await freePort(), '', settings)).toEqual({ code: 0, said: '' });
  });

  it('may have a limit of open files that is too low: one sentence with its remedy', async () => {
    expect(await up(await freePort(), 'ulimit -n 60;')).toEqual({
      code: 1,
      said: expect.stringMatching(/^cordon: the limit of open files is 60, .*ulimit -n \d+.*\n$/),
    });
    expect(processesOf(root)).toEqual([]);
  });

  it.each([
    ['a silent program', () => createServer()],
    ['a web server that answers everything', () => createWebServer((_, answer) => answer.end())],
  ])('%s that takes the port just before the engine is named', async (_what, serve) => {
    const port = await freePort();
    const run = up(port);
    await until(() => processesOf(root).some(({ command }) => command.includes('adapter/main.py')));
    const other = serve().listen(port, '127.0.0.1');
    await once(other, 'listening');

    const { code, said } = await run;
    other.close();

    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringMatching(
        new RegExp(`^cordon: port ${port} is in use by process ${process.pid} .*\\n$`),
      ),
    });
    expect(processesOf(root)).toEqual([]);
    expect(await up(port)).toEqual({ code: 0, said: '' });
  });

  it('a program on another port of the block is named, with the remedy', async () => {
    const port = await freePort();
    const other = createServer().listen(port + 4, '127.0.0.1');
    await once(other, 'listening');

    const { code, said } = await up(port);
    other.close();

    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringMatching(
        new RegExp(`^cordon: port ${port + 4} is in use by process ${process.pid} .*\\n$`),
      ),
    });
  });
});
