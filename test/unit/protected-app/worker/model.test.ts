import { zodTextFormat } from 'openai/helpers/zod';
import { afterEach, expect, it } from 'vitest';
import { writtenAnswer } from '../../../../protected-app/worker/answer.ts';
import {
  answerFormat,
  type ModelOutcome,
  prepareModel,
} from '../../../../protected-app/worker/model.ts';
import { promptOf } from '../../../../protected-app/worker/prompt.ts';
import { openAiProvider } from '../../../../protected-app/worker/provider.ts';
import {
  completed,
  type Reply,
  startProvider,
} from '../../../support/protected-app/provider-server.ts';
import { ada } from '../../../support/protected-app/records.ts';

const prompt = promptOf({ question: 'Where does she live?' }, [ada]);
const settings = { model: 'gpt-test', maxOutputTokens: 500 };
const key = 'sk-test-canary';
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Asks a provider that answers so; the last reply is repeated. */
const asking = async (replies: readonly (Reply | 'never')[], { waitMs = 60_000 } = {}) => {
  const provider = await startProvider(
    (index) => replies[Math.min(index, replies.length - 1)] ?? {},
  );
  stops.push(provider.stop);
  const keys: boolean[] = [];
  const secret = async ({ fresh = false } = {}) => {
    keys.push(fresh);
    return { apiKey: key, baseUrl: provider.url };
  };
  const ask = await prepareModel(openAiProvider(secret, { loopback: true }), settings)();
  const outcome: ModelOutcome = await ask({
    prompt,
    asker: 'hash-of-the-asker',
    correlationId: 'request-1',
    signal: AbortSignal.timeout(waitMs),
  });
  return { outcome, arrived: provider.arrived, keys };
};

it('sends what was promised, and nothing else', async () => {
  const { outcome, arrived } = await asking([
    { body: completed('{"answer":"London","sources":[]}') },
  ]);
  expect(outcome).toMatchObject({
    kind: 'written',
    text: '{"answer":"London","sources":[]}',
    tokens: 120,
  });
  expect(arrived).toHaveLength(1);
  const [{ method, path, headers, body } = { method: '', path: '', headers: {}, body: '{}' }] =
    arrived;
  expect([method, path]).toEqual(['POST', '/v1/responses']);
  expect(headers).toMatchObject({
    authorization: `Bearer ${key}`,
    'x-client-request-id': 'request-1',
  });
  expect(JSON.parse(body)).toEqual({
    model: 'gpt-test',
    instructions: prompt.instructions,
    input: prompt.input,
    text: { format: answerFormat },
    store: false,
    max_output_tokens: 500,
    safety_identifier: 'hash-of-the-asker',
  });
});

it('asks for exactly the form that the SDK’s own helper would ask for', () => {
  expect(answerFormat).toEqual(JSON.parse(JSON.stringify(zodTextFormat(writtenAnswer, 'answer'))));
});

it.each([
  ['429, with its time', 429, { 'retry-after': '0' }, 2],
  ['500', 500, { 'retry-after': '0' }, 2],
  ['503', 503, { 'retry-after': '0' }, 2],
  ['409', 409, { 'retry-after': '0' }, 2],
])(
  '%s is tried once more at once, and then left to the queue',
  async (_, status, headers, requests) => {
    const { outcome, arrived } = await asking([
      { status, headers, body: { error: { message: `Your key ${key} is bad`, code: 'busy' } } },
    ]);
    expect(outcome).toEqual({
      kind: 'unavailable',
      afterSeconds: 0,
      detail: { error: 'refused', status, code: 'busy', providerRequest: null },
    });
    expect(arrived).toHaveLength(requests);
  },
);

it('a provider that says how long it will be busy is left alone for so long', async () => {
  const { outcome } = await asking([
    { status: 429, headers: { 'x-should-retry': 'false', 'retry-after': '37' } },
  ]);
  expect(outcome).toMatchObject({ kind: 'unavailable', afterSeconds: 37 });
});

it('a refused key is read again, for the next time', async () => {
  const { outcome, keys, arrived } = await asking([
    { status: 401, body: { error: { message: `Incorrect API key provided: ${key}` } } },
  ]);
  expect(outcome).toMatchObject({ kind: 'unavailable', detail: { status: 401 } });
  expect(keys).toEqual([false, true]);
  expect(arrived).toHaveLength(1);
  expect(JSON.stringify(outcome)).not.toContain(key);
});

it('a request that the provider will never take is not sent again', async () => {
  const { outcome, arrived } = await asking([
    { status: 400, body: { error: { message: 'no such model', code: 'model_not_found' } } },
  ]);
  expect(outcome).toMatchObject({
    kind: 'unusable',
    tokens: 0,
    detail: { status: 400, code: 'model_not_found' },
  });
  expect(arrived).toHaveLength(1);
});

it('no answer, or none in time, is left to the queue', async () => {
  const { outcome } = await asking(['never'], { waitMs: 300 });
  expect(outcome).toMatchObject({ kind: 'unavailable', detail: { error: 'deadline' } });
});

it.each<[string, Reply, number]>([
  ['no JSON', { raw: '<html>' }, prompt.tokens],
  ['half an answer', { raw: '{"id":"resp' }, prompt.tokens],
  ['JSON that is no response', { body: [1, 2] }, prompt.tokens],
  ['no usage', { body: { ...completed('x'), usage: undefined } }, prompt.tokens],
  [
    'an answer that was cut off',
    {
      body: completed('{"ans', {
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
      }),
    },
    120,
  ],
  ['a failed response', { body: completed('', { status: 'failed' }) }, 120],
  [
    'a refusal',
    {
      body: completed('', {
        output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }],
      }),
    },
    120,
  ],
])('%s is no answer, is not asked for again, and costs what was used', async (_, reply, tokens) => {
  const { outcome, arrived } = await asking([reply]);
  expect(outcome).toMatchObject({ kind: 'unusable', tokens, reason: expect.stringMatching(/\.$/) });
  expect(arrived).toHaveLength(1);
});

it('is led to no other host', async () => {
  const elsewhere = await startProvider(() => ({ body: completed('{}') }));
  stops.push(elsewhere.stop);
  const { outcome } = await asking([
    { status: 307, headers: { location: `${elsewhere.url}/responses` } },
  ]);
  expect(outcome.kind).not.toBe('written');
  expect(elsewhere.arrived).toEqual([]);
});
