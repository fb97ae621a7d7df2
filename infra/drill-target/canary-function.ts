import { Aws, Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcards } from '../shared/acknowledge.ts';
import { drillTag } from '../shared/names.ts';
import type { CanaryStore } from './canary-store.ts';

export interface CanaryRoleProps {
  readonly store: CanaryStore;
  /** Names of the functions that run with it. */
  readonly functions: readonly string[];
}

/**
 * May use the canaries' own bucket and table, and nothing else: a leaked copy of it is worth
 * nothing.
 */
export class CanaryRole extends Role {
  constructor(scope: Construct, id: string, { store, functions }: CanaryRoleProps) {
    super(scope, id, {
      description: 'Cordon: the role of a canary, there to be attacked in drills',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Work: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['s3:GetObject', 's3:PutObject'],
              resources: [store.bucket.arnForObjects('canary/*')],
            }),
            new PolicyStatement({
              actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
              resources: [store.table.tableArn],
            }),
            new PolicyStatement({
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: functions.map(logStreams),
            }),
          ],
        }),
      },
    });
    Tags.of(this).add(drillTag.key, drillTag.value);
    acknowledgeWildcards(this, [
      [
        store.bucket.arnForObjects('canary/*'),
        'Each canary writes one object, named after itself, below canary/ of its own bucket.',
      ],
      ...functions.map(
        (name) =>
          [
            logStreams(name),
            'Lambda names the log streams; the log group before the wildcard is one.',
          ] as const,
      ),
    ]);
  }
}

const logStreams = (name: string): string =>
  `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:/aws/lambda/${name}:*`;

export interface CanaryFunctionProps {
  readonly code: Code;
  readonly role: Role;
  readonly store: CanaryStore;
  readonly description: string;
  readonly reserved?: number;
}

export class CanaryFunction extends LambdaFunction {
  constructor(
    scope: Construct,
    name: string,
    { code, role, store, description, reserved }: CanaryFunctionProps,
  ) {
    super(scope, name, {
      functionName: name,
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code,
      role: role.withoutPolicyUpdates(),
      memorySize: 256,
      timeout: Duration.seconds(10),
      tracing: Tracing.DISABLED,
      logGroup: new LogGroup(scope, `${name}-logs`, {
        logGroupName: `/aws/lambda/${name}`,
        retention: RetentionDays.ONE_WEEK,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      environment: { CANARY_BUCKET: store.bucket.bucketName, CANARY_TABLE: store.table.tableName },
      ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
    });
    Tags.of(this).add(drillTag.key, drillTag.value);
    acknowledge(this, {
      'Serverless-LambdaDLQ':
        'No caller relies on a canary: the drill calls it, waits, and looks at the answer.',
      'Serverless-LambdaTracing':
        'A canary is there to be attacked; its role may do as little as possible, and writing ' +
        'traces is not needed.',
    });
  }
}
