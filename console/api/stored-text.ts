import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { HttpProblem } from '../../protected-app/shared/problem.ts';
import { type Buckets, bucketFor } from '../../responders/evidence/buckets.ts';
import type { Case } from '../../responders/incident/case.ts';

export interface StoredDeps {
  readonly s3: S3Client;
  readonly buckets: Buckets;
}

/** What a function can hold and answer in time; what is longer is read as evidence. */
const mostBytes = 24 * 1024 * 1024;

/**
 * The text of an object that a stage of the incident has recorded. Evidence of drills goes after
 * some days: then there is none.
 */
export const storedText = async (
  { s3, buckets }: StoredDeps,
  { head }: Pick<Case, 'head'>,
  key: string,
): Promise<string | undefined> => {
  const place = { Bucket: bucketFor(head, buckets), Key: key };
  try {
    const { Body, ContentLength = 0 } = await s3.send(new GetObjectCommand(place));
    if (ContentLength > mostBytes) {
      await Body?.transformToWebStream().cancel();
      throw new HttpProblem(
        413,
        'This is too long to show. Read it as evidence, or with the command.',
      );
    }
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
};
