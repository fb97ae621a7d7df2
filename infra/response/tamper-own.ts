import { Fn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { consoleFunctions } from '../../console/functions.ts';
import { functions } from '../../responders/functions.ts';
import type { TamperScope } from '../../responders/report/tamper-call.ts';
import type { Config } from '../config.ts';
import { auditNamePatterns } from '../shared/audit-topics.ts';
import { names, path } from '../shared/names.ts';
import { fillIn } from '../shared/placeholders.ts';

/**
 * How the resources of this deployment are named: CloudFormation begins most names with that of the
 * stack; keys have only an id, and some names are Cordon's own.
 */
const ownNames = (
  scope: Construct,
  { policySuffix, furtherRegions, systems }: Config,
  keyArns: readonly string[],
): readonly string[] => {
  const { stackName } = Stack.of(scope);
  const given = names(policySuffix);
  return [
    `*${stackName}-*`,
    `*${stackName.toLowerCase()}-*`,
    ...(furtherRegions.length > 0 ? ['*CordonForward-*'] : []),
    // Roles, policies and aliases of keys.
    `*${path}*`,
    `*${given.drillBus}*`,
    ...Object.entries(given).flatMap(([name, text]) => (name === 'drillBus' ? [] : [text])),
    ...[`*:workgroup/${given.workgroup}`, `*:database/${given.database}`],
    `*:table/${given.database}/*`,
    `*:secret:${given.webhookSecret}*`,
    // CloudFormation begins the names of state machines with the id of the construct.
    '*:stateMachine:Machines*',
    // StopExecution names an execution, whose ARN holds the name of its machine.
    '*:execution:Machines*',
    ...[...functions, ...consoleFunctions].map(({ name }) => `*${name}*`),
    ...auditNamePatterns({ systems, policySuffix }),
    ...keyArns.map((arn) => `*${Fn.select(1, Fn.split('/', arn))}`),
  ];
};

/** What `TamperLambda` takes for a change of this deployment. */
export const watchedBy = (
  scope: Construct,
  config: Config,
  keyArns: readonly string[],
): TamperScope => ({
  own: [...new Set(ownNames(scope, config, keyArns))],
  deployers: config.deployers.map((text) => fillIn(text)),
});
