import { Lazy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { denyOthers } from './deny.ts';

export interface FunctionPolicyProps {
  readonly of: IFunction;
  /** ARNs of the principals that may change the function; `deployersOf` gives them. */
  readonly deployers: readonly string[];
}

/** Every call that changes what a function is, what runs it, or who may call it. */
const changes = [
  ...['AddPermission', 'RemovePermission', 'PutResourcePolicy', 'DeleteResourcePolicy'],
  ...['UpdateFunctionCode', 'UpdateFunctionConfiguration', 'DeleteFunction', 'PublishVersion'],
  ...['CreateAlias', 'UpdateAlias', 'DeleteAlias'],
  ...['CreateFunctionUrlConfig', 'UpdateFunctionUrlConfig', 'DeleteFunctionUrlConfig'],
  ...['PutFunctionConcurrency', 'DeleteFunctionConcurrency'],
  ...['PutProvisionedConcurrencyConfig', 'DeleteProvisionedConcurrencyConfig'],
  ...['PutFunctionEventInvokeConfig', 'UpdateFunctionEventInvokeConfig'],
  ...['DeleteFunctionEventInvokeConfig', 'PutFunctionCodeSigningConfig'],
  ...['DeleteFunctionCodeSigningConfig', 'PutRuntimeManagementConfig'],
  ...['PutFunctionRecursionConfig', 'TagResource', 'UntagResource'],
].map((call) => `lambda:${call}`);

const calls = ['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl'];

/**
 * The one resource policy of a function. It denies calls by everybody who is not named here, and
 * changes by everybody but the deployers, whatever their own policies allow. CloudFormation writes
 * it as a whole: a function that has it must have no `AWS::Lambda::Permission`.
 */
export class FunctionPolicy extends Construct {
  private readonly callers = new Set<string>();
  private readonly services: PolicyStatement[] = [];
  private readonly arn: string;

  constructor(scope: Construct, id: string, { of, deployers }: FunctionPolicyProps) {
    super(scope, id);
    this.arn = of.functionArn;
    new CfnResourcePolicy(this, 'Policy', {
      resourceArn: this.arn,
      policyDocument: Lazy.any({ produce: () => this.document(deployers) }),
    });
  }

  /** Does not deny calls by a role; the role's own policy allows them. */
  calledByRole(roleArn: string): void {
    this.callers.add(roleArn);
  }

  /** Allows a service to call for one of its resources: a rule, an API, a topic. */
  calledByService(service: string, sourceArn: string): void {
    this.services.push(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: ['lambda:InvokeFunction'],
        resources: [this.arn],
        conditions: { ArnLike: { 'aws:SourceArn': sourceArn } },
      }),
    );
  }

  private document(deployers: readonly string[]): PolicyDocument {
    const resources = [this.arn, `${this.arn}:*`];
    const others = [
      { sid: 'OnlyItsCallersCall', actions: calls, but: [...this.callers] },
      { sid: 'OnlyDeployersChange', actions: changes, but: deployers },
    ];
    return new PolicyDocument({
      statements: [
        ...this.services,
        ...others.map((denial) => denyOthers({ ...denial, resources })),
      ],
    });
  }
}
