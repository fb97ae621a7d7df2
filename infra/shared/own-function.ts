import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface OwnFunctionProps {
  readonly spec: {
    readonly name: string;
    readonly title: string;
    readonly memoryMb: number;
    readonly timeoutSeconds: number;
    readonly reserved: number;
  };
  readonly role: {
    readonly description: string;
    /** CloudFormation makes one up where there is none. */
    readonly name?: string;
    readonly path?: string;
    readonly policies: Readonly<Record<string, PolicyDocument>>;
  };
  readonly code: Code;
  readonly environment: Readonly<Record<string, string>>;
  readonly logRetention: RetentionDays;
}

/** Why no function has a dead-letter queue of its own. */
const noDeadLetters =
  'Its callers (gateway, state machine, queue, schedule) wait for the answer, or keep the event ' +
  'and try again. Only the mail of a drill result is sent without a retry; the drill keeps the ' +
  'result itself.';

/**
 * A function with a role of its own, which holds what it is given and nothing else, and a log group
 * of its own.
 */
export class OwnFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(
    scope: Construct,
    id: string,
    { spec, role, code, environment, logRetention }: OwnFunctionProps,
  ) {
    super(scope, id);
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${spec.name}`,
      retention: logRetention,
      // Lines for debugging: what must outlive the stack is never in a log only.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      ...(role.path !== undefined && { path: role.path }),
      ...(role.name !== undefined && { roleName: role.name }),
      description: role.description,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        ...role.policies,
        Running: new PolicyDocument({ statements: running(logs) }),
      },
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName: spec.name,
      description: spec.title,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code,
      role: this.role.withoutPolicyUpdates(),
      memorySize: spec.memoryMb,
      timeout: Duration.seconds(spec.timeoutSeconds),
      reservedConcurrentExecutions: spec.reserved,
      tracing: Tracing.ACTIVE,
      logGroup: logs,
      environment,
    });
    acknowledge(this.function, { 'Serverless-LambdaDLQ': noDeadLetters });
    acknowledge(this.role, {
      'Serverless-LambdaStarPermissions':
        'The rule asks for no wildcard at all; each one that is there has a reason of its ' +
        'own, for AwsSolutions-IAM5, and X-Ray has no resources.',
    });
  }
}

/** What every function does besides its calls: write its own log, and say where its time went. */
const running = (logs: LogGroup): PolicyStatement[] => [
  new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logs.logGroupArn],
  }),
  new PolicyStatement({
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    resources: ['*'],
  }),
];
