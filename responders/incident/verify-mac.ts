import { at } from '../shared/json.ts';
import type { CallService } from '../shared/signed-json.ts';

/**
 * Whether a MAC was made with a key over a message. Throws the error of KMS where KMS does not say
 * so.
 */
export type VerifyMac = (key: string, message: Uint8Array, mac: Uint8Array) => Promise<boolean>;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Asks KMS with signed calls, because the SDK client is too big for the bundle that contains. */
export const macVerifier =
  (kms: CallService): VerifyMac =>
  async (key, message, mac) => {
    try {
      const answer = await kms({
        method: 'POST',
        path: '/',
        target: 'TrentService.VerifyMac',
        body: {
          KeyId: key,
          Message: base64(message),
          Mac: base64(mac),
          MacAlgorithm: 'HMAC_SHA_256',
        },
      });
      return at(answer, 'MacValid') === true;
    } catch (error) {
      if (error instanceof Error && error.name === 'KMSInvalidMacException') return false;
      throw error;
    }
  };
