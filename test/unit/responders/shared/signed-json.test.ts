import { expect, it } from 'vitest';
import { isBusy } from '../../../../responders/shared/errors.ts';
import { serviceCaller } from '../../../../responders/shared/signed-json.ts';

const service = {
  name: 'guardduty',
  region: 'eu-west-1',
  endpoint: 'https://guardduty.eu-west-1.amazonaws.com',
  credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
};
const call = {
  method: 'POST',
  path: '/detector/d/findings/get',
  body: { findingIds: ['f'] },
} as const;

it('sends a signed call, and returns the JSON of the answer', async () => {
  const sent: Request[] = [];
  const caller = serviceCaller(service, async (url, init) => {
    sent.push(new Request(String(url), init));
    return Response.json({ findings: [] });
  });

  expect(await caller(call)).toEqual({ findings: [] });
  const [request] = sent;
  expect(request?.url).toBe(`${service.endpoint}${call.path}`);
  expect(request?.headers.get('authorization')).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/eu-west-1\/guardduty\/aws4_request/,
  );
  expect(await request?.json()).toEqual({ findingIds: ['f'] });
});

it.each([
  [400, { 'x-amzn-errortype': 'BadRequestException:http://x' }, {}, 'BadRequestException', false],
  [
    429,
    {},
    { __type: 'com.x#TooManyRequestsException', message: 'm' },
    'TooManyRequestsException',
    true,
  ],
  [503, {}, {}, 'UnknownError', true],
] as const)(
  'throws the error of status %i under its name',
  async (status, headers, body, name, busy) => {
    const caller = serviceCaller(service, async () => Response.json(body, { status, headers }));

    const error: unknown = await caller(call).catch((thrown: unknown) => thrown);

    expect([error instanceof Error && error.name, isBusy(error)]).toEqual([name, busy]);
  },
);

it('is busy where nothing answers', async () => {
  const caller = serviceCaller(service, () => Promise.reject(new TypeError('fetch failed')));

  await expect(caller(call)).rejects.toMatchObject({ name: 'BusyError' });
});
