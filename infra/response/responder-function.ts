import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { FunctionSpec } from '../../responders/functions.ts';
import { acknowledgeWildcards } from '../shared/acknowledge.ts';
import {
  denials,
  type OutOfReach,
  type Resources,
  resourcesOf,
  statements,
  viaTable,
} from '../shared/grants.ts';
import { path } from '../shared/names.ts';
import { OwnFunction } from '../shared/own-function.ts';
import { noResources, wildcardReasons } from '../shared/wildcards.ts';

export interface ResponderFunctionProps {
  readonly spec: FunctionSpec;
  readonly code: Code;
  readonly environment: Readonly<Record<string, string>>;
  readonly resources: Resources;
  /** What this function may never change, whatever it was granted. */
  readonly outOfReach: OutOfReach;
  readonly logRetention: RetentionDays;
}

/**
 * One function of the response: its own role with exactly the calls it declares, its own log group.
 */
export class ResponderFunction extends OwnFunction {
  constructor(
    scope: Construct,
    id: string,
    { spec, code, environment, resources, outOfReach, logRetention }: ResponderFunctionProps,
  ) {
    const calls = new PolicyDocument({
      statements: [...statements(spec.calls, resources), ...viaTable(spec.calls, resources)],
    });
    super(scope, id, {
      spec,
      code,
      environment,
      logRetention,
      role: {
        path,
        description: `Cordon: ${spec.title}`,
        policies: { Calls: calls, ...protection(spec, outOfReach) },
      },
    });
    acknowledgeWildcards(this.role, [['*', noResources], ...wildcards(spec, resources)]);
  }
}

const protection = (
  { calls }: FunctionSpec,
  outOfReach: OutOfReach,
): Record<string, PolicyDocument> => {
  const denied = denials(calls, outOfReach);
  return denied.length > 0 ? { OutOfReach: new PolicyDocument({ statements: denied }) } : {};
};

const wildcards = ({ calls }: FunctionSpec, resources: Resources): (readonly [string, string])[] =>
  calls.flatMap(({ on }) => {
    const reason = wildcardReasons[on];
    return reason === undefined
      ? []
      : resourcesOf(on, resources).map((arn) => [arn, reason] as const);
  });
