import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { handler } from '../../../../game-day/canary/canary.ts';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', undefined);
});
afterEach(() => vi.unstubAllEnvs());

it('leaks its session to whoever invokes it directly and asks', async () => {
  expect(await handler({ action: 'leak' })).toEqual({
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: 'secret',
    sessionToken: 'token',
  });
});

/** Without a function name `work` cannot begin: the error shows that working is what it tried. */
it.each([
  ['the public URL', { requestContext: { http: { method: 'POST' } }, body: '{"action":"leak"}' }],
  ['the public URL, dressed up', { action: 'leak', requestContext: { http: { method: 'POST' } } }],
  ['the queue', { Records: [{ eventSource: 'aws:sqs', body: '{"action":"leak"}' }] }],
  ['an invocation that asks for work', { action: 'work' }],
  ['an invocation that asks for nothing', null],
])('only works for %s', async (_who, event) => {
  await expect(handler(event)).rejects.toThrow('the environment has no AWS_LAMBDA_FUNCTION_NAME');
});
