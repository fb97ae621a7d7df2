import { describe, expect, it } from 'vitest';
import { personReader, stsAddress } from '../../../../responders/incident/person.ts';
import { BusyError } from '../../../../responders/shared/errors.ts';

const signed = {
  credential: 'AKIAIOSFODNN7EXAMPLE/20261121/eu-west-1/sts/aws4_request',
  date: '20261121T100000Z',
  signature: 'a'.repeat(64),
};
const arn = 'arn:aws:iam::111122223333:user/anna';
const userId = 'AIDAEXAMPLEEXAMPLE01';
const identityOf = (parts: string): string =>
  `<GetCallerIdentityResponse>${parts}</GetCallerIdentityResponse>`;
const told = identityOf(`<Arn>${arn}</Arn><UserId>${userId}</UserId>`);

const asking = (answer: () => Response | Promise<Response> = () => new Response(told)) => {
  const sent: { readonly url: URL; readonly init: RequestInit | undefined }[] = [];
  const read = personReader({
    address: stsAddress('eu-west-1'),
    fetch: async (url, init) => {
      sent.push({ url: new URL(String(url)), init });
      return answer();
    },
  });
  return { sent, read };
};

it('is who AWS says it is', async () => {
  expect(await asking().read(signed, 'digest')).toEqual({ arn, userId });
});

it('asks STS of the region and nobody else, for nothing but the caller', async () => {
  const { sent, read } = asking();
  await read({ ...signed, token: 'IQoJb3JpZ2luX2VjE/+=' }, 'digest');

  const [{ url, init } = { url: new URL('x:y'), init: undefined }] = sent;
  expect([url.origin, url.pathname]).toEqual(['https://sts.eu-west-1.amazonaws.com', '/']);
  expect(url.searchParams.getAll('Action')).toEqual(['GetCallerIdentity']);
  expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('host;x-cordon-decision');
  expect(url.searchParams.get('X-Amz-Security-Token')).toBe('IQoJb3JpZ2luX2VjE/+=');
  expect(init).toMatchObject({
    redirect: 'error',
    headers: { 'x-cordon-decision': 'digest' },
  });
});

it('asks in China where China is', () => {
  expect(stsAddress('cn-north-1')).toBe('https://sts.cn-north-1.amazonaws.com.cn');
});

describe('is nobody, without a question to STS, for', () => {
  it.each([
    ['nothing', undefined],
    ['a text', 'https://sts.amazonaws.com/?Action=GetCallerIdentity'],
    [
      'an address',
      { ...signed, credential: 'evil.example/?x=/20261121/eu-west-1/sts/aws4_request' },
    ],
    ['another service', { ...signed, credential: 'AKIA/20261121/eu-west-1/iam/aws4_request' }],
    ['another action', { ...signed, signature: `${'a'.repeat(64)}&Action=AssumeRole` }],
    ['a date with more', { ...signed, date: '20261121T100000Z&x=y' }],
    ['a token with more', { ...signed, token: 'a&Action=AssumeRole' }],
    ['a token that is an object', { ...signed, token: {} }],
    ['no signature', { ...signed, signature: undefined }],
  ])('%s', async (_what, identity) => {
    const { sent, read } = asking();
    expect(await read(identity, 'digest')).toMatchObject({ kind: 'anonymous' });
    expect(sent).toEqual([]);
  });
});

it.each([
  ['a refusal', new Response('<Error><Code>SignatureDoesNotMatch</Code></Error>', { status: 403 })],
  ['a refusal that names somebody', new Response(told, { status: 403 })],
  ['an answer that names nobody', new Response('<html></html>')],
  ['an answer without an id', new Response(identityOf(`<Arn>${arn}</Arn>`))],
])('is unknown after %s', async (_what, answer) => {
  expect(await asking(() => answer).read(signed, 'digest')).toMatchObject({ kind: 'unknown' });
});

it.each([
  ['is busy', () => new Response('', { status: 503 })],
  ['throttles', () => new Response('', { status: 429 })],
  ['gives no answer', () => Promise.reject(new TypeError('fetch failed'))],
])('is asked again while STS %s', async (_what, answer) => {
  await expect(asking(answer).read(signed, 'digest')).rejects.toThrow(BusyError);
});
