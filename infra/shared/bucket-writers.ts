import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { denyEverybody, denyOthers } from './deny.ts';

const writes = [
  ...['PutObject', 'PutObjectAcl', 'PutObjectRetention', 'PutObjectLegalHold'],
  ...['DeleteObject', 'DeleteObjectVersion', 'BypassGovernanceRetention'],
].map((call) => `s3:${call}`);

/** Records that AWS writes, and that expire by themselves: no role or user adds or removes any. */
export const onlyServicesWrite = (bucket: Bucket): void => {
  bucket.addToResourcePolicy(
    denyOthers({
      sid: 'OnlyServicesWrite',
      actions: writes,
      resources: [bucket.arnForObjects('*')],
      but: [],
    }),
  );
};

/**
 * Answers of Athena. It writes them with the rights of whoever asks, and names itself in
 * `aws:CalledVia`: nobody writes an answer without asking a question.
 */
export const onlyAthenaWrites = (bucket: Bucket): void => {
  bucket.addToResourcePolicy(
    denyEverybody({
      sid: 'OnlyAthenaWrites',
      actions: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'],
      resources: [bucket.arnForObjects('*')],
      conditions: {
        'ForAllValues:StringNotEquals': { 'aws:CalledVia': 'athena.amazonaws.com' },
        Bool: { 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
  );
};
