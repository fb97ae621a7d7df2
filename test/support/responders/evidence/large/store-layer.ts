// Run as a process of its own, so that its peak of memory is its own: streams a layer from a link
// into a bucket.
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { storeDownload } from '../../../../../responders/evidence/download.ts';
import { listZip } from '../../../../../responders/evidence/sources/parts/zip-listing.ts';
import { aCase } from '../../../fakes/sources.ts';
import { peakMb } from '../peak.ts';

const [endpoint = '', sha256 = '', atOnce = '1', archive = 'layer'] = process.argv.slice(2);
const open = async () => {
  const answer = await fetch(`${endpoint}/${archive}`);
  if (!answer.body) throw new Error('no body');
  return {
    body: Readable.fromWeb(answer.body),
    bytes: Number(answer.headers.get('content-length')),
  };
};
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
const s3 = new S3Client({ endpoint, region: 'eu-west-1', forcePathStyle: true, credentials });
const origin = { collector: 'collect.layers', startedAt: Date.now() };
const storeLayer = (number: number) => {
  const piece = {
    path: `layers/${number}/content.zip`,
    type: 'application/zip',
    source: 'lambda:GetLayerVersion',
    sha256,
    open,
  };
  return storeDownload({ s3, bucket: 'evidence' }, aCase().head, piece, origin);
};
const [{ entry, gap }] = await Promise.all([
  storeLayer(1),
  ...Array.from({ length: Number(atOnce) - 1 }, (_, index) => storeLayer(2 + index)),
]);
const range = async (start: number, length: number) =>
  new Uint8Array(
    await (
      await fetch(`${endpoint}/${archive}`, {
        headers: { range: `bytes=${start}-${start + length - 1}` },
      })
    ).arrayBuffer(),
  );
const listing = await listZip(range, entry.bytes).catch((error: unknown) => ({
  error: String(error),
}));
process.stdout.write(
  JSON.stringify({
    sha256: entry.sha256,
    bytes: entry.bytes,
    gap: gap ?? null,
    listed: 'listed' in listing ? listing.listed : null,
    peakMb: peakMb(),
  }),
);
