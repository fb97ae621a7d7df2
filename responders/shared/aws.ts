import type { IAMClient } from '@aws-sdk/client-iam';
import type { LambdaClient } from '@aws-sdk/client-lambda';

/** What a responder may use. Made once per container in responders/handlers, faked in tests. */
export interface Aws {
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  /** ARNs of the two static deny policies, the only ones that containment ever attaches. */
  readonly quarantine: { readonly role: string; readonly function: string };
}
