import { expect, it } from 'vitest';
import { macVerifier } from '../../../../responders/incident/verify-mac.ts';
import { httpStatusOf, isBusy } from '../../../../responders/shared/errors.ts';
import { serviceCaller } from '../../../../responders/shared/signed-json.ts';

const key = 'arn:aws:kms:eu-west-1:111122223333:key/answer';
const message = Buffer.from('message');
const mac = Uint8Array.of(0xfb, 0xff);

/** A verifier whose calls KMS answers like this, and what it sent. */
const answered = (status: number, body: object) => {
  const sent: Request[] = [];
  const caller = serviceCaller(
    {
      name: 'kms',
      region: 'eu-west-1',
      endpoint: 'https://kms.eu-west-1.amazonaws.com',
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
    },
    async (url, init) => {
      sent.push(new Request(String(url), init));
      return Response.json(body, { status });
    },
  );
  return { sent, verified: () => macVerifier(caller)(key, message, mac) };
};

it('asks KMS with message and MAC in base64', async () => {
  const { sent, verified } = answered(200, { KeyId: key, MacValid: true });

  expect(await verified()).toBe(true);
  const [request] = sent;
  expect(request?.url).toBe('https://kms.eu-west-1.amazonaws.com/');
  expect(request?.headers.get('x-amz-target')).toBe('TrentService.VerifyMac');
  expect(request?.headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(await request?.json()).toEqual({
    KeyId: key,
    Message: 'bWVzc2FnZQ==',
    Mac: '+/8=',
    MacAlgorithm: 'HMAC_SHA_256',
  });
});

it.each([
  ['is not valid', 400, { __type: 'KMSInvalidMacException' }],
  ['is said to be not valid', 200, { KeyId: key, MacValid: false }],
  ['is not mentioned', 200, {}],
  ['is valid by another word', 200, { MacValid: 'true' }],
])('a MAC that %s does not verify', async (_what, status, body) => {
  expect(await answered(status, body).verified()).toBe(false);
});

it.each([
  ['AccessDeniedException', 400, false],
  ['DisabledException', 400, false],
  ['ThrottlingException', 400, true],
  ['KMSInternalException', 500, true],
])('%s is no verdict, and keeps its name and status', async (name, status, busy) => {
  const error: unknown = await answered(status, { __type: name })
    .verified()
    .catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ name });
  expect([httpStatusOf(error), isBusy(error)]).toEqual([status, busy]);
});
