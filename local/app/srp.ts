// The sign-in of a browser: proves the password without sending it (Secure Remote Password, as
// Cognito does it).
import { createHash, createHmac, getDiffieHellman, randomBytes } from 'node:crypto';
import {
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  type RespondToAuthChallengeCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';

const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);
const g = 2n;

/** Whole bytes, and a leading zero where the number would look negative. */
const padded = (value: bigint): Buffer => {
  const hex = value.toString(16);
  const even = hex.length % 2 === 1 ? `0${hex}` : hex;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
};
const hash = (...parts: readonly (Buffer | string)[]): Buffer =>
  parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();
const mac = (key: Buffer, ...parts: readonly (Buffer | string)[]): Buffer =>
  parts.reduce((sum, part) => sum.update(part), createHmac('sha256', key)).digest();
const number = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);
const power = (base: bigint, exponent: bigint): bigint => {
  let [result, square] = [1n, base % N];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
};

/** Thu Nov 5 09:03:07 UTC 2026 */
const stamp = (now: Date): string => {
  const [weekday, day, month, year, time] = now.toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`;
};

interface SignIn {
  readonly clientId: string;
  readonly poolId: string;
  readonly email: string;
  readonly password: string;
}

/** Proves the password; the answer holds the next challenge, or the tokens. */
export const proveBySrp = async (
  cognito: CognitoIdentityProviderClient,
  { clientId: ClientId, poolId, email, password }: SignIn,
): Promise<RespondToAuthChallengeCommandOutput> => {
  const a = number(randomBytes(128));
  const A = power(g, a);
  const { ChallengeName, ChallengeParameters: asked = {} } = await cognito.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: email, SRP_A: A.toString(16) },
    }),
  );
  if (ChallengeName !== 'PASSWORD_VERIFIER')
    throw new Error(`wanted PASSWORD_VERIFIER, got ${ChallengeName}`);
  const { USER_ID_FOR_SRP: user = '', SRP_B = '', SALT = '', SECRET_BLOCK = '' } = asked;
  const pool = poolId.split('_')[1] ?? '';
  const [B, salt] = [BigInt(`0x${SRP_B}`), BigInt(`0x${SALT}`)];
  const u = number(hash(padded(A), padded(B)));
  const x = number(hash(padded(salt), hash(`${pool}${user}:${password}`)));
  const k = number(hash(padded(N), padded(g)));
  const base = (((B - k * power(g, x)) % N) + N) % N;
  const key = mac(
    mac(padded(u), padded(power(base, a + u * x))),
    'Caldera Derived Key',
    Buffer.from([1]),
  ).subarray(0, 16);
  const TIMESTAMP = stamp(new Date());
  return cognito.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName,
      ChallengeResponses: {
        USERNAME: user,
        PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
        TIMESTAMP,
        PASSWORD_CLAIM_SIGNATURE: mac(
          key,
          pool,
          user,
          Buffer.from(SECRET_BLOCK, 'base64'),
          TIMESTAMP,
        ).toString('base64'),
      },
    }),
  );
};
