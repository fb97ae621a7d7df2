import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { FunctionSpec } from '../../responders/functions.ts';
import { acknowledgeWildcards } from '../shared/acknowledge.ts';
import { denyOtherFunctions } from '../shared/deny.ts';
import { FunctionPolicy } from '../shared/function-policy.ts';
import {
  denials,
  type OutOfReach,
  type Resources,
  resourcesOf,
  statements,
  viaTable,
} from '../shared/grants.ts';
import { functionRole, path } from '../shared/names.ts';
import { OwnFunction } from '../shared/own-function.ts';
import { noResources, wildcardReasons } from '../shared/wildcards.ts';

export interface ResponderFunctionProps {
  readonly spec: FunctionSpec;
  readonly code: Code;
  readonly environment: Readonly<Record<string, string>>;
  readonly resources: Resources;
  /** What this function may never change, whatever it was granted. */
  readonly outOfReach: readonly OutOfReach[];
  /** The regions besides that of the deployment in which functions are contained. */
  readonly furtherRegions: readonly string[];
  readonly logRetention: RetentionDays;
  /** Distinguishes the roles of a second region. */
  readonly suffix: string;
  /** Who may change the function. */
  readonly deployers: readonly string[];
}

/**
 * One function of the response: its own role with exactly the calls it declares, its own log group.
 */
export class ResponderFunction extends OwnFunction {
  /** Who may call it: the constructs that call it say so. */
  readonly policy: FunctionPolicy;

  constructor(
    scope: Construct,
    id: string,
    {
      spec,
      resources,
      outOfReach,
      furtherRegions: further,
      suffix,
      deployers,
      ...props
    }: ResponderFunctionProps,
  ) {
    const calls = new PolicyDocument({
      statements: [
        ...statements(spec.calls, resources, further),
        ...viaTable(spec.calls, resources),
      ],
    });
    super(scope, id, {
      spec,
      ...props,
      role: {
        name: functionRole(spec.name, suffix),
        path,
        description: `Cordon: ${spec.title}`,
        policies: {
          Calls: calls,
          OnlyItself: new PolicyDocument({ statements: [denyOtherFunctions(spec.name)] }),
          ...protection(spec, outOfReach, further),
        },
      },
    });
    this.policy = new FunctionPolicy(this, 'Policy', { of: this.function, deployers });
    acknowledgeWildcards(this.role, [['*', noResources], ...wildcards(spec, resources, further)]);
  }
}

const protection = (
  { calls }: FunctionSpec,
  outOfReach: readonly OutOfReach[],
  further: readonly string[],
): Record<string, PolicyDocument> => {
  const denied = outOfReach.flatMap((part) => denials(calls, part, further));
  return denied.length > 0 ? { OutOfReach: new PolicyDocument({ statements: denied }) } : {};
};

const wildcards = (
  { calls }: FunctionSpec,
  resources: Resources,
  further: readonly string[],
): (readonly [string, string])[] =>
  calls.flatMap(({ on }) => {
    const reason = wildcardReasons[on];
    return reason === undefined
      ? []
      : resourcesOf(on, resources, further).map((arn) => [arn, reason] as const);
  });
