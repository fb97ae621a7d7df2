import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { removePages, uploadPages } from '../worker/pages-upload.ts';

/** What CloudFormation sends for a custom resource. */
const customRequest = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  ResourceProperties: z.object({
    bucket: z.string().min(1),
    config: z.record(z.string(), z.string()),
  }),
});

type CustomRequest = z.infer<typeof customRequest>;

const s3 = new S3Client();

const work = async ({ RequestType, ResourceProperties }: CustomRequest): Promise<void> => {
  const { bucket, config } = ResourceProperties;
  const shared = { s3, bucket, now: Date.now };
  if (RequestType === 'Delete') await removePages(shared);
  else await uploadPages({ ...shared, config, folder: join(import.meta.dirname, 'site') });
};

/** CloudFormation waits for an answer at an address of its own, whether it went well or not. */
const answer = async (request: CustomRequest, failure: string | undefined): Promise<void> => {
  const { ResponseURL, StackId, RequestId, LogicalResourceId } = request;
  const body = JSON.stringify({
    ...{ StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'pages' },
    Status: failure === undefined ? 'SUCCESS' : 'FAILED',
    ...(failure !== undefined && { Reason: failure }),
  });
  const { ok, status } = await fetch(ResponseURL, { method: 'PUT', body });
  if (!ok) throw new Error(`CloudFormation took no answer: HTTP ${status}`);
};

export const handler = async (event: unknown): Promise<void> => {
  const request = customRequest.parse(event);
  const failure = await work(request).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  await answer(request, failure);
};
