import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  CfnAccount,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  ResponseType,
  RestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, type PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type ILogGroup,
  LogGroup,
  type LogGroupProps,
  type RetentionDays,
} from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { corsHeaders, securityHeaders } from '../../protected-app/shared/http.ts';
import { acknowledge } from './acknowledge.ts';
import { type GatewayRefusal, refusals, template } from './refusals.ts';

/** Requests a second, and how many may come at once. */
export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

/** An API in front of functions, as it is served. */
export interface GatewayProps {
  readonly name: string;
  readonly description: string;
  readonly throttle: Throttle;
  readonly logRetention: RetentionDays;
  /** Whether this stack sets the role with which API Gateway writes the logs of the region. */
  readonly logRole: 'own' | 'existing';
  /** Who may call at all, before IAM or an authorizer decides. */
  readonly policy?: PolicyDocument;
}

const stageName = 'v1';

/** The access log: caller, call, time, address and answer; no token, no query and no body. */
const accessLogLine = {
  requestId: '$context.requestId',
  at: '$context.requestTime',
  from: '$context.identity.sourceIp',
  user: '$context.authorizer.claims.sub',
  administrator: '$context.authorizer.sub',
  signer: '$context.identity.userArn',
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
export class Gateway extends RestApi {
  constructor(scope: Construct, id: string, props: GatewayProps) {
    const { name, description, throttle, logRetention, logRole, policy } = props;
    const accessLog = logGroup(scope, `${id}AccessLog`, {
      logGroupName: `/cordon/${name.replace(/^cordon-/, '')}/access`,
      retention: logRetention,
    });
    super(scope, id, {
      restApiName: name,
      description,
      endpointTypes: [EndpointType.REGIONAL],
      ...(policy && { policy }),
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
    this.deploymentStage.node.addDependency(errorLog);
    if (logRole === 'own') this.deploymentStage.node.addDependency(mayLog(scope, `${id}LogRole`));
  }

  /**
   * Refuses as the functions do: a problem with its title, and headers for one origin where pages
   * call. An API that needs no token refuses some requests in its own words.
   */
  refuse(origin?: string, own: Readonly<Record<string, GatewayRefusal>> = {}): void {
    const shared = {
      ...securityHeaders,
      ...(origin !== undefined && corsHeaders(origin)),
      'Content-Type': 'application/problem+json',
    };
    for (const [name, refusal] of Object.entries({ ...refusals, ...own })) {
      const headers = Object.entries({ ...shared, ...refusal.headers }).map(
        ([header, text]) => [header, `'${text}'`] as const,
      );
      this.addGatewayResponse(name, {
        type: ResponseType.of(name),
        statusCode: String(refusal.status),
        responseHeaders: Object.fromEntries(headers),
        templates: { 'application/json': template(refusal) },
      });
    }
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

/**
 * API Gateway has one role per account and region with which it writes all its logs. Both stay when
 * the stack goes: other APIs of the region may write their logs with it by then.
 */
const mayLog = (scope: Construct, id: string): CfnAccount => {
  const role = new Role(scope, id, {
    description: 'Lets API Gateway write its logs',
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(logPolicy)],
  });
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  acknowledge(role, {
    [`IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${logPolicy}]`]:
      'API Gateway takes one role for the logs of all its APIs in an account and region, and ' +
      'refuses a narrower policy than this one of AWS.',
  });
  const setting = new CfnAccount(scope, `${id}Setting`, { cloudWatchRoleArn: role.roleArn });
  setting.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return setting;
};
