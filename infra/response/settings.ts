import { Aws, Fn } from 'aws-cdk-lib';
import type { Exemption } from '../../responders/decide/entries.ts';
import { alwaysExempt } from '../../responders/decide/never-contain.ts';
import type { Settings } from '../../responders/decide/settings.ts';
import type { Config } from '../config.ts';
import { OptionError } from '../options.ts';
import { type Deployment, exemptionsOf, settingsIn } from '../settings.ts';
import type { OutOfReach } from '../shared/grants.ts';
import { fillIn } from '../shared/placeholders.ts';

/**
 * Lambda allows 4 KB for all variables of a function; the others of `TamperLambda`, which has the
 * most, need about 2,100 where the audit is chosen.
 */
const mostSettings = 1_900;

/** What the responders need to know of the configuration. */
export const settingsOf = (config: Config): Settings => {
  const settings = settingsIn(config, deployment());
  const { length } = JSON.stringify(settings);
  if (length > mostSettings)
    throw new OptionError(
      'cordon.findingTypes, neverContain, suppressions, observe and criticalTier',
      `lists that fit into a Lambda variable (${mostSettings} characters)`,
      length,
    );
  return settings;
};

/**
 * The random part of the stack's id: the same for the life of the deployment, and in no other one.
 */
export const maskKey = Fn.select(2, Fn.split('/', Aws.STACK_ID));

/** As CloudFormation fills it in. */
const deployment = (): Deployment => ({
  account: Aws.ACCOUNT_ID,
  region: Aws.REGION,
  partition: Aws.PARTITION,
  salt: maskKey,
});

const arnsOf = (
  exemptions: readonly Exemption[],
  part: ':role/' | ':user/' | ':function:',
): string[] => exemptions.flatMap(({ arn }) => (arn?.includes(part) ? [fillIn(arn)] : []));

/** IAM compares ARNs only: what is exempt by its account or a tag, the code leaves alone. */
const denied = (exemptions: readonly Exemption[]): OutOfReach => ({
  roles: arnsOf(exemptions, ':role/'),
  users: arnsOf(exemptions, ':user/'),
  functions: arnsOf(exemptions, ':function:'),
});

/**
 * What Cordon's own permissions must not reach. Releases reach the configured exemptions: what
 * became exempt after it was contained must stay releasable.
 */
export const outOfReach = (
  config: Pick<Config, 'neverContain' | 'zone'>,
  ownFunctions: readonly string[],
  { releases }: { readonly releases: boolean },
): readonly OutOfReach[] => {
  const exempt = releases
    ? []
    : exemptionsOf(config, deployment()).filter(({ account, tag }) => !account && !tag);
  const lasting = denied([...exempt.filter(({ until }) => !until), ...alwaysExempt]);
  const ending = exempt.flatMap(({ until, ...entry }) =>
    until ? [{ ...denied([entry]), until: new Date(until).toISOString() }] : [],
  );
  return [{ ...lasting, functions: [...lasting.functions, ...ownFunctions] }, ...ending];
};
