// FF1 of NIST SP 800-38G: format-preserving encryption. The letters are those of the standard.
import { createCipheriv } from 'node:crypto';

export interface Ff1 {
  /** AES key of 16, 24 or 32 bytes. */
  readonly key: Uint8Array;
  readonly radix: number;
  readonly tweak: Uint8Array;
}

/** Revision 1 of the standard: a smaller domain could be tried through. */
const SMALLEST_DOMAIN = 1_000_000;
const ROUNDS = 10;
const BLOCK = 16;

const numberOf = (numerals: readonly number[], radix: bigint): bigint =>
  numerals.reduce((sum, numeral) => sum * radix + BigInt(numeral), 0n);

const numeralsOf = (value: bigint, length: number, radix: bigint): number[] => {
  const numerals: number[] = [];
  for (let rest = value; numerals.length < length; rest /= radix)
    numerals.unshift(Number(rest % radix));
  return numerals;
};

/** Big-endian, in as many bytes as said. */
const bytesOf = (value: bigint, length: number): Buffer =>
  Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');

/** AES in CBC mode with no beginning vector, of which FF1 uses the last block: PRF. */
const cipherOf = (key: Uint8Array) => (blocks: Uint8Array) => {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(BLOCK));
  return cipher.setAutoPadding(false).update(blocks).subarray(-BLOCK);
};

/** The number that is added in a round, made of the other half. */
const roundFunction = (
  { key, radix, tweak }: Ff1,
  length: number,
): ((round: number, half: bigint) => bigint) => {
  const encrypt = cipherOf(key);
  const [u, v] = [Math.floor(length / 2), Math.ceil(length / 2)];
  const bits = (BigInt(radix) ** BigInt(v) - 1n).toString(2).length;
  const b = Math.ceil(bits / 8);
  const d = 4 * Math.ceil(b / 4) + 4;
  const P = Buffer.from([1, 2, 1, 0, 0, 0, ROUNDS, u % 256, 0, 0, 0, 0, 0, 0, 0, 0]);
  P.writeUIntBE(radix, 3, 3);
  P.writeUInt32BE(length, 8);
  P.writeUInt32BE(tweak.length, 12);
  const zeros = (BLOCK - ((tweak.length + b + 1) % BLOCK)) % BLOCK;
  return (round, half) => {
    const Q = Buffer.concat([tweak, Buffer.alloc(zeros), Buffer.from([round]), bytesOf(half, b)]);
    const R = encrypt(Buffer.concat([P, Q]));
    const S = [R];
    for (let j = 1; j * BLOCK < d; j += 1) {
      const counter = bytesOf(BigInt(j), BLOCK);
      S.push(encrypt(R.map((byte, index) => byte ^ (counter[index] ?? 0))));
    }
    return BigInt(`0x${Buffer.concat(S).subarray(0, d).toString('hex')}`);
  };
};

const modulo = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus;

const run = (
  cipher: Ff1,
  numerals: readonly number[],
  direction: 'encrypt' | 'decrypt',
): number[] => {
  const n = numerals.length;
  if (n < 2 || cipher.radix ** n < SMALLEST_DOMAIN)
    throw new Error(`${n} numerals of radix ${cipher.radix} are too few to be encrypted`);
  const radix = BigInt(cipher.radix);
  const u = Math.floor(n / 2);
  const f = roundFunction(cipher, n);
  let [A, B] = [numberOf(numerals.slice(0, u), radix), numberOf(numerals.slice(u), radix)];
  for (let step = 0; step < ROUNDS; step += 1) {
    const round = direction === 'encrypt' ? step : ROUNDS - 1 - step;
    const modulus = radix ** BigInt(round % 2 === 0 ? u : n - u);
    if (direction === 'encrypt') [A, B] = [B, modulo(A + f(round, B), modulus)];
    else [A, B] = [modulo(B - f(round, A), modulus), A];
  }
  return [...numeralsOf(A, u, radix), ...numeralsOf(B, n - u, radix)];
};

export const encryptNumerals = (cipher: Ff1, numerals: readonly number[]): number[] =>
  run(cipher, numerals, 'encrypt');

export const decryptNumerals = (cipher: Ff1, numerals: readonly number[]): number[] =>
  run(cipher, numerals, 'decrypt');
