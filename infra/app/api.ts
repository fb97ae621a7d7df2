import { Duration } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  type IResource,
  type IRestApi,
  JsonSchemaType,
  JsonSchemaVersion,
  LambdaIntegration,
  type MethodOptions,
  type Model,
  Period,
  RequestValidator,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { needsBody, type Route, routes } from '../../protected-app/routes.ts';
import { acknowledge } from '../shared/acknowledge.ts';
import { Gateway, type GatewayProps } from '../shared/gateway.ts';
import type { AppFunctions } from './functions.ts';
import type { AppUsers } from './users.ts';

export interface AppApiProps extends Omit<GatewayProps, 'name' | 'description'> {
  readonly functions: AppFunctions;
  readonly users: AppUsers;
  /** The one origin whose pages may call. */
  readonly origin: string;
}

/**
 * Cognito writes it into access tokens of its own sign-in and into nothing else: an id token
 * carries no scope.
 */
const accessTokenOnly = 'aws.cognito.signin.user.admin';

const gatewayService = 'apigateway.amazonaws.com';

/** The gateway, made from protected-app/routes.ts. */
export class AppApi extends Construct {
  readonly api: Gateway;
  private readonly signedIn: CognitoUserPoolsAuthorizer;
  private readonly administrators: TokenAuthorizer;
  private readonly object: Model;
  private readonly bodies: RequestValidator;

  constructor(scope: Construct, id: string, { functions, users, origin, ...gateway }: AppApiProps) {
    super(scope, id);
    this.api = new Gateway(this, 'Gateway', {
      ...gateway,
      name: 'cordon-protected-app',
      description: 'The protected application',
    });
    this.addPlan(gateway);
    this.signedIn = new CognitoUserPoolsAuthorizer(this, 'SignedIn', {
      cognitoUserPools: [users.pool],
      resultsCacheTtl: Duration.seconds(0),
    });
    this.administrators = new TokenAuthorizer(this, 'Administrators', {
      handler: functions.reference('AdminAuthorizer'),
      // No cache: who leaves the group loses the right at once.
      resultsCacheTtl: Duration.seconds(0),
    });
    functions
      .policyOf('AdminAuthorizer')
      .calledByService(gatewayService, this.administrators.authorizerArn);
    // The schemas of the functions say what a body may hold; the gateway only refuses what is no
    // JSON object at all.
    this.object = this.api.addModel('Object', {
      schema: { schema: JsonSchemaVersion.DRAFT4, type: JsonSchemaType.OBJECT },
    });
    this.bodies = new RequestValidator(this, 'Bodies', {
      restApi: this.api as IRestApi,
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    for (const route of routes) this.add(route, functions);
    this.answerBrowsers(origin);
    this.api.refuse(origin);
  }

  private addPlan({ throttle }: Pick<GatewayProps, 'throttle'>): void {
    this.api.addUsagePlan('Plan', {
      description:
        'For clients that get a key: a tenth of what the API serves, and no more than this in ' +
        'a day',
      throttle: {
        rateLimit: Math.ceil(throttle.rate / 10),
        burstLimit: Math.ceil(throttle.burst / 10),
      },
      quota: { limit: 100_000, period: Period.DAY },
      apiStages: [{ stage: this.api.deploymentStage }],
    });
  }

  private add(route: Route, functions: AppFunctions): void {
    const integration = new LambdaIntegration(functions.reference(route.function), {
      allowTestInvoke: false,
    });
    const method = this.api.root.resourceForPath(route.path).addMethod(route.method, integration, {
      ...this.guard(route),
      requestValidator: this.bodies,
      ...(needsBody(route) && { requestModels: { 'application/json': this.object } }),
    });
    functions.policyOf(route.function).calledByService(gatewayService, method.methodArn);
    if (route.audience === 'administrators')
      acknowledge(method, {
        COG4:
          'AdminAuthorizer checks the same token of the same pool, and the group of ' +
          'administrators besides.',
      });
    if (route.audience === 'everybody')
      acknowledge(method, {
        APIG4:
          'Says only that the API is there, and its version: monitors and people without an ' +
          'account need it.',
        COG4:
          'Says only that the API is there, and its version: monitors and people without an ' +
          'account need it.',
      });
  }

  private guard({
    audience,
  }: Route): Pick<MethodOptions, 'authorizationType' | 'authorizer' | 'authorizationScopes'> {
    if (audience === 'signed-in')
      return {
        authorizer: this.signedIn,
        authorizationType: AuthorizationType.COGNITO,
        authorizationScopes: [accessTokenOnly],
      };
    return audience === 'administrators'
      ? { authorizer: this.administrators, authorizationType: AuthorizationType.CUSTOM }
      : { authorizationType: AuthorizationType.NONE };
  }

  /**
   * Browsers ask before they send; the answer names one origin and the methods that the path has.
   */
  private answerBrowsers(origin: string): void {
    const paths = Map.groupBy(routes, ({ path }) => path);
    for (const [path, routesOfPath] of paths) {
      const resource: IResource = this.api.root.resourceForPath(path);
      resource.addCorsPreflight({
        allowOrigins: [origin],
        allowMethods: routesOfPath.map(({ method }) => method),
        allowHeaders: [
          'Authorization',
          'Content-Type',
          ...new Set(routesOfPath.flatMap(({ headers }) => Object.keys(headers ?? {}))),
        ],
        maxAge: Duration.hours(1),
      });
    }
  }
}
