// Differences in whom the engine answers at all.
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Keys } from '../engine.ts';
import { account, makeFunction, makeRole, outcome } from '../world.ts';
import type { Difference, ObservedEngine } from './difference.ts';

const code = 'export const handler = async () => 1;';

const whoAmI = (engine: ObservedEngine, keys: Keys): Promise<string> =>
  outcome(new STSClient(engine.client(keys)).send(new GetCallerIdentityCommand({})));

const rootCredentials: Difference = {
  correction: 'root_credentials',
  still: 'takes "test", an account id, and the root key with a wrong secret for the root user',
  observe: async (engine) => ({
    rootKey: await whoAmI(engine, engine.rootKey),
    test: await whoAmI(engine, { accessKeyId: 'test', secretAccessKey: 'test' }),
    account: await whoAmI(engine, { accessKeyId: account, secretAccessKey: 'anything' }),
    wrongSecret: await whoAmI(engine, { ...engine.rootKey, secretAccessKey: 'wrong' }),
  }),
  stock: { rootKey: 'ok', test: 'ok', account: 'ok', wrongSecret: 'ok' },
  aws: {
    rootKey: 'ok',
    test: 'InvalidClientTokenId',
    account: 'InvalidClientTokenId',
    wrongSecret: 'SignatureDoesNotMatch',
  },
};

/** The keys that the stock engine gives to a function, from what everybody knows of it. */
const guessedKeys = (functionArn: string, roleArn: string): Keys => {
  const sha256 = (message: string): string => createHash('sha256').update(message).digest('hex');
  const digest = sha256(`${functionArn}:${roleArn}`);
  return {
    accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
    secretAccessKey: sha256(`secret:${digest}`),
    sessionToken: sha256(`token:${digest}`),
  };
};

const functionCredentials: Difference = {
  correction: 'function_credentials',
  still: 'gives a function keys that can be computed from its name',
  observe: async (engine) => {
    const role = await makeRole(engine, 'guessed', []);
    const arn = await makeFunction(engine, 'guessed', code, role);
    await new LambdaClient(engine.client()).send(new InvokeCommand({ FunctionName: 'guessed' }));
    return whoAmI(engine, guessedKeys(arn, role));
  },
  stock: 'ok',
  aws: 'InvalidClientTokenId',
};

const downloadAddresses: Difference = {
  correction: 'download_addresses',
  still: 'gives the code of a function to everybody who knows its name',
  observe: async (engine) => {
    await makeFunction(engine, 'downloaded', code, await makeRole(engine, 'downloaded', []));
    const { Code } = await new LambdaClient(engine.client()).send(
      new GetFunctionCommand({ FunctionName: 'downloaded' }),
    );
    const address = Code?.Location ?? '';
    return {
      asGiven: (await fetch(address)).status,
      withoutQuery: (await fetch(address.replace(/\?.*/, ''))).status,
    };
  },
  stock: { asGiven: 200, withoutQuery: 200 },
  aws: { asGiven: 200, withoutQuery: 403 },
};

/** Status and allowed origin of an answer; `fetch` would not let us choose the host. */
const answerTo = (
  { port }: ObservedEngine,
  path: string,
  { method = 'GET', body = '', ...headers }: Readonly<Record<string, string>>,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const out = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      const allowed = answer.headers['access-control-allow-origin'] ?? 'no origin';
      text(answer).then(() => resolve(`${answer.statusCode}, ${allowed}`), reject);
    });
    out.on('error', reject).end(body);
  });

const closedDoor: Difference = {
  correction: 'closed_door',
  still: 'answers to every name, to pages of every origin, and to who wants to configure it',
  observe: async (engine) => ({
    host: await answerTo(engine, '/_ministack/health', { host: 'evil.example' }),
    preflight: await answerTo(engine, '/', { method: 'OPTIONS', origin: 'http://evil.example' }),
    configure: await answerTo(engine, '/_ministack/config', { method: 'POST', body: '{}' }),
    mails: await answerTo(engine, '/_ministack/ses/messages', {}),
  }),
  stock: {
    host: '200, no origin',
    preflight: '200, *',
    configure: '200, no origin',
    mails: '200, no origin',
  },
  aws: {
    host: '403, no origin',
    preflight: '403, no origin',
    configure: '403, no origin',
    mails: '403, no origin',
  },
};

export const door: readonly Difference[] = [
  rootCredentials,
  functionCredentials,
  downloadAddresses,
  closedDoor,
];
