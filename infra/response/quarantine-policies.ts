import { Aws } from 'aws-cdk-lib';
import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { slots } from '../../responders/contain/slots.ts';
import { names, path } from '../shared/names.ts';

/** The attacker's log lines are evidence: they keep coming. */
const allButLogs = ['logs:CreateLogStream', 'logs:PutLogEvents'];

const denyWhen = (conditions?: Record<string, Record<string, string>>) =>
  new PolicyStatement({
    effect: Effect.DENY,
    notActions: allButLogs,
    resources: ['*'],
    ...(conditions && { conditions }),
  });

/**
 * IAM fills these in on each request: the function that the role's tag names, or one that cannot
 * exist.
 */
const named = (slot: string): string => `\${aws:PrincipalTag/${slot}, 'no/function'}`;

const functionArn = (name: string): string =>
  `arn:${Aws.PARTITION}:lambda:*:${Aws.ACCOUNT_ID}:function:${name}`;

/**
 * The calls of one function's session: made in Lambda, and made anywhere else with the session's
 * credentials.
 */
const denySlot = (slot: string): PolicyStatement[] => [
  denyWhen({
    ArnLike: {
      'lambda:SourceFunctionArn': functionArn(named(slot)),
    },
  }),
  denyWhen({ StringLike: { 'aws:userid': `*:${named(slot)}` } }),
];

/** The only two policies that containment ever attaches. They can deny and nothing else. */
export class QuarantinePolicies extends Construct {
  readonly role: ManagedPolicy;
  readonly function: ManagedPolicy;

  constructor(scope: Construct, id: string, { suffix }: { readonly suffix: string }) {
    super(scope, id);
    const name = names(suffix);
    this.role = new ManagedPolicy(this, 'Role', {
      managedPolicyName: name.quarantineRole,
      path,
      description:
        'Attached by Cordon: denies everything to a compromised role. Use cordon release to ' +
        'take it off.',
      statements: [denyWhen()],
    });
    this.function = new ManagedPolicy(this, 'Function', {
      managedPolicyName: name.quarantineFunction,
      path,
      description:
        'Attached by Cordon: denies everything to the functions that tags of this role name. ' +
        'Use cordon release.',
      statements: slots.flatMap(denySlot),
    });
  }
}
