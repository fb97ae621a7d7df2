import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../local/engine/port.ts';
import { cordonWords, makeCheckout, processesOf, program, removeCheckout } from './checkout.ts';

let root: string;
beforeAll(async () => {
  root = await makeCheckout();
});
afterAll(() => removeCheckout(root));

const nowhere = 'http://127.0.0.1:9';
const settings = {
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
  it('may have proxies, FIPS and other endpoints: they are for AWS and not for the engine', async () => {
    expect(await up(await freePort(), '', settings)).toEqual({ code: 0, said: '' });
  });

  it.each([
    [
      'a temporary folder that is missing',
      '',
      { TMPDIR: '/nowhere' },
      /^cordon: the temporary folder \/nowhere cannot be written \(ENOENT\): .*TMPDIR=.*\n$/,
    ],
    [
      'few file descriptors',
      'ulimit -n 60;',
      {},
      /^cordon: the limit of open files is 60, .*ulimit -n \d+.*\n$/,
    ],
  ])('%s is one sentence with its remedy', async (_what, before, variables, sentence) => {
    expect(await up(await freePort(), before, variables)).toEqual({
      code: 1,
      said: expect.stringMatching(sentence),
    });
    expect(processesOf(root)).toEqual([]);
  });

  it.each([1, 4])(
    'a program on the port %s after the first is named, with the remedy',
    async (offset) => {
      const port = await freePort();
      const other = createServer().listen(port + offset, '127.0.0.1');
      await once(other, 'listening');

      const { code, said } = await up(port);
      other.close();

      expect({ code, said }).toEqual({
        code: 1,
        said: expect.stringMatching(
          new RegExp(`^cordon: port ${port + offset} is in use by process ${process.pid} .*\\n$`),
        ),
      });
    },
  );
});
