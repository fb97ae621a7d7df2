import { Duration } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  type IRestApi,
  JsonSchemaType,
  JsonSchemaVersion,
  LambdaIntegration,
  type Model,
  RequestValidator,
} from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { type ConsoleRoute, consoleRoutes } from '../../console/routes.ts';
import { acknowledge } from '../shared/acknowledge.ts';
import { Gateway, type GatewayProps } from '../shared/gateway.ts';
import type { ConsoleFunctions } from './functions.ts';
import type { ConsoleUsers } from './users.ts';

export interface ConsoleApiProps extends Omit<GatewayProps, 'name' | 'description'> {
  readonly functions: ConsoleFunctions;
  readonly users: ConsoleUsers;
  /** The one origin whose pages may call. */
  readonly origin: string;
}

/** Cognito writes it into access tokens of its own sign-in; an id token carries no scope. */
const accessTokenOnly = 'aws.cognito.signin.user.admin';

const sentHeaders = ['Authorization', 'Content-Type', 'If-None-Match'];

/** The gateway, made from console/routes.ts. Every route needs a token of the console's pool. */
export class ConsoleApi extends Construct {
  readonly api: Gateway;
  private readonly signedIn: CognitoUserPoolsAuthorizer;
  private readonly object: Model;
  private readonly bodies: RequestValidator;

  constructor(
    scope: Construct,
    id: string,
    { functions, users, origin, ...gateway }: ConsoleApiProps,
  ) {
    super(scope, id);
    this.api = new Gateway(this, 'Gateway', {
      ...gateway,
      name: 'cordon-console',
      description: 'The incident console',
    });
    this.signedIn = new CognitoUserPoolsAuthorizer(this, 'SignedIn', {
      cognitoUserPools: [users.pool],
      resultsCacheTtl: Duration.seconds(0),
    });
    this.object = this.api.addModel('Object', {
      schema: { schema: JsonSchemaVersion.DRAFT4, type: JsonSchemaType.OBJECT },
    });
    this.bodies = new RequestValidator(this, 'Bodies', {
      restApi: this.api as IRestApi,
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    for (const route of consoleRoutes) this.add(route, functions);
    this.answerBrowsers(origin);
    this.api.refuse(origin);
    acknowledge(this.api.deploymentStage, {
      APIG3:
        'Every route needs a token of a pool that administrators fill; a firewall that looks for ' +
        'attacks in texts would refuse the findings that people paste here.',
    });
  }

  private add(route: ConsoleRoute, functions: ConsoleFunctions): void {
    const integration = new LambdaIntegration(functions.reference(route.function), {
      allowTestInvoke: false,
    });
    const method = this.api.root.resourceForPath(route.path).addMethod(route.method, integration, {
      authorizer: this.signedIn,
      authorizationType: AuthorizationType.COGNITO,
      authorizationScopes: [accessTokenOnly],
      requestValidator: this.bodies,
      ...(route.body && { requestModels: { 'application/json': this.object } }),
    });
    functions
      .policyOf(route.function)
      .calledByService('apigateway.amazonaws.com', method.methodArn);
  }

  /** Browsers ask before they send; the answer names one origin and the methods of the path. */
  private answerBrowsers(origin: string): void {
    for (const [path, routes] of Map.groupBy(consoleRoutes, (route) => route.path))
      this.api.root.resourceForPath(path).addCorsPreflight({
        allowOrigins: [origin],
        allowMethods: routes.map(({ method }) => method),
        allowHeaders: sentHeaders,
        maxAge: Duration.hours(1),
      });
  }
}
