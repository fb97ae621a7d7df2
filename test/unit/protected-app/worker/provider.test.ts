import { createHash, createHmac } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { prepareModel } from '../../../../protected-app/worker/model.ts';
import { promptOf } from '../../../../protected-app/worker/prompt.ts';
import { bedrockProvider, openAiProvider } from '../../../../protected-app/worker/provider.ts';
import {
  type Arrived,
  completed,
  startProvider,
} from '../../../support/protected-app/provider-server.ts';
import { ada } from '../../../support/protected-app/records.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const secret = (baseUrl?: string) => async () => ({
  apiKey: 'sk-x',
  ...(baseUrl !== undefined && { baseUrl }),
});

it('asks OpenAI itself where the secret names no other address', async () => {
  expect((await openAiProvider(secret(), { loopback: false })()).baseURL).toBe(
    'https://api.openai.com/v1',
  );
});

it.each([
  'https://api.openai.com.evil.example/v1',
  'http://api.openai.com/v1',
  'https://evil.example',
  'http://127.0.0.1:9',
  'file:///etc/passwd',
])('sends the key not to %s', async (address) => {
  await expect(openAiProvider(secret(address), { loopback: false })()).rejects.toThrow(
    'not a host that may be called',
  );
});

it('a rotated key makes a new client, the same key does not', async () => {
  let apiKey = 'sk-1';
  const provider = openAiProvider(async () => ({ apiKey }), { loopback: false });
  const first = await provider();
  expect(await provider()).toBe(first);
  apiKey = 'sk-2';
  expect((await provider()).apiKey).toBe('sk-2');
});

const keys = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Signature Version 4 by the book, from what arrived. */
const signatureOf = ({
  method,
  path,
  headers,
  body,
}: Arrived): { readonly claimed: string; readonly computed: string; readonly scope: string } => {
  const [, scope = '', names = '', claimed = ''] =
    /^AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE\/(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const signed = names.split(';');
  const canonical = [
    method,
    path,
    '',
    ...signed.map((name) => `${name}:${String(headers[name])}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const [day = '', region = '', service = ''] = scope.split('/');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = hmac(
    hmac(hmac(hmac(`AWS4${keys.secretAccessKey}`, day), region), service),
    'aws4_request',
  );
  return { claimed, computed: hmac(key, text).toString('hex'), scope: [region, service].join('/') };
};

it('on Bedrock the request is the same, signed with the function’s own credentials; there is no key', async () => {
  const server = await startProvider(() => ({
    body: completed('{"answer":"London","sources":[]}'),
  }));
  stops.push(server.stop);
  const provider = bedrockProvider({
    region: 'eu-west-1',
    credentials: () => keys,
    baseURL: server.url,
  });
  const ask = await prepareModel(provider, {
    model: 'openai.gpt-oss-120b',
    maxOutputTokens: 500,
  })();
  const prompt = promptOf({ question: 'Where does she live?' }, [ada]);
  const outcome = await ask({
    prompt,
    asker: 'hash',
    correlationId: 'request-1',
    signal: AbortSignal.timeout(30_000),
  });
  expect(outcome).toMatchObject({ kind: 'written', tokens: 120 });
  const [request] = server.arrived;
  if (!request) throw new Error('nothing arrived');
  expect(request).toMatchObject({
    method: 'POST',
    path: '/v1/responses',
    headers: { 'x-amz-security-token': 'session' },
  });
  expect(JSON.parse(request.body)).toMatchObject({
    model: 'openai.gpt-oss-120b',
    store: false,
    input: prompt.input,
  });
  const { claimed, computed, scope } = signatureOf(request);
  expect(scope).toBe('eu-west-1/bedrock-mantle');
  expect(claimed).toBe(computed);
  expect(claimed).toHaveLength(64);
});
