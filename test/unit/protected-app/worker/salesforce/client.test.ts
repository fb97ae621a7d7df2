import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type SalesforceBehaviour,
  type SalesforceStandIn,
  startSalesforce,
} from '../../../../../local/stand-ins/salesforce.ts';
import {
  type ConnectDeps,
  salesforceConnector,
} from '../../../../../protected-app/worker/salesforce/client.ts';
import type { SalesforceSecret } from '../../../../../protected-app/worker/salesforce/settings.ts';

const clientSecret = 'canary-client-secret';
const someone = {
  ...{
    Id: '003000000000001AAA',
    Name: 'Ada',
    'Account.Name': null,
    Title: null,
    Email: null,
    Phone: null,
    MailingStreet: null,
  },
  ...{ MailingPostalCode: null, MailingCity: null, MailingCountry: null, IsDeleted: false },
  ...{ LastModifiedDate: '2026-11-01T00:00:00.000Z', SystemModstamp: '2026-11-01T00:00:00.000Z' },
};

let salesforce: SalesforceStandIn;
let known: SalesforceSecret;
let slept: number[];
let now: number;
beforeEach(async () => {
  salesforce = await startSalesforce({
    contacts: [someone],
    clientId: 'us',
    clientSecret,
    now: () => now,
  });
  known = { loginUrl: salesforce.url, clientId: 'us', clientSecret };
  slept = [];
  now = Date.parse('2026-11-21T12:00:00.000Z');
});
afterEach(() => salesforce.stop());

const connect = (more: Partial<ConnectDeps> = {}) =>
  salesforceConnector({
    secret: async () => known,
    loopback: true,
    version: 'v66.0',
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
    count: () => undefined,
    ...more,
  });
const run = (connected = connect(), ms = 300_000) => connected({ deadline: now + ms });
const soql = 'SELECT Id, Account.Name FROM Contact';
const all = async (one = run(), query = soql): Promise<unknown[]> => {
  const found: unknown[] = [];
  for await (const page of one.query(query)) found.push(...page);
  return found;
};
const statuses = () => salesforce.journal().map(({ status }) => status);
const failing = async (what: () => Promise<unknown>): Promise<string> => {
  const error = await what().then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('what was thrown is no error');
  expect(`${error.stack} ${String(error.cause)}`).not.toMatch(/canary|00DSTANDIN/);
  return `${error.name}: ${error.message}`;
};

it('asks for a token once, and keeps it for the next run', async () => {
  const connected = connect();
  expect(await all(run(connected))).toMatchObject([{ Id: someone.Id, Account: null }]);
  await all(run(connected));
  expect(salesforce.journal().map(({ path }) => path)).toEqual([
    '/services/oauth2/token',
    '/services/data/v66.0/query',
    '/services/data/v66.0/query',
  ]);
});

it('renews an expired token once, and not again and again', async () => {
  const connected = connect();
  salesforce.behave(({ number }) => (number === 2 ? { expired: true } : undefined));
  expect(await all(run(connected))).toHaveLength(1);
  expect(statuses()).toEqual([200, 401, 200, 200]);
  salesforce.behave(({ path }) => (path.endsWith('/query') ? { expired: true } : undefined));
  expect(await failing(() => all(run(connected)))).toBe(
    'SalesforceError: Salesforce refused the request with HTTP 401 (INVALID_SESSION_ID)',
  );
  expect(statuses().slice(4)).toEqual([401, 200, 401]);
});

it('reads a rotated secret again, where the one that it remembers is refused', async () => {
  const secret = async ({ fresh = false } = {}) => ({
    ...known,
    clientSecret: fresh ? clientSecret : 'canary-the-old-one',
  });
  expect(await all(run(connect({ secret })))).toHaveLength(1);
  expect(statuses()).toEqual([400, 200, 200]);
});

const down: readonly [
  string,
  SalesforceBehaviour | undefined,
  Partial<SalesforceSecret>,
  string,
][] = [
  [
    'refuses the secret',
    undefined,
    { clientSecret: 'canary-wrong' },
    'SalesforceError: Salesforce issued no token: HTTP 400; check the secret (invalid_client)',
  ],
  [
    'does not know the client',
    undefined,
    { clientId: 'x' },
    'SalesforceError: Salesforce issued no token: HTTP 400; check the secret (invalid_client_id)',
  ],
  [
    'is not there',
    undefined,
    { loginUrl: 'http://127.0.0.1:9' },
    'SalesforceError: Salesforce did not answer (UNREACHABLE)',
  ],
  [
    'fails',
    () => ({ status: 500 }),
    {},
    'SalesforceError: Salesforce still answers HTTP 500 after all retries (BUSY)',
  ],
  [
    'hangs up',
    () => ({ hangUp: true }),
    {},
    'SalesforceError: Salesforce did not answer (UNREACHABLE)',
  ],
  [
    'answers something else',
    () => ({ lie: { access_token: 7 } }),
    {},
    'SalesforceError: Salesforce issued no token: HTTP 200; check the secret (UNREADABLE)',
  ],
];
it.each(down)(
  'says why there is no token when the endpoint %s',
  async (_, behaviour, secret, said) => {
    salesforce.behave(behaviour);
    expect(
      await failing(() => all(run(connect({ secret: async () => ({ ...known, ...secret }) })))),
    ).toBe(said);
  },
);

it.each([
  'https://login.salesforce.com',
  'https://evil.example/',
  'https://org.my.salesforce.com.evil.example',
  'https://user:canary@org.my.salesforce.com',
  'https://org.my.salesforce.com:8443',
  'http://org.my.salesforce.com',
  'http://169.254.169.254/latest/meta-data',
  'http://localhost:1234',
  'ftp://127.0.0.1',
  'not a URL',
])('calls no host that is not allowed: %s', async (loginUrl) => {
  expect(
    await failing(() =>
      all(run(connect({ loopback: true, secret: async () => ({ ...known, loginUrl }) }))),
    ),
  ).toMatch(/^ForbiddenHostError/);
  expect(salesforce.journal()).toEqual([]);
});

it('on AWS, calls nothing on the loopback, and sends the token to no host that an answer names', async () => {
  expect(await failing(() => all(run(connect({ loopback: false }))))).toMatch(
    /^ForbiddenHostError/,
  );
  expect(salesforce.journal()).toEqual([]);
  salesforce.behave(() => ({ lie: { instance_url: 'https://evil.example' } }));
  expect(await failing(() => all())).toBe(
    'ForbiddenHostError: https://evil.example is not a host that may be called',
  );
});

it.each([
  'https://evil.example/services/data/v66.0/query/01g',
  '//evil.example/services/data/x',
  '/services/../../evil',
  'http://127.0.0.1:1/services/data/',
])('follows no next page at another place: %s', async (nextRecordsUrl) => {
  salesforce.behave(({ path }) =>
    path.endsWith('/query') ? { lie: { done: false, nextRecordsUrl } } : undefined,
  );
  expect(await failing(() => all())).toBe(
    'ForbiddenHostError: the address of the next page is not one of Salesforce',
  );
  expect(salesforce.journal()).toHaveLength(2);
});

it('follows no redirect: the token would go along', async () => {
  let calls = 0;
  const elsewhere = createServer((_, answer) => {
    calls += 1;
    answer.end();
  }).listen(0, '127.0.0.1');
  await new Promise((done) => elsewhere.once('listening', done));
  const at = elsewhere.address();
  const port = typeof at === 'object' ? at?.port : 0;
  const sender = createServer((_, answer) =>
    answer.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end(),
  ).listen(0, '127.0.0.1');
  await new Promise((done) => sender.once('listening', done));
  const from = sender.address();
  const loginUrl = `http://127.0.0.1:${typeof from === 'object' ? from?.port : 0}`;
  expect(
    await failing(() => all(run(connect({ secret: async () => ({ ...known, loginUrl }) })))),
  ).toContain('UNREACHABLE');
  expect(calls).toBe(0);
  sender.close();
  elsewhere.close();
});

it('waits as long as Retry-After says, in seconds or until a date, and longer each time where it says nothing', async () => {
  const until = new Date(now + 1_000 + 9_000).toUTCString();
  const troubles: Record<number, ReturnType<SalesforceBehaviour>> = {
    2: { status: 429, retryAfter: 1 },
    3: { status: 503, retryAfter: until },
    4: { status: 503 },
    5: { hangUp: true },
  };
  salesforce.behave(({ number }) => troubles[number]);
  expect(await all()).toHaveLength(1);
  expect(slept).toEqual([1_000, 9_000, 2_000, 4_000]);
});

it('gives up rather than wait for more than a minute in all, or beyond the deadline', async () => {
  salesforce.behave(({ path }) =>
    path.endsWith('/query') ? { status: 429, retryAfter: 61 } : undefined,
  );
  expect(await failing(() => all())).toBe(
    'SalesforceError: Salesforce still answers HTTP 429 after all retries (BUSY)',
  );
  expect(slept).toEqual([]);
  salesforce.behave(({ path }) =>
    path.endsWith('/query') ? { status: 429, retryAfter: 20 } : undefined,
  );
  expect(await failing(() => all())).toContain('BUSY');
  expect(slept).toEqual([20_000, 20_000, 20_000]);
  expect(await failing(() => all(run(connect(), 15_000)))).toContain('BUSY');
  expect(await failing(() => all(run(connect(), 0)))).toBe(
    'SalesforceError: No time was left to call Salesforce (DEADLINE)',
  );
});

it('an answer that is too slow is given up at the deadline', async () => {
  salesforce.behave(({ path }) => (path.endsWith('/query') ? { afterMs: 30_000 } : undefined));
  // Without the deadline the answer would come, and nothing would fail.
  expect(await failing(() => all(run(connect(), 300)))).toContain('UNREACHABLE');
});

it.each([
  [{ done: 'yes' }, 'at done'],
  [{ records: null }, 'at records'],
  [{ done: false }, 'another page without its address'],
])('reads no page of another shape: %j', async (lie, said) => {
  salesforce.behave(({ path }) => (path.endsWith('/query') ? { lie } : undefined));
  expect(await failing(() => all())).toContain(said);
});

it('shows of a refusal its code alone: the message may quote a customer', async () => {
  const body = [{ errorCode: 'MALFORMED_QUERY', message: 'canary: somebody@example.com' }];
  salesforce.behave(({ path }) => (path.endsWith('/query') ? { status: 400, body } : undefined));
  expect(await failing(() => all())).toBe(
    'SalesforceError: Salesforce refused the request with HTTP 400 (MALFORMED_QUERY)',
  );
  const strange = [{ errorCode: 'canary <script>', message: '' }];
  salesforce.behave(({ path }) =>
    path.endsWith('/query') ? { status: 400, body: strange } : undefined,
  );
  expect(await failing(() => all())).toBe(
    'SalesforceError: Salesforce refused the request with HTTP 400 (UNKNOWN)',
  );
});

it('stops when the calls of the day are used up, whoever says so', async () => {
  const body = [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: '' }];
  salesforce.behave(({ path }) => (path.endsWith('/query') ? { status: 403, body } : undefined));
  expect(await failing(() => all())).toBe(
    'SalesforceError: Salesforce refused the request with HTTP 403 (LIMIT)',
  );
  expect(statuses()).toEqual([200, 403]);
});
