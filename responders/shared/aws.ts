import type { IAMClient } from '@aws-sdk/client-iam';
import type { LambdaClient } from '@aws-sdk/client-lambda';

/** The clients of the responders. Made once per container in handlers/, faked in tests. */
export interface Aws {
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  /** ARNs of the two static deny policies, the only ones that containment ever attaches. */
  readonly quarantine: { readonly role: string; readonly function: string };
}
