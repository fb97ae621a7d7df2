import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { field } from '../../../local/engine/parse.ts';
import { freePort } from '../../../local/engine/port.ts';
import { type Command, cordon, repository, until } from '../launcher/checkout.ts';

let port: string;
let up: Command;
beforeAll(async () => {
  port = String(await freePort());
  up = cordon(repository, 'app', 'up', '--port', port);
  await until(() => up.stderr().includes('Ctrl-C') || up.child.exitCode !== null, 500_000);
});
afterAll(async () => {
  up.child.kill('SIGINT');
  await up.ended();
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const app = (args: readonly string[], stdin = ''): Promise<Ended> =>
  new Promise((done) => {
    const command = [join(repository, 'cli/cordon.ts'), 'app', ...args, '--port', port];
    const child = execFile(
      join(repository, 'node_modules/.bin/node'),
      command,
      (error, stdout, stderr) =>
        done({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
    child.stdin?.end(stdin);
  });

/** The document of a command, when it is one of its schema. */
const document = (name: string, { stdout }: Ended): unknown => {
  const schema: unknown = JSON.parse(
    readFileSync(join(repository, `cli/schemas/${name}.json`), 'utf8'),
  );
  const check = new Ajv2020({ allowUnionTypes: true }).compile(
    typeof schema === 'object' && schema !== null ? schema : false,
  );
  const value: unknown = JSON.parse(stdout);
  expect(check(value) ? [] : check.errors).toEqual([]);
  return value;
};

it('the application comes up alone: its address, its users, and which rules only AWS judges', () => {
  expect(up.stdout()).toMatch(/API +http:\/\/127\.0\.0\.1:\d+\/v1/);
  expect(up.stdout()).toMatch(/standard +standard@example\.com +\S{20,}/);
  expect(up.stdout()).toContain('Look here: npx cordon app --help');
  const [, facts = ''] = /limits of this run: (\S+)/.exec(up.stdout()) ?? [];
  expect(readFileSync(join(repository, facts), 'utf8')).toContain(
    'only AWS checks AWSManagedRules',
  );
  expect(up.stdout()).not.toContain('CordonResponse');
});

it('call asks as whom it is told, and ends with 1 where the API refuses', async () => {
  const page = await app(['call', 'GET', '/products?limit=2', '--as', 'standard', '--json']);
  expect(page.code).toBe(0);
  expect(document('app-call', page)).toMatchObject({
    status: 200,
    body: { items: [{ version: 1 }, { version: 1 }] },
  });

  const refused = await app(['call', 'GET', '/products']);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('HTTP 401') });
  expect(JSON.parse(refused.stdout)).toMatchObject({ status: 401, title: 'Not signed in' });
});

it('call takes a body from the standard input, and headers', async () => {
  const sku = `TEST-${port}`;
  const body = JSON.stringify({
    sku,
    name: 'O’Brien’s <3',
    category: 'Tests',
    price: { amount: 100, currency: 'EUR' },
    stock: 1,
  });
  const create = () =>
    app(
      [
        'call',
        'post',
        '/products',
        '--as',
        'standard',
        '--body',
        '-',
        '--header',
        `Idempotency-Key: ${sku}`,
        '--json',
      ],
      body,
    );

  const [first, again] = [await create(), await create()];

  expect(document('app-call', first)).toMatchObject({
    status: 201,
    body: { sku, name: 'O’Brien’s <3' },
  });
  expect(field(document('app-call', again), 'body')).toEqual(
    field(document('app-call', first), 'body'),
  );
});

it('the edge stands before the API', async () => {
  const attack = await app([
    'call',
    'GET',
    "/products?q=' OR 1=1; DROP TABLE users --",
    '--as',
    'standard',
    '--json',
  ]);
  expect(document('app-call', attack)).toMatchObject({ status: 403, body: { status: 403 } });
});

it('users shows who can sign in, and seed writes nothing into tables that have something', async () => {
  expect(document('app-users', await app(['users', '--json']))).toMatchObject({
    users: [{ name: 'administrator' }, { name: 'standard' }],
  });
  expect(document('app-seed', await app(['seed', '--json']))).toEqual({
    products: 0,
    customers: 0,
  });
  expect((await app(['seed'])).stdout).toContain('nothing was written');
});

it.each([
  [['call', 'GET', 'products'], /wanted a path such as/],
  [['call', 'GET', '/products', '--as', 'root'], /Allowed choices are administrator, standard/],
  [['call', 'GET', '/x', '--header', 'nothing'], /wanted "Name: value"/],
  [['call', 'GET', '/products', '--body', '{}'], /the request cannot be sent/],
])('%j is a mistake of usage', async (args, message) => {
  expect(await app(args)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(message),
  });
});
