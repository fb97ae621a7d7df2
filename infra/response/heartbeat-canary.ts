import { Tags } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  PolicyDocument,
  PolicyStatement,
  PrincipalWithConditions,
} from 'aws-cdk-lib/aws-iam';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { heartbeatCanary } from '../../responders/incident/heartbeat.ts';
import type { Config } from '../config.ts';
import { acknowledgeWildcards } from '../shared/acknowledge.ts';
import { denyOtherFunctions, deployersOf, functionArn, ownRole } from '../shared/deny.ts';
import { FunctionPolicy } from '../shared/function-policy.ts';
import { drillTag, functionRole } from '../shared/names.ts';
import { OwnFunction } from '../shared/own-function.ts';
import { noResources } from '../shared/wildcards.ts';

export interface HeartbeatCanaryProps {
  readonly config: Pick<Config, 'policySuffix' | 'deployers' | 'logRetentionDays'>;
  readonly code: Code;
}

/** Who contains and releases, and so changes the canary. */
const changing = ['ContainmentLambda', 'WatchLambda', 'ReleaseLambda'];

/**
 * The function that the heartbeat has contained. Its role may read the function's own settings,
 * which is what the heartbeat tries with a session of it. Its names begin with no name of Cordon:
 * the tamper watch would tell each containment as a change of Cordon itself.
 */
export class HeartbeatCanary extends OwnFunction {
  constructor(scope: Construct, id: string, { config, code }: HeartbeatCanaryProps) {
    const { policySuffix: suffix, logRetentionDays: logRetention } = config;
    super(scope, id, {
      spec: {
        name: heartbeatCanary,
        title: 'Contained and released by the heartbeat of Cordon, every day',
        memoryMb: 128,
        timeoutSeconds: 5,
        // A reservation of its own, which the release must bring back.
        reserved: 1,
      },
      role: {
        name: `${heartbeatCanary}-role${suffix}`,
        description: 'The role of the canary that the heartbeat of Cordon has contained',
        policies: {
          ReadItself: new PolicyDocument({
            statements: [
              new PolicyStatement({
                actions: ['lambda:GetFunctionConfiguration'],
                resources: [functionArn(heartbeatCanary)],
              }),
            ],
          }),
          OnlyItself: new PolicyDocument({ statements: [denyOtherFunctions(heartbeatCanary)] }),
        },
      },
      code,
      environment: {},
      logRetention,
    });
    const heartbeat = ownRole(functionRole('HeartbeatLambda', suffix));
    // As a principal, a role must exist, and that of HeartbeatLambda is made after this one.
    this.role.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        principals: [
          new PrincipalWithConditions(new AccountRootPrincipal(), {
            ArnEquals: { 'aws:PrincipalArn': heartbeat },
          }),
        ],
        actions: ['sts:AssumeRole'],
      }),
    );
    new FunctionPolicy(this, 'Policy', {
      of: this.function,
      deployers: [
        ...deployersOf(config.deployers),
        ...changing.map((name) => ownRole(functionRole(name, suffix))),
      ],
    }).calledByRole(heartbeat);
    for (const part of [this.role, this.function]) Tags.of(part).add(drillTag.key, drillTag.value);
    acknowledgeWildcards(this.role, [['*', noResources]]);
  }
}
