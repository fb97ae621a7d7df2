import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { type Code, type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  type ConsoleFunction,
  type ConsoleFunctionName,
  consoleFunctions,
} from '../../console/functions.ts';
import type { ConsoleResources } from '../response/console-resources.ts';
import { acknowledgeWildcards } from '../shared/acknowledge.ts';
import { denyOtherFunctions } from '../shared/deny.ts';
import { FunctionPolicy } from '../shared/function-policy.ts';
import { functionRole, path } from '../shared/names.ts';
import { OwnFunction } from '../shared/own-function.ts';
import { noResources } from '../shared/wildcards.ts';
import { grantsOf, wildcardsOf } from './grants.ts';

export interface ConsoleFunctionsProps {
  /** The code of a handler, by entry name. */
  readonly code: (entry: string) => Code;
  readonly resources: ConsoleResources;
  /** Signs exports of the audit. */
  readonly auditKey: { readonly keyArn: string };
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of single functions. */
  readonly own: Readonly<Partial<Record<ConsoleFunctionName, Readonly<Record<string, string>>>>>;
  readonly logRetention: RetentionDays;
  readonly suffix: string;
  /** Who may change the functions. */
  readonly deployers: readonly string[];
}

interface GuardedConsoleFunction {
  readonly reference: IFunction;
  readonly policy: FunctionPolicy;
  readonly logs: ILogGroup;
}

/** Every function of console/functions.ts, each with a role that nothing else can use. */
export class ConsoleFunctions extends Construct {
  private readonly byName: ReadonlyMap<string, GuardedConsoleFunction>;

  constructor(scope: Construct, id: string, props: ConsoleFunctionsProps) {
    super(scope, id);
    this.byName = new Map(consoleFunctions.map((spec) => [spec.name, this.make(spec, props)]));
  }

  /** Who may call the function: the gateway says so. */
  policyOf(name: ConsoleFunctionName): FunctionPolicy {
    return this.guarded(name).policy;
  }

  /** The function as the gateway may take it: without `AWS::Lambda::Permission`. */
  reference(name: ConsoleFunctionName): IFunction {
    return this.guarded(name).reference;
  }

  /** Where each function writes. */
  get logs(): ReadonlyMap<string, ILogGroup> {
    return new Map([...this.byName].map(([name, { logs }]) => [name, logs]));
  }

  private guarded(name: ConsoleFunctionName): GuardedConsoleFunction {
    const guarded = this.byName.get(name);
    if (!guarded) throw new Error(`console/functions.ts has no ${name}`);
    return guarded;
  }

  private make(
    spec: ConsoleFunction & { readonly name: ConsoleFunctionName },
    props: ConsoleFunctionsProps,
  ): GuardedConsoleFunction {
    const { name } = spec;
    const { code, resources, environment, own, ...shared } = props;
    const { auditKey, logRetention, suffix, deployers } = shared;
    const made = new OwnFunction(this, name, {
      spec,
      code: code(`console-${spec.entry}`),
      logRetention,
      environment: { ...environment, ...own[name] },
      role: {
        name: functionRole(name, suffix),
        path,
        description: `Cordon: ${spec.title}`,
        policies: {
          ...grantsOf(name, resources, auditKey),
          OnlyItself: new PolicyDocument({ statements: [denyOtherFunctions(name)] }),
        },
      },
    });
    acknowledgeWildcards(made.role, [['*', noResources], ...wildcardsOf(name, resources)]);
    const policy = new FunctionPolicy(made, 'Policy', { of: made.function, deployers });
    const reference = LambdaFunction.fromFunctionAttributes(made, 'Reference', {
      functionArn: made.function.functionArn,
      sameEnvironment: false,
      skipPermissions: true,
    });
    return { policy, reference, logs: made.function.logGroup };
  }
}
