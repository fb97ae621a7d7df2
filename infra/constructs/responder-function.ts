import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionSpec } from '../../responders/functions.ts';
import { acknowledgeWildcards } from '../acknowledge.ts';
import { denials, type Resources, resourcesOf, statements, viaTable } from '../grants.ts';
import { path } from '../names.ts';
import type { OutOfReach } from '../settings.ts';
import { noResources, wildcardReasons } from '../wildcards.ts';

export interface ResponderFunctionProps {
  readonly spec: FunctionSpec;
  readonly code: Code;
  readonly environment: Readonly<Record<string, string>>;
  readonly resources: Resources;
  /** What this function may never change, whatever it was granted. */
  readonly outOfReach: OutOfReach;
  readonly logRetention: RetentionDays;
}

/** One function of the response: its own role with exactly the calls it declares, its own log group. */
export class ResponderFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { spec, code, environment, resources, outOfReach, logRetention }: ResponderFunctionProps) {
    super(scope, id);
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${spec.name}`,
      retention: logRetention,
      // The record of an incident is the case table and the evidence bucket; these lines are for debugging.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      path,
      description: `Cordon: ${spec.title}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Calls: new PolicyDocument({ statements: [...statements(spec.calls, resources), ...viaTable(spec.calls, resources)] }),
        Running: new PolicyDocument({ statements: running(logs) }),
        ...protection(spec, outOfReach),
      },
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName: spec.name,
      description: spec.title,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code,
      role: role.withoutPolicyUpdates(),
      memorySize: spec.memoryMb,
      timeout: Duration.seconds(spec.timeoutSeconds),
      reservedConcurrentExecutions: spec.reserved,
      tracing: Tracing.ACTIVE,
      logGroup: logs,
      environment,
    });
    acknowledgeWildcards(role, [['*', noResources], ...wildcards(spec, resources)]);
  }
}

/** What every function does besides its calls: write its own log, and say where its time went. */
const running = (logs: LogGroup): PolicyStatement[] => [
  new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logs.logGroupArn] }),
  new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
];

const protection = ({ calls }: FunctionSpec, outOfReach: OutOfReach): Record<string, PolicyDocument> => {
  const denied = denials(calls, outOfReach);
  return denied.length > 0 ? { OutOfReach: new PolicyDocument({ statements: denied }) } : {};
};

const wildcards = ({ calls }: FunctionSpec, resources: Resources): (readonly [string, string])[] =>
  calls.flatMap(({ on }) => {
    const reason = wildcardReasons[on];
    return reason === undefined ? [] : resourcesOf(on, resources).map((arn) => [arn, reason] as const);
  });
