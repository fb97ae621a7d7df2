import { createHash } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';

export interface Signer {
  readonly kms: KMSClient;
  /** ARN of the signing key. */
  readonly keyId: string;
}

export interface PublicKey {
  readonly pem: string;
  /** Of its DER form; what an auditor compares. */
  readonly sha256: string;
}

/** The public half, which verifies long after the key itself is gone. */
export const publicKeyOf = async ({ kms, keyId }: Signer): Promise<PublicKey> => {
  const { PublicKey: der } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (!der) throw new Error('KMS gave no public key');
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  const pem = `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`;
  return { pem, sha256: createHash('sha256').update(der).digest('hex') };
};

/** A DER signature over the SHA-256 of the bytes: KMS itself takes at most 4,096 bytes. */
export const sign = async (
  { kms, keyId: KeyId }: Signer,
  bytes: Uint8Array,
): Promise<Uint8Array> => {
  const Message = createHash('sha256').update(bytes).digest();
  const { Signature } = await kms.send(
    new SignCommand({ KeyId, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }),
  );
  if (!Signature) throw new Error('KMS gave no signature');
  return Signature;
};
