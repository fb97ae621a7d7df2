import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  CfnAccount,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  Period,
  RestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type ILogGroup,
  LogGroup,
  type LogGroupProps,
  type RetentionDays,
} from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from '../shared/acknowledge.ts';

/** Requests a second, and how many may come at once. */
export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

export interface AppGatewayProps {
  readonly throttle: Throttle;
  readonly logRetention: RetentionDays;
}

const stageName = 'v1';

/** The access log: caller, call, time, address and answer; no token, no query and no body. */
const accessLogLine = {
  requestId: '$context.requestId',
  at: '$context.requestTime',
  from: '$context.identity.sourceIp',
  user: '$context.authorizer.claims.sub',
  administrator: '$context.authorizer.sub',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  refusedAs: '$context.error.responseType',
  firewall: '$context.wafResponseCode',
  ms: '$context.responseLatency',
  integrationMs: '$context.integrationLatency',
  agent: '$context.identity.userAgent',
};

/** The API as it is served: limits, logs, traces. */
export class AppGateway extends RestApi {
  constructor(scope: Construct, id: string, { throttle, logRetention }: AppGatewayProps) {
    const accessLog = logGroup(scope, `${id}AccessLog`, {
      logGroupName: '/cordon/protected-app/access',
      retention: logRetention,
    });
    super(scope, id, {
      restApiName: 'cordon-protected-app',
      description: 'The protected application',
      endpointTypes: [EndpointType.REGIONAL],
      // Made below, with the stage waiting for it.
      cloudWatchRole: false,
      deployOptions: served(throttle, accessLog),
    });
    // The library's output with a generated name; the stack has an output of its own.
    this.node.tryRemoveChild('Endpoint');
    // The gateway would make this group itself, and keep it for ever.
    const errorLog = logGroup(scope, `${id}ErrorLog`, {
      logGroupName: `API-Gateway-Execution-Logs_${this.restApiId}/${stageName}`,
      retention: logRetention,
    });
    this.deploymentStage.node.addDependency(mayLog(scope, `${id}LogRole`), errorLog);
    this.addUsagePlan('Plan', {
      description:
        'For clients that get a key: a tenth of what the API serves, and no more than this in ' +
        'a day',
      throttle: {
        rateLimit: Math.ceil(throttle.rate / 10),
        burstLimit: Math.ceil(throttle.burst / 10),
      },
      quota: { limit: 100_000, period: Period.DAY },
      apiStages: [{ stage: this.deploymentStage }],
    });
  }
}

const logGroup = (scope: Construct, id: string, props: LogGroupProps): LogGroup =>
  new LogGroup(scope, id, { ...props, removalPolicy: RemovalPolicy.DESTROY });

const served = (throttle: Throttle, accessLog: LogGroup): StageOptions => ({
  stageName,
  accessLogDestination: new LogGroupLogDestination(accessLog as ILogGroup),
  accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLogLine)),
  tracingEnabled: true,
  metricsEnabled: true,
  loggingLevel: MethodLoggingLevel.ERROR,
  dataTraceEnabled: false,
  throttlingRateLimit: throttle.rate,
  throttlingBurstLimit: throttle.burst,
});

const logPolicy = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';

/** API Gateway has one role per account and region with which it writes all its logs. */
const mayLog = (scope: Construct, id: string): CfnAccount => {
  const role = new Role(scope, id, {
    description: 'Lets API Gateway write its logs',
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(logPolicy)],
  });
  acknowledge(role, {
    [`IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${logPolicy}]`]:
      'API Gateway takes one role for the logs of all its APIs in an account and region, and ' +
      'refuses a narrower policy than this one of AWS.',
  });
  return new CfnAccount(scope, `${id}Setting`, { cloudWatchRoleArn: role.roleArn });
};
