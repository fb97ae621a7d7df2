import { SignatureV4 } from '@smithy/signature-v4';
import type { Bucket, ObjectVersion } from '../../operator/evidence-bucket.ts';
import { Sha256 } from '../../responders/shared/sha256.ts';
import { bucketOrigin } from '../bucket-origin.ts';
import { linkSeconds } from './evidence-read.ts';

interface LinkSigning {
  readonly region: string;
  /** The address of a local engine; null on AWS. */
  readonly engine: string | null;
}

const escaped = (part: string): string =>
  encodeURIComponent(part).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A link that reads one version of one object for a minute, with the rights of this function. */
export const linkMaker =
  ({ region, engine }: LinkSigning) =>
  async ({ s3, name }: Bucket, { key, versionId }: ObjectVersion): Promise<string> => {
    const { protocol, host, hostname } = new URL(engine ?? bucketOrigin(name, region));
    const path = [...(engine === null ? [] : [name]), ...key.split('/')].map(escaped).join('/');
    const signer = new SignatureV4({
      service: 's3',
      region,
      credentials: await s3.config.credentials(),
      sha256: Sha256,
      uriEscapePath: false,
    });
    const { query = {} } = await signer.presign(
      {
        method: 'GET',
        protocol,
        hostname,
        path: `/${path}`,
        query: versionId === undefined ? {} : { versionId },
        // S3 signs no body of a read; the header becomes a parameter of the link.
        headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      },
      { expiresIn: linkSeconds },
    );
    const parameters = Object.entries(query)
      .map(([field, text]) => `${escaped(field)}=${escaped(String(text))}`)
      .join('&');
    return `${protocol}//${host}/${path}?${parameters}`;
  };
