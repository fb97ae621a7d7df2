import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Bucket, openFolder } from '../../../operator/evidence-bucket.ts';
import { seal } from '../../../responders/evidence/seal.ts';
import { fakeBucket } from '../../support/fakes/bucket.ts';
import { fakeTable } from '../../support/fakes/case-table.ts';
import { fakeSigner } from '../../support/fakes/kms-signer.ts';
import { aCase } from '../../support/fakes/sources.ts';

const incident = aCase();
const prefix = 'incidents/2026/11/21/inc-20261121-7f3k2m8q/';
const keyId = 'arn:aws:kms:eu-west-1:111122223333:key/k';

/** A sealed folder, in which others had stored something before. */
const sealedAmong = async (planted: readonly string[]) => {
  const { to, objects } = fakeBucket();
  const body = Buffer.from(JSON.stringify({ incident: incident.head.id, signing: { keyId } }));
  const sha256 = createHash('sha256').update(body).digest('base64');
  for (const path of planted)
    objects.set(`${prefix}${path}`, { body, sha256, versionId: `planted-${path}` });
  const { kms, pem } = fakeSigner();
  const { manifest } = await seal(incident, [], [], {
    to,
    table: fakeTable().table,
    signer: { kms, keyId },
    account: '111122223333',
    region: 'eu-west-1',
    verifier: '// verify',
    titles: new Map(),
    now: Date.now,
  });
  const place: Bucket['place'] = {
    region: 'eu-west-1',
    outputs: {},
    local: null,
    config: async () => ({ region: 'eu-west-1' }),
  };
  const bucket: Bucket = { place, kind: 'real', s3: to.s3, name: to.bucket };
  const open = () => openFolder(bucket, incident.head.id, undefined, async () => ({ keyId, pem }));
  return { manifest, open };
};

it.each([
  ['nothing', []],
  ['a manifest', ['manifest.json']],
  ['a signature', ['manifest.sig']],
  ['a manifest and its signature', ['manifest.json', 'manifest.sig']],
])(
  'where others stored %s, the folder has the manifest that Cordon signed',
  async (_what, paths) => {
    const { manifest, open } = await sealedAmong(paths);

    const { versions, foreign } = await open();

    expect(versions.get('manifest.json')?.key).toBe(manifest.key);
    expect(versions.get('manifest.sig')?.key).toBe(manifest.key.replace(/json$/, 'sig'));
    expect([...versions.keys()].filter((path) => path.startsWith('own-'))).toEqual([]);
    expect(foreign).toEqual(expect.arrayContaining(paths));
  },
);

it('a later round that only others have stored is not taken for the latest', async () => {
  const { open } = await sealedAmong(['round-2/manifest.json']);

  expect((await open()).round).toBe(1);
});
