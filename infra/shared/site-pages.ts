import { CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge.ts';
import { ownRoles } from './deny.ts';
import type { FrontDoor } from './front-door.ts';
import { FunctionPolicy } from './function-policy.ts';
import { OwnFunction } from './own-function.ts';
import { noResources } from './wildcards.ts';

export interface SitePagesProps {
  /** The name of the function that uploads them. */
  readonly name: string;
  /** The code of that function, with the built pages in it. */
  readonly code: Code;
  /** A hash of the built pages: another one uploads them again. */
  readonly site: string;
  readonly door: FrontDoor;
  /** What the pages are told of the deployment, as `config.json` beside them. */
  readonly config: Readonly<Record<string, string>>;
  readonly logRetention: RetentionDays;
  readonly deployers: readonly string[];
}

const size = { memoryMb: 512, timeoutSeconds: 120, reserved: 1 };

/**
 * Puts the built pages into their bucket with each deployment. The library has a construct for
 * this; its function is Python with the command line of AWS in a layer, and may write everything.
 */
export class SitePages extends Construct {
  constructor(scope: Construct, id: string, props: SitePagesProps) {
    super(scope, id);
    const { name, code, site, config, logRetention, deployers } = props;
    const { bucket, of } = props.door;
    const title = `Put the pages of ${of} into their bucket`;
    const upload = new OwnFunction(this, 'Upload', {
      spec: { name, title, ...size },
      code,
      logRetention,
      environment: {},
      role: { description: title, policies: { Calls: writing(bucket) } },
    });
    acknowledgeWildcards(upload.role, [
      [
        `${bucket.bucketArn}/*`,
        'All that is in this bucket are the pages, and all of it is theirs.',
      ],
      ['*', noResources],
    ]);
    // Who calls it decides where the pages send what people type.
    const policy = new FunctionPolicy(this, 'Policy', {
      of: upload.function,
      // Cordon contains a function by changing it.
      deployers: [...deployers, ownRoles],
    });
    for (const deployer of deployers) policy.calledByRole(deployer);
    new CustomResource(this, 'Content', {
      resourceType: 'Custom::Pages',
      serviceToken: upload.function.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: { bucket: bucket.bucketName, site, config },
    }).node.addDependency(policy, upload);
  }
}

const writing = ({ bucketArn }: Bucket): PolicyDocument =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucketArn] }),
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:DeleteObject'],
        resources: [`${bucketArn}/*`],
      }),
    ],
  });
