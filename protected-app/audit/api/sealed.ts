import * as z from 'zod';
import { readObject, type SealBucket } from '../seal/bucket.ts';
import { nameOfSeal } from '../seal/folder.ts';

/** A signed manifest with the key that signs: what every proof begins with. */
export interface SignedSeal {
  readonly name: string;
  /** The bytes that are signed, as text. */
  readonly manifest: string;
  /** In base64. */
  readonly signature: string;
  readonly publicKey: string;
}

/** The parts of a manifest that are read here. */
export const readManifest = z.object({
  sequence: z.int(),
  createdAt: z.string(),
  merkle: z.object({ root: z.string(), events: z.int() }),
  gaps: z.array(z.object({ what: z.string(), why: z.string() })),
  objects: z.array(z.object({ path: z.string(), insteadOf: z.string().optional() })),
});

export const folderOf = (sequence: number): string => `seals/${nameOfSeal(sequence)}/`;

/** Where the key that signs lies: beside its usual place where another had taken that. */
const keyPathIn = (manifest: string): string => {
  const usual = 'public-key.pem';
  const { objects } = readManifest.parse(JSON.parse(manifest));
  return objects.find(({ insteadOf }) => insteadOf === usual)?.path ?? usual;
};

/** A seal that is in the bucket as a whole. */
export const signedSeal = async (
  bucket: SealBucket,
  sequence: number,
): Promise<SignedSeal | undefined> => {
  const folder = folderOf(sequence);
  const [manifest, signature] = await Promise.all(
    ['manifest.json', 'manifest.sig'].map((path) => readObject(bucket, `${folder}${path}`)),
  );
  if (!manifest || !signature) return undefined;
  const publicKey = await readObject(bucket, `${folder}${keyPathIn(String(manifest))}`);
  if (!publicKey) return undefined;
  return {
    ...{ name: nameOfSeal(sequence), manifest: String(manifest) },
    ...{ signature: signature.toString('base64'), publicKey: String(publicKey) },
  };
};
