import { createHash, createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';

export interface SealSigner {
  readonly kms: KMSClient;
  /** ARN of the signing key. */
  readonly keyId: string;
}

/** The public half, as a seal carries it, and its fingerprint. */
export const sealKeyOf = async ({
  kms,
  keyId,
}: SealSigner): Promise<{ readonly pem: string; readonly sha256: string }> => {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (!PublicKey) throw new Error('KMS gave no public key');
  const base64 = Buffer.from(PublicKey).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return {
    pem: `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`,
    sha256: createHash('sha256').update(PublicKey).digest('hex'),
  };
};

/** The fingerprint of a key that lies in the bucket, however its file is written. */
export const fingerprintOf = (pem: Uint8Array): string =>
  createHash('sha256')
    .update(createPublicKey(Buffer.from(pem)).export({ type: 'spki', format: 'der' }))
    .digest('hex');

export const signSeal = async (
  { kms, keyId }: SealSigner,
  manifest: string,
): Promise<Uint8Array> => {
  const { Signature } = await kms.send(
    new SignCommand({
      KeyId: keyId,
      Message: createHash('sha256').update(manifest).digest(),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    }),
  );
  if (!Signature) throw new Error('KMS gave no signature');
  return Signature;
};
