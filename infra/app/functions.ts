import { Aws, Tags } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type Code, type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  type AppFunction,
  type AppFunctionName,
  type AppGrant,
  type AppPlaceholder,
  appFunctions,
} from '../../protected-app/functions.ts';
import { acknowledgeWildcards } from '../shared/acknowledge.ts';
import { FunctionPolicy } from '../shared/function-policy.ts';
import { resourcesOf, statements, viaService } from '../shared/grants.ts';
import { drillTag } from '../shared/names.ts';
import { OwnFunction } from '../shared/own-function.ts';
import { noResources } from '../shared/wildcards.ts';

/**
 * What a placeholder stands for: its ARN in policies, and the variable that tells a function its
 * name.
 */
export interface AppResource {
  readonly arn: string;
  readonly variable: string;
  readonly value: string;
}

export interface AppFunctionsProps {
  /** The code of a handler, by entry name. */
  readonly code: (entry: string) => Code;
  readonly resources: Readonly<Record<AppPlaceholder, AppResource>>;
  readonly keyArn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of single functions. */
  readonly own: Readonly<Partial<Record<AppFunctionName, Readonly<Record<string, string>>>>>;
  /**
   * What the configuration adds to the permissions of single functions, with the reason for a
   * wildcard.
   */
  readonly more: Readonly<
    Partial<
      Record<AppFunctionName, readonly (readonly [statement: PolicyStatement, because: string])[]>
    >
  >;
  /** What every function may do besides. */
  readonly ofEach: readonly PolicyStatement[];
  readonly logRetention: RetentionDays;
  /** Who may change the functions. */
  readonly deployers: readonly string[];
}

/** The same reason for each wildcard of a statement. */
const reasonsOf = ({ resources }: PolicyStatement, because: string) =>
  resources.filter((arn) => arn.endsWith('*')).map((arn) => [arn, because] as const);

const indexes = 'Each index of this one table, of which none hides anything from the others.';

const auditKey =
  'The key of the audit is of another stack, so it is named by its alias, in a condition.';

/** A function with its role, and the policy that says who may call it. */
interface GuardedFunction extends Pick<OwnFunction, 'function' | 'role'> {
  readonly reference: IFunction;
  readonly policy: FunctionPolicy;
}

/** Every function of protected-app/functions.ts. */
export class AppFunctions extends Construct {
  private readonly byName: ReadonlyMap<AppFunctionName, GuardedFunction>;

  constructor(scope: Construct, id: string, props: AppFunctionsProps) {
    super(scope, id);
    this.byName = new Map(
      appFunctions.map((spec) => [spec.name, this.make(spec.name, spec, props)]),
    );
  }

  named(name: AppFunctionName): LambdaFunction {
    return this.guarded(name).function;
  }

  /** Who may call the function: the constructs that call it say so. */
  policyOf(name: AppFunctionName): FunctionPolicy {
    return this.guarded(name).policy;
  }

  /**
   * The function as the library's gateway may take it: to a function of its own it would add
   * `AWS::Lambda::Permission`, which overwrites the policy.
   */
  reference(name: AppFunctionName): IFunction {
    return this.guarded(name).reference;
  }

  roleArnOf(name: AppFunctionName): string {
    return this.guarded(name).role.roleArn;
  }

  get entries(): readonly (readonly [AppFunctionName, LambdaFunction])[] {
    return [...this.byName].map(([name, { function: lambda }]) => [name, lambda] as const);
  }

  private guarded(name: AppFunctionName): GuardedFunction {
    const guarded = this.byName.get(name);
    if (!guarded) throw new Error(`protected-app/functions.ts has no ${name}`);
    return guarded;
  }

  private make(
    name: AppFunctionName,
    spec: AppFunction,
    props: AppFunctionsProps,
  ): GuardedFunction {
    const { code, resources, keyArn, environment, own: ownVariables, more } = props;
    const { ofEach, logRetention, deployers } = props;
    const arns = Object.fromEntries(
      Object.entries(resources).map(([placeholder, { arn }]) => [placeholder, [arn]]),
    );
    const added = more[name] ?? [];
    const calls = [
      ...statements(spec.calls, arns),
      ...viaKey(spec.calls, keyArn),
      ...added.map(([statement]) => statement),
      ...ofEach,
    ];
    const own = new OwnFunction(this, name, {
      spec,
      code: code(`app-${spec.entry}`),
      logRetention,
      environment: {
        ...environment,
        APP_FUNCTION: name,
        ...variables(spec.calls, resources),
        ...ownVariables[name],
      },
      role: {
        description: spec.title,
        policies: calls.length > 0 ? { Calls: new PolicyDocument({ statements: calls }) } : {},
      },
    });
    Tags.of(own).add('cordon:tier', spec.tier);
    if (spec.drill) Tags.of(own).add(drillTag.key, drillTag.value);
    acknowledgeWildcards(own.role, [
      ['*', noResources],
      ...ofEach.flatMap((statement) => reasonsOf(statement, auditKey)),
      ...spec.calls
        .filter(({ on }) => on.endsWith('*'))
        .flatMap(({ on }) => resourcesOf(on, arns).map((arn) => [arn, indexes] as const)),
      ...added.flatMap(([statement, because]) => reasonsOf(statement, because)),
    ]);
    const policy = new FunctionPolicy(own, 'Policy', { of: own.function, deployers });
    const reference = LambdaFunction.fromFunctionAttributes(own, 'Reference', {
      functionArn: own.function.functionArn,
      sameEnvironment: false,
      skipPermissions: true,
    });
    return { function: own.function, role: own.role, policy, reference };
  }
}

/** The services that use the application's key on behalf of a function. */
const viaKey = (calls: readonly AppGrant[], keyArn: string): PolicyStatement[] =>
  (['dynamodb', 'secretsmanager'] as const)
    .filter((service) => calls.some(({ on }) => on.startsWith(`${service}:`)))
    .map((service) => viaService(service, [keyArn]));

/** A function is told the names of what it may call, and of nothing else. */
const variables = (
  calls: readonly AppGrant[],
  resources: AppFunctionsProps['resources'],
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(resources)
      .filter(([placeholder]) => calls.some(({ on }) => on.includes(`\${${placeholder}}`)))
      .map(([, resource]) => [resource.variable, resource.value]),
  );

/** Bedrock answers through an API of its own, whose projects are named by the account. */
export const inference = (model: string): readonly [PolicyStatement, string] => [
  new PolicyStatement({
    actions: ['bedrock-mantle:CreateInference'],
    resources: [`arn:${Aws.PARTITION}:bedrock-mantle:${Aws.REGION}:${Aws.ACCOUNT_ID}:project/*`],
    conditions: { StringEquals: { 'bedrock-mantle:Model': model } },
  }),
  'The one action asks the one model of the configuration; a project is what AWS books it on, ' +
    'and the account’s default has a made-up name.',
];
