import { userInfo } from 'node:os';
import { errorMessage } from '../responders/shared/errors.ts';
import { type Mask, maskWith } from '../responders/shared/redact.ts';
import { CordonError } from './errors.ts';
import type { Credentials, SdkConfig } from './sdk-config.ts';
import { assumed } from './session.ts';

/** What the stacks print after a deployment: stack, name, value. */
export type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The engine of a run on this machine, and the folder that holds the run's files. */
export interface LocalRun {
  readonly endpoint: string;
  readonly port: number;
  readonly runDir: string;
}

/**
 * As whom a call is made: the person at the keyboard, or in one of the roles that the stack gives
 * to people.
 */
export type CallerRole = 'operator' | 'drill' | 'approve' | 'release' | 'reader' | 'auditor';

/** Where a deployed Cordon runs, and how to talk to it. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly outputs: Outputs;
  /** The engine's address and files; `null` on AWS. */
  readonly local: LocalRun | null;
  /** A role that was taken is remembered for a while. */
  config(who: CallerRole): Promise<SdkConfig>;
  /** For keys that were got in another way: a thief's. */
  withKeys(keys: Credentials): SdkConfig;
}

/** What deciding needs of a place: whoever decides elsewhere has no folder of a run. */
export interface DecidingPlace extends Pick<Place, 'region' | 'outputs' | 'config'> {
  readonly local: Pick<LocalRun, 'endpoint'> | null;
}

const roleOutputs = {
  drill: 'DrillRoleArn',
  approve: 'ApproveRoleArn',
  release: 'ReleaseRoleArn',
  reader: 'ReaderRoleArn',
  auditor: 'AuditorRoleArn',
} as const;

/** Every stack of ours, and what a configuration must say to have it. */
const stacks = {
  CordonResponse: '',
  CordonDrillTarget: 'set drillTarget: true and ',
  CordonProtectedApp: 'set protectedApp: true and ',
  CordonConsole: 'set console.deploy: true and ',
  CordonAudit: 'add "audit" to systems and ',
} as const;

export type StackName = keyof typeof stacks;

/** A value that the deployment printed; says what to do where it is missing. */
export const output = (
  { outputs }: Pick<Place, 'outputs'>,
  stack: StackName,
  name: string,
): string => {
  const value = outputs[stack]?.[name];
  if (value) return value;
  throw new CordonError(
    outputs[stack]
      ? `the stack ${stack} has no output ${name}: deploy the version that this command belongs to`
      : `the stack ${stack} is not deployed: start everything with "cordon up", ` +
          `or on AWS ${stacks[stack]}deploy it, then try again`,
  );
};

/** The mask of the deployment: the same secret has the same mark here, in mails and in reports. */
export const maskOf = (place: Pick<Place, 'outputs'>): Mask =>
  maskWith(output(place, 'CordonResponse', 'MaskKey'));

/** Role session names take few characters; the person's name makes the audit trail readable. */
const sessionName = (who: CallerRole): string => {
  const { username } = userInfo();
  return who === 'drill'
    ? 'cordon-drill'
    : username.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64) || 'cordon';
};

/** A session lasts an hour; a longer run, such as the console, gets a new one in time. */
const rememberedMs = 30 * 60_000;

export const placeOf = (
  made: Omit<Place, 'config'>,
  operator: SdkConfig,
  now: () => number,
): Place => {
  const known = new Map<
    CallerRole,
    { readonly since: number; readonly config: Promise<SdkConfig> }
  >();
  const asRole = async (who: Exclude<CallerRole, 'operator'>): Promise<SdkConfig> =>
    made.withKeys(
      await assumed(operator, output(made, 'CordonResponse', roleOutputs[who]), sessionName(who)),
    );
  const config = (who: CallerRole): Promise<SdkConfig> => {
    if (who === 'operator') return Promise.resolve(operator);
    const remembered = known.get(who);
    if (remembered && now() - remembered.since < rememberedMs) return remembered.config;
    const fresh = asRole(who);
    known.set(who, { since: now(), config: fresh });
    fresh.catch(() => known.delete(who)); // a refusal is not remembered
    return fresh;
  };
  return { ...made, config };
};

const stackOutputs = async (
  config: SdkConfig,
  StackName: string,
): Promise<Record<string, string> | undefined> => {
  // Only a deployment on AWS needs this client; a local run starts faster without it.
  const { CloudFormationClient, DescribeStacksCommand } = await import(
    '@aws-sdk/client-cloudformation'
  );
  try {
    const { Stacks = [] } = await new CloudFormationClient(config).send(
      new DescribeStacksCommand({ StackName }),
    );
    return Object.fromEntries(
      (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
        OutputKey,
        OutputValue,
      ]),
    );
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
};

/** The signed-in caller; the AWS SDK finds keys and region as the AWS command line does. */
export const awsCaller = async (): Promise<{
  readonly region: string;
  readonly account: string;
  readonly arn: string;
}> => {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  try {
    const sts = new STSClient({});
    const [region, { Account: account = '', Arn: arn = '' }] = await Promise.all([
      sts.config.region(),
      sts.send(new GetCallerIdentityCommand({})),
    ]);
    return { region, account, arn };
  } catch (error) {
    const why = errorMessage(error);
    throw new CordonError(
      `AWS did not tell whose credentials these are (${why}): sign in ` +
        '(aws sso login, or AWS_PROFILE) ' +
        'and set AWS_REGION, then try again',
      { cause: error },
    );
  }
};

/** The account of the signed-in caller. */
export const awsPlace = async (): Promise<Place> => {
  const { region, account } = await awsCaller();
  const deployed = await Promise.all(
    Object.keys(stacks).map(async (name) => [name, await stackOutputs({ region }, name)] as const),
  );
  const outputs = Object.fromEntries(
    deployed.flatMap(([name, values]) => (values ? [[name, values]] : [])),
  );
  return placeOf(
    { account, region, outputs, local: null, withKeys: (credentials) => ({ region, credentials }) },
    { region },
    Date.now,
  );
};
