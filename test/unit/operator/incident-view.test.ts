import { expect, it } from 'vitest';
import { incidentText } from '../../../operator/incident-text.ts';
import { incidentView } from '../../../operator/incident-view.ts';
import { evidenceBucketOf } from '../../../operator/recorded-evidence.ts';
import { everyCase } from '../../support/game-day/case.ts';

const place = {
  outputs: {
    CordonResponse: { EvidenceBucketName: 'evidence', DrillEvidenceBucketName: 'rehearsed' },
  },
};

it.each([
  [true, 'rehearsed'],
  [false, 'evidence'],
])('names the bucket and the folder of the evidence (drill: %s)', (drill, bucket) => {
  const { head, ...others } = everyCase();
  const found = { ...others, head: { ...head, drill } };

  const view = incidentView(found, {
    mask: (text) => text,
    bucket: evidenceBucketOf(place, found.head),
  });

  const prefix = 'incidents/2026/11/21/inc-20261121-7f3k2m8q/';
  expect(view.evidence).toMatchObject({ bucket, prefix });
  expect(incidentText(view)).toContain(`1 object, 10 bytes below s3://${bucket}/${prefix}`);
});
