import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';

/** The curve P-256, as SEC 2 lists it. */
const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const base: Point = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
];
type Point = readonly [bigint, bigint];

const modulo = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;
const inverse = (value: bigint, by: bigint): bigint => {
  let [low, high, x, y] = [modulo(value, by), by, 1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high, x, y] = [high - quotient * low, low, y - quotient * x, x];
  }
  return modulo(x, by);
};

const add = (left: Point, right: Point): Point => {
  const [x, y] = left;
  const slope =
    x === right[0]
      ? (3n * x * x - 3n) * inverse(2n * y, p)
      : (right[1] - y) * inverse(right[0] - x, p);
  const sum = modulo(slope * slope - x - right[0], p);
  return [sum, modulo(slope * (x - sum) - y, p)];
};

const multiply = (factor: bigint): Point => {
  let sum: Point | undefined;
  let power = base;
  for (let rest = factor; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = sum ? add(sum, power) : power;
    power = add(power, power);
  }
  return sum ?? base;
};

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const derOf = (value: bigint): Buffer => {
  const bytes = Buffer.from(`00${value.toString(16).padStart(64, '0')}`, 'hex');
  let start = 0;
  while (bytes[start] === 0 && (bytes[start + 1] ?? 0) < 0x80) start += 1;
  const number = bytes.subarray(start);
  return Buffer.concat([Buffer.from([2, number.length]), number]);
};

/** node:crypto hashes what it signs with such a key; KMS signs a digest as it is. */
const signDigest = (digest: Uint8Array, secret: bigint): Uint8Array => {
  const nonce = modulo(numberOf(randomBytes(32)), n - 1n) + 1n;
  const r = modulo(multiply(nonce)[0], n);
  const s = modulo(inverse(nonce, n) * (numberOf(digest) + r * secret), n);
  const numbers = Buffer.concat([derOf(r), derOf(s)]);
  return Buffer.concat([Buffer.from([0x30, numbers.length]), numbers]);
};

/** KMS with one signing key. */
export const fakeSigner = (isDenied: () => boolean = () => false) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secret = numberOf(Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'));
  const kms = new KMSClient({ region: 'eu-west-1' });
  const mock = mockClient(kms);
  mock
    .on(GetPublicKeyCommand)
    .resolves({ PublicKey: publicKey.export({ type: 'spki', format: 'der' }) });
  mock.on(SignCommand).callsFake(({ Message }) => {
    if (isDenied()) throw new Error('denied');
    return { Signature: signDigest(Message, secret) };
  });
  return { kms, mock, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
};
