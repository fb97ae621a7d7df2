import { AuthorizationType, LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { auditRouteEntries } from '../../protected-app/audit/api/routes.ts';
import { acknowledge } from '../shared/acknowledge.ts';
import { denyOthers } from '../shared/deny.ts';
import { Gateway, type GatewayProps } from '../shared/gateway.ts';
import { refusal } from '../shared/refusals.ts';
import type { AuditFunctions } from './functions.ts';

export interface AuditApiProps extends Omit<GatewayProps, 'name' | 'description' | 'policy'> {
  readonly functions: AuditFunctions;
  /** ARNs of the principals that may call. */
  readonly readers: readonly string[];
}

const notSigned = refusal(
  403,
  'Sign the request for the service execute-api with keys of a principal in audit.readers, and ' +
    'call a route that the API has.',
);

/** Where auditors read. A request needs a signature, a right of IAM, and a place in the list. */
export class AuditApi extends Construct {
  readonly api: Gateway;

  constructor(scope: Construct, id: string, { functions, readers, ...gateway }: AuditApiProps) {
    super(scope, id);
    this.api = new Gateway(this, 'Gateway', {
      ...gateway,
      name: 'cordon-audit',
      description: 'The audit: events and seals, to read',
      policy: onlyReaders(readers),
    });
    // The function has one policy, and the gateway would add `AWS::Lambda::Permission` to it.
    const target = LambdaFunction.fromFunctionAttributes(this, 'Target', {
      functionArn: functions.named('AuditApi').functionArn,
      sameEnvironment: false,
      skipPermissions: true,
    });
    for (const [, { path }] of auditRouteEntries) {
      const method = this.api.root
        .resourceForPath(path)
        .addMethod('GET', new LambdaIntegration(target, { allowTestInvoke: false }), {
          authorizationType: AuthorizationType.IAM,
        });
      functions.policyOf('AuditApi').calledByService('apigateway.amazonaws.com', method.methodArn);
      acknowledge(method, {
        COG4: 'Callers are principals of IAM and sign each request; no user pool knows them.',
      });
    }
    this.api.refuse(undefined, {
      ACCESS_DENIED: notSigned,
      EXPIRED_TOKEN: notSigned,
      INVALID_SIGNATURE: notSigned,
      MISSING_AUTHENTICATION_TOKEN: notSigned,
      UNAUTHORIZED: notSigned,
    });
    acknowledge(this.api, {
      APIG2: 'The function validates each parameter, and answers with what is wrong with it.',
    });
    acknowledge(this.api.deploymentStage, {
      APIG3:
        'A request without a signature of a named principal reaches nothing; a firewall that ' +
        'looks for attacks in texts adds nothing to filters that are whole names.',
    });
  }
}

/** Allows nothing: IAM must allow a call, and this list must not refuse it. */
const onlyReaders = (readers: readonly string[]): PolicyDocument =>
  new PolicyDocument({
    statements: [
      denyOthers({
        sid: 'OnlyReadersCall',
        actions: ['execute-api:Invoke'],
        resources: ['execute-api:/*'],
        but: readers,
      }),
    ],
  });
