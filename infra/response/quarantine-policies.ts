import { Aws } from 'aws-cdk-lib';
import {
  Effect,
  ManagedPolicy,
  PolicyStatement,
  type PolicyStatementProps,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { slots } from '../../responders/contain/slots.ts';
import { names, path } from '../shared/names.ts';

/** The attacker's log lines are evidence: they keep coming. */
const writingLogs = ['logs:CreateLogStream', 'logs:PutLogEvents'];

type Conditions = Record<string, Record<string, string>>;

const arnOf = (service: string, resource: string): string =>
  `arn:${Aws.PARTITION}:${service}:*:${Aws.ACCOUNT_ID}:${resource}`;

const deny = (scope: PolicyStatementProps, conditions?: Conditions): PolicyStatement =>
  new PolicyStatement({ effect: Effect.DENY, ...scope, ...(conditions && { conditions }) });

/**
 * Denies everything but log lines into the log group of one function; `*` is any function. AWS
 * writes the ARN of a log group with `:*` behind it in most places, and without in some.
 */
const denyAllButLogsOf = (functionName: string, conditions?: Conditions): PolicyStatement[] => {
  const group = arnOf('logs', `log-group:/aws/lambda/${functionName}`);
  return [
    deny({ notActions: writingLogs, resources: ['*'] }, conditions),
    deny({ actions: writingLogs, notResources: [group, `${group}:*`] }, conditions),
  ];
};

/**
 * IAM fills this in on each request: the function that the role's tag names, or one that cannot
 * exist, because no function, session or log group may have such a name.
 */
const named = (slot: string): string => `\${aws:PrincipalTag/${slot}, 'no!function'}`;

/**
 * The calls of one function's session: made in Lambda, and made anywhere else with the session's
 * credentials.
 */
const denySlot = (slot: string): PolicyStatement[] => [
  ...denyAllButLogsOf(named(slot), {
    ArnLike: { 'lambda:SourceFunctionArn': arnOf('lambda', `function:${named(slot)}`) },
  }),
  ...denyAllButLogsOf(named(slot), { StringLike: { 'aws:userid': `*:${named(slot)}` } }),
];

/**
 * No tag names the function of a role that is denied as a whole, so log groups of all functions
 * stay open; but only to what runs in Lambda, which ends with the invocations in flight.
 */
const denyRole = (): PolicyStatement[] => [
  ...denyAllButLogsOf('*'),
  deny(
    { actions: writingLogs, resources: ['*'] },
    { Null: { 'lambda:SourceFunctionArn': 'true' } },
  ),
];

/** The only policies that containment ever attaches. They can deny and nothing else. */
export class QuarantinePolicies extends Construct {
  readonly role: ManagedPolicy;
  readonly function: ManagedPolicy;
  readonly user: ManagedPolicy;

  constructor(scope: Construct, id: string, { suffix }: { readonly suffix: string }) {
    super(scope, id);
    const name = names(suffix);
    this.role = new ManagedPolicy(this, 'Role', {
      managedPolicyName: name.quarantineRole,
      path,
      description:
        'Attached by Cordon: denies everything to a compromised role. Use cordon release to ' +
        'take it off.',
      statements: denyRole(),
    });
    this.function = new ManagedPolicy(this, 'Function', {
      managedPolicyName: name.quarantineFunction,
      path,
      description:
        'Attached by Cordon: denies everything to the functions that tags of this role name. ' +
        'Use cordon release.',
      statements: slots.flatMap(denySlot),
    });
    this.user = new ManagedPolicy(this, 'User', {
      managedPolicyName: name.quarantineUser,
      path,
      description:
        'Attached by Cordon: denies everything to a compromised user. Use cordon release to ' +
        'take it off.',
      statements: [deny({ actions: ['*'], resources: ['*'] })],
    });
  }
}
