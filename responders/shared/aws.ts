import type { IAMClient } from '@aws-sdk/client-iam';
import type { LambdaClient } from '@aws-sdk/client-lambda';

/** The clients of the responders. Made once per container in handlers/, faked in tests. */
export interface Aws {
  readonly iam: IAMClient;
  /** Lambda in the region of the deployment. */
  readonly lambda: LambdaClient;
  /** Lambda in the further regions of the configuration, by region. */
  readonly further: ReadonlyMap<string, LambdaClient>;
  /** ARNs of the static deny policies, the only ones that containment ever attaches. */
  readonly quarantine: {
    readonly role: string;
    readonly function: string;
    readonly user: string;
  };
}
