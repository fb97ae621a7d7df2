import { Aws } from 'aws-cdk-lib';
import { bucketOrigin } from '../../console/bucket-origin.ts';
import type { ConsoleResources } from '../response/console-resources.ts';
import type { PageRights } from '../shared/page-policy.ts';

/** As console/pages/src/verify/worker-client.ts names it. */
const workerPolicy = 'cordon-verifier';

/** The pages verify evidence: a worker reads it from its buckets, with links of the API. */
export const consolePageRights = ({
  outputs,
}: Pick<ConsoleResources, 'outputs'>): Required<PageRights> => ({
  reads: ['EvidenceBucketName', 'DrillEvidenceBucketName'].map((output) => {
    const name = outputs[output];
    if (name === undefined) throw new Error(`the console is not told of ${output}`);
    return bucketOrigin(name, Aws.REGION);
  }),
  workerPolicy,
});
