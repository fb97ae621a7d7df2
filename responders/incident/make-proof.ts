import { GenerateMacCommand, type KMSClient, MacAlgorithmSpec } from '@aws-sdk/client-kms';
import { digestOf, type ProvenFields, type Purpose, proofMs } from './proof.ts';

/** Makes a proof. Only the roles of people may, as the policies of the keys say. */
export const makeProof = async (
  kms: KMSClient,
  key: string,
  {
    purpose,
    fields,
    now,
  }: { readonly purpose: Purpose; readonly fields: ProvenFields; now: number },
): Promise<string> => {
  const expiresAt = now + proofMs;
  const digest = digestOf(purpose, fields, expiresAt);
  const { Mac = new Uint8Array() } = await kms.send(
    new GenerateMacCommand({
      KeyId: key,
      Message: digest,
      MacAlgorithm: MacAlgorithmSpec.HMAC_SHA_256,
    }),
  );
  const mac = Buffer.from(Mac).toString('base64url');
  return `${purpose}.${expiresAt}.${digest.toString('hex')}.${mac}`;
};
