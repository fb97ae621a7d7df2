import { SQSClient } from '@aws-sdk/client-sqs';
import { type ResendResult, resendGivenUp } from '../audit/ingest/resend.ts';
import { createLog } from '../shared/log.ts';
import { variable } from './environment.ts';

const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

/** A deployer calls it, when the reasons for giving messages up are gone. */
export const handler = (
  _event: unknown,
  { awsRequestId }: { readonly awsRequestId: string },
): Promise<ResendResult> =>
  resendGivenUp(
    {
      sqs,
      queueUrl: variable('APP_AUDIT_QUEUE_URL'),
      queueArn: variable('APP_AUDIT_QUEUE_ARN'),
      givenUpUrl: variable('APP_AUDIT_GIVEN_UP_URL'),
      log: createLog(variable('APP_FUNCTION'), awsRequestId),
    },
    Date.now(),
  );
