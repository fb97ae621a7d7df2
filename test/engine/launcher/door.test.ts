// Who reaches the ports of a run without its root key gets nothing and changes nothing.
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { freePort } from '../../../local/engine/port.ts';
import { signedGet } from '../../../local/engine/signed-request.ts';
import { type Engine, startEngine } from '../../../local/engine/start.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import { startOpenAi } from '../../../local/stand-ins/openai.ts';
import { startSalesforce } from '../../../local/stand-ins/salesforce.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { edgeBefore } from '../../support/local/edge/upstream.ts';
import { cordon, makeCheckout, removeCheckout, repository, until } from './checkout.ts';

const BUCKET = 'door-bucket';
const FOREIGN = 'http://evil.example';

interface Attempt {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answered {
  readonly status: number;
  /** Whether pages of another origin could read the answer. */
  readonly isReadable: boolean;
  readonly body: string;
}

let engine: Engine;
let stops: (() => unknown)[] = [];
const ports: Record<string, number> = {};
beforeAll(async () => {
  engine = await startEngine({ root: repository, port: await freePort(), env: process.env });
  const { port, endpoint } = engine;
  const edge = await edgeBefore(endpoint);
  const openai = await startOpenAi({ apiKey: 'the-key-of-the-run' });
  const salesforce = await startSalesforce({ contacts: [], clientId: 'a', clientSecret: 'b' });
  stops = [edge.stop, openai.stop, salesforce.stop, engine.stop];
  const portOf = (url: string): number => Number(new URL(url).port);
  Object.assign(ports, {
    engine: port,
    edge: edge.port,
    openai: portOf(openai.url),
    salesforce: portOf(salesforce.url),
  });
  await new S3Client(clientConfig(engine)).send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** Sends what `fetch` would not let a page or us send, such as a `Host` of our choice. */
const send = (
  port: number,
  { method = 'GET', path = '/', headers = {}, body = '' }: Attempt,
): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, headers, agent: false };
    const out = request(options, (answer) => {
      const isReadable = answer.headers['access-control-allow-origin'] !== undefined;
      text(answer).then(
        (read) => resolve({ status: answer.statusCode ?? 0, isReadable, body: read }),
        reject,
      );
    });
    out.on('error', reject).end(body);
  });

const preflight = {
  method: 'OPTIONS',
  headers: { origin: FOREIGN, 'access-control-request-method': 'POST' },
};
const simple = {
  method: 'POST',
  headers: { origin: FOREIGN, 'content-type': 'text/plain' },
  body: '{}',
};

describe('every port of a run', () => {
  it.each([
    ['engine', 'a foreign host', { headers: { host: 'evil.example' } }],
    ['engine', 'a foreign host and its own port', { headers: { host: 'evil.example:4566' } }],
    ['engine', 'a simple request of a foreign page', simple],
    ['engine', 'the preflight of a foreign page', preflight],
    ['engine', 'a page without an origin', { headers: { origin: 'null' } }],
    ['engine', 'an image of a foreign page', { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['engine', 'no signature', {}],
    ['edge', 'a foreign host', { headers: { host: 'evil.example' } }],
    ['openai', 'a foreign host', { headers: { host: 'evil.example' } }],
    ['openai', 'a simple request of a foreign page', simple],
    ['openai', 'the preflight of a foreign page', preflight],
    ['openai', 'its journal', { path: '/v1/_requests' }],
    ['openai', 'no key', { method: 'POST', path: '/v1/responses', body: '{}' }],
    ['salesforce', 'a foreign host', { headers: { host: 'evil.example' } }],
    ['salesforce', 'a simple request of a foreign page', simple],
    ['salesforce', 'the preflight of a foreign page', preflight],
  ] satisfies [string, string, Attempt][])('%s refuses %s', async (name, _what, attempt) => {
    const { status, isReadable } = await send(ports[name] ?? 0, attempt);

    expect({ status, isReadable }).toEqual({ status: 403, isReadable: false });
  });
});

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const whoAmI = 'Action=GetCallerIdentity&Version=2011-06-15';
const table = { 'x-amz-target': 'DynamoDB_20120810.ListTables' };

describe('the engine', () => {
  it.each([
    ['its configuration', { method: 'POST', path: '/_ministack/config', body: '{}' }],
    ['its reset', { method: 'POST', path: '/_ministack/reset' }],
    ['its reset under another name', { method: 'POST', path: '/_ministack/%72eset' }],
    ['its mails', { path: '/_ministack/ses/messages' }],
    ['its messages', { path: '/_ministack/sqs/messages?QueueUrl=x' }],
    ['the code of a function', { path: '/_ministack/lambda-code/000000000000/us-east-1/x' }],
    ['an answer to CloudFormation', { method: 'PUT', path: '/_ministack/cfn-response/x' }],
    ['the pages of the adapter', { path: '/_cordon/cloudtrail?since=0' }],
    ['an unsigned call with a form', { method: 'POST', headers: form, body: whoAmI }],
    ['an unsigned call with a target', { method: 'POST', headers: table, body: '{}' }],
    ['an unsigned call with a path', { path: '/2015-03-31/functions/' }],
    ['another kind of authorization', { headers: { authorization: 'Bearer x' } }],
    ['the bucket of others', { path: `/${BUCKET}` }],
    ['a list of buckets', { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test' } }],
  ] satisfies [string, Attempt][])('gives nobody %s', async (_what, attempt) => {
    const { status, body } = await send(engine.port, attempt);

    expect([400, 403]).toContain(status);
    expect(body).not.toMatch(/<Arn>|TableNames|"Functions"|<Buckets?>|applied|reset"/);
  });

  it.each([
    ['the public key of MiniStack', { accessKeyId: 'test', secretAccessKey: 'test' }],
    ['the id of the account', { accessKeyId: '000000000000', secretAccessKey: 'test' }],
    ['a made-up key', { accessKeyId: 'AKIAABCDEFGHIJKLMNOP', secretAccessKey: 'x' }],
  ] satisfies [string, Credentials][])('takes no calls signed with %s', async (_what, keys) => {
    const config = clientConfig(engine, keys);

    await expect(new STSClient(config).send(new GetCallerIdentityCommand({}))).rejects.toThrow(
      /token .* is invalid/,
    );
    await expect(new S3Client(config).send(new ListBucketsCommand({}))).rejects.toThrow();
  });

  it('takes the root key with its secret alone', async () => {
    const identity = (keys: Credentials) =>
      new STSClient(clientConfig(engine, keys)).send(new GetCallerIdentityCommand({}));

    expect((await identity(engine.rootKey)).Arn).toBe('arn:aws:iam::000000000000:root');
    await expect(identity({ ...engine.rootKey, secretAccessKey: 'wrong' })).rejects.toThrow(
      'signature we calculated does not match',
    );
  });

  it('ends a presigned address of the root key with its time, and takes no other object for it', async () => {
    const s3 = new S3Client(clientConfig(engine));
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'one', Body: 'one' }));
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'two', Body: 'two' }));
    const address = await presigned('one', 60);
    const expired = await presigned('one', 1);
    await new Promise((resolve) => setTimeout(resolve, 2_500));

    const statuses = await Promise.all(
      [address, address.replace('/one?', '/two?'), expired].map(async (url) => {
        const answer = await fetch(url);
        return answer.status;
      }),
    );

    expect(statuses).toEqual([200, 403, 403]);
  });

  it('has changed nothing after all this: the bucket is there, and calls are recorded', async () => {
    const { Buckets = [] } = await new S3Client(clientConfig(engine)).send(
      new ListBucketsCommand({}),
    );
    const records = await (await signedGet(engine, '/_cordon/cloudtrail?since=0')).text();

    expect(Buckets.map(({ Name }) => Name)).toContain(BUCKET);
    expect(records).toContain('ListBuckets');
  });
});

class Sha256 extends Hash {
  constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
    super('sha256', secret);
  }
}

/** A presigned address of an object, signed with the root key. */
const presigned = async (key: string, expiresIn: number): Promise<string> => {
  const signer = new SignatureV4({
    service: 's3',
    region: 'us-east-1',
    credentials: engine.rootKey,
    sha256: Sha256,
    uriEscapePath: false,
  });
  const { host, hostname } = new URL(engine.endpoint);
  const path = `/${BUCKET}/${key}`;
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'http:',
      hostname,
      path,
      headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    },
    { expiresIn },
  );
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
  return `${engine.endpoint}${path}?${parameters}`;
};

describe('the root key', () => {
  it('is in no variable of a function, and in no file but its own', async () => {
    const lambda = new LambdaClient(clientConfig(engine));
    const { Role } = await new IAMClient(clientConfig(engine)).send(
      new CreateRoleCommand({ RoleName: 'door', AssumeRolePolicyDocument: '{"Statement":[]}' }),
    );
    const code = 'export const handler = async () => process.env;';
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'door-environment',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: 60,
        Role: Role?.Arn,
        Code: { ZipFile: zipOf([{ name: 'index.mjs', data: Buffer.from(code) }]) },
      }),
    );
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'door-environment' }));
    const environment = Payload?.transformToString() ?? '';
    const log = readFileSync(join(engine.runDir, 'engine.log'), 'utf8');

    expect(environment).toContain('AWS_SECRET_ACCESS_KEY');
    for (const secret of Object.values(engine.rootKey)) {
      expect(environment).not.toContain(secret);
      expect(log).not.toContain(secret);
    }
  });

  it('can be read by this user alone', () => {
    const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

    expect(modeOf(engine.runDir)).toBe('700');
    expect(modeOf(join(engine.runDir, 'root-key.json'))).toBe('600');
  });
});

describe('cordon env', () => {
  it('gives other clients the run, for a shell and as JSON', async () => {
    const root = await makeCheckout();
    try {
      const port = String(await freePort());
      const up = cordon(root, 'up', '--no-drill', '--port', port);
      await until(() => up.stderr().includes('Ctrl-C stops everything'));
      const asked = cordon(root, 'env', '--json', '--port', port);
      await asked.ended();
      const script =
        'eval "$("$NODE" "$CLI" env)" && "$NODE" --input-type=module -e "$PROGRAM" && env';
      const { stdout } = await promisify(execFile)('sh', ['-c', script], {
        cwd: repository,
        env: {
          PATH: process.env.PATH,
          CORDON_ROOT: root,
          AWS_SESSION_TOKEN: 'of another session',
          AWS_PROFILE: 'of another account',
          NODE: join(repository, 'node_modules/.bin/node'),
          CLI: join(repository, 'cli/cordon.ts'),
          PROGRAM: `import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
            console.log((await new STSClient().send(new GetCallerIdentityCommand())).Arn);`,
        },
      });
      up.child.kill('SIGTERM');
      await up.ended();

      expect(JSON.parse(asked.stdout())).toEqual({
        endpoint: `http://127.0.0.1:${port}`,
        region: 'us-east-1',
        accessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
        secretAccessKey: expect.stringMatching(/^.{40}$/),
      });
      const { secretAccessKey } = Object(JSON.parse(asked.stdout()));
      expect(stdout).toMatch(/^arn:aws:iam::000000000000:root\n/);
      expect(stdout).toContain(`AWS_SECRET_ACCESS_KEY=${secretAccessKey}`);
      expect(stdout).not.toMatch(/AWS_SESSION_TOKEN|AWS_PROFILE/);
      expect(up.stdout() + up.stderr()).not.toContain(secretAccessKey);
    } finally {
      await removeCheckout(root);
    }
  });
});
