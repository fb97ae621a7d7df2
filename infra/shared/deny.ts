import { Aws } from 'aws-cdk-lib';
import { AnyPrincipal, type Conditions, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { path } from './names.ts';
import { fillIn } from './placeholders.ts';

const account = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}`;

/** The ARN of a function, as a policy can say it before the function exists. */
export const functionArn = (name: string, region: string = Aws.REGION): string =>
  `arn:${Aws.PARTITION}:lambda:${region}:${Aws.ACCOUNT_ID}:function:${name}`;

/** The ARN of one of Cordon's roles, as a policy can say it before the role exists. */
export const ownRole = (name: string): string => `${account}:role${path}${name}`;

/** All of Cordon's roles: of its functions, state machines and rules, and of its people. */
export const ownRoles = ownRole('*');

/**
 * Who may change what Cordon is made of. The account's root user is always among them: without it,
 * a wrong ARN here could be repaired by nobody.
 */
export const deployersOf = (configured: readonly string[]): readonly string[] => [
  ...configured.map((arn) => fillIn(arn)),
  `${account}:root`,
];

export interface DenyEverybody {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

export interface DenyOthers extends Omit<DenyEverybody, 'conditions'> {
  /** ARNs of roles and users, `*` allowed, whom the Deny does not hit. */
  readonly but: readonly string[];
}

/**
 * Binds a role to its function: whoever may pass the role to another function gets nothing by it.
 * Calls that Lambda makes for the function outside of it, such as reading a queue, do not carry the
 * key, and neither do the role's calls anywhere else.
 */
export const denyOtherFunctions = (functionName: string): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.DENY,
    actions: ['*'],
    resources: ['*'],
    conditions: {
      ArnNotEquals: { 'lambda:SourceFunctionArn': functionArn(functionName) },
      Null: { 'lambda:SourceFunctionArn': 'false' },
    },
  });

/** A Deny for every principal, services of AWS among them, unless the conditions say otherwise. */
export const denyEverybody = ({
  sid,
  actions,
  resources,
  conditions,
}: DenyEverybody): PolicyStatement =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: [...actions],
    resources: [...resources],
    ...(conditions && { conditions }),
  });

/**
 * Every write must say "only if there is nothing yet". A new version over an old one would hide it
 * from plain reads.
 */
export const denyOverwriting = (sid: string, objects: string): PolicyStatement =>
  denyEverybody({
    sid,
    actions: ['s3:PutObject'],
    resources: [objects],
    conditions: { Null: { 's3:if-none-match': 'true' } },
  });

/**
 * A Deny for every role and user but the named ones, whatever their own policies allow. A service
 * that calls for itself, such as CloudTrail or EventBridge, is not hit: it has no such ARN, and the
 * negated operator would match it.
 */
export const denyOthers = ({ but, ...denied }: DenyOthers): PolicyStatement =>
  denyEverybody({
    ...denied,
    conditions: {
      ...(but.length > 0 && { ArnNotLike: { 'aws:PrincipalArn': [...but] } }),
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    },
  });
