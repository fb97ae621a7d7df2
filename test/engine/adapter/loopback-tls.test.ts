import { CreateBucketCommand, ListObjectsV2Command, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { startEngine } from './engine.ts';
import { allow, outcome, policy, roleKeys } from './world.ts';

test.for([
  { skip: '', answer: 'ok' },
  { skip: 'loopback_tls', answer: 'AccessDenied' },
])('a bucket that demands TLS answers a role with $answer when "$skip" is left out', async ({ skip, answer }) => {
  const engine = await startEngine({ skip });
  try {
    const s3 = new S3Client(engine.client());
    const insecure = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: 'arn:aws:s3:::tls-only',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    await s3.send(new CreateBucketCommand({ Bucket: 'tls-only' }));
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'tls-only', Policy: policy(insecure) }));
    const keys = await roleKeys(engine, 'reader', [allow('s3:*')]);

    expect(await outcome(new S3Client(engine.client(keys)).send(new ListObjectsV2Command({ Bucket: 'tls-only' })))).toBe(answer);
  } finally {
    await engine.stop();
  }
});
