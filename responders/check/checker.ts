import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SNSClient } from '@aws-sdk/client-sns';
import { attempt } from '../shared/attempt.ts';

/** The clients with which the account is compared. */
export interface CheckClients {
  readonly cloudformation: CloudFormationClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly sns: SNSClient;
}

/** Each difference is a clause about one resource: `rule Findings is DISABLED`. */
export type Differences = readonly string[];

/** A read must not keep the others from being told. */
const readMs = 10_000;

/**
 * Compares one resource. What does not exist or cannot be read is a difference: nobody knows
 * whether it is still as it was deployed.
 */
export const compare = async <T>(
  what: string,
  read: Promise<T>,
  differences: (actual: T) => Differences,
): Promise<Differences> => {
  const actual = await attempt(readMs, read);
  if (actual.ok) return differences(actual.value).map((difference) => `${what} ${difference}`);
  return [actual.missing ? `${what} does not exist` : `${what} could not be read (${actual.why})`];
};
