import { type Call, plainName, textAt } from './call.ts';

/** The function whose calls are looked at, as far as its own resources tell it from others. */
export interface PlatformScope {
  /** ARN of its session. */
  readonly session: string;
  readonly account: string;
  readonly region: string;
}

const logWrites: ReadonlySet<string> = new Set([
  'CreateLogGroup',
  'CreateLogStream',
  'PutLogEvents',
]);
const lambda = 'lambda.amazonaws.com';

const functionOf = ({ session }: PlatformScope): string => session.split('/').at(-1) ?? '';

/**
 * Lambda writes the log of a function with the function's session. A caller can set the user agent
 * `awslambda-worker` too, so only the log group counts: containment leaves exactly this group open,
 * so a call to it proves nothing, whoever made it.
 */
const writesOwnLog = (call: Call, scope: PlatformScope): boolean =>
  call.service === 'logs' &&
  logWrites.has(plainName(call)) &&
  call.region === scope.region &&
  textAt(call.parameters, 'logGroupName') === `/aws/lambda/${functionOf(scope)}`;

/**
 * Lambda decrypts the environment variables of a function with its session. CloudTrail writes the
 * service as the source of such a call, and the function into its encryption context.
 */
const readsOwnVariables = (call: Call, scope: PlatformScope): boolean => {
  const [, partition = ''] = scope.session.split(':');
  const { region, account } = scope;
  const own = `arn:${partition}:lambda:${region}:${account}:function:${functionOf(scope)}`;
  return (
    call.service === 'kms' &&
    call.name === 'Decrypt' &&
    call.caller.invokedBy === lambda &&
    call.sourceIp === lambda &&
    textAt(call.parameters, 'encryptionContext.aws:lambda:FunctionArn') === own
  );
};

/**
 * A call of the suspect's session that is the platform's, by facts that no caller can set. Of calls
 * that were counted only the first are known, so they are never the platform's.
 */
export const isPlatforms = (call: Call, scope: PlatformScope): boolean =>
  call.counted === undefined && (writesOwnLog(call, scope) || readsOwnVariables(call, scope));
