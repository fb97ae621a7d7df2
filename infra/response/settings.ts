import { Aws, Fn } from 'aws-cdk-lib';
import { alwaysExempt } from '../../responders/decide/never-contain.ts';
import type { Exemption, Settings } from '../../responders/decide/settings.ts';
import type { Config } from '../config.ts';
import { OptionError } from '../options.ts';
import type { OutOfReach } from '../shared/grants.ts';

const here: Readonly<Record<string, string>> = {
  partition: Aws.PARTITION,
  account: Aws.ACCOUNT_ID,
  region: Aws.REGION,
};

/** Exemptions with `${partition}`, `${account}` and `${region}` filled in. */
const filled = (exemptions: readonly Exemption[]): readonly Exemption[] =>
  exemptions.map(({ arn, because }) => ({
    arn: arn.replaceAll(/\$\{(\w+)\}/g, (placeholder, name: string) => here[name] ?? placeholder),
    because,
  }));

/**
 * Lambda allows 4 KB for all variables of a function; the others of `TimelineAnalysisLambda`, which
 * has the most, need less than 1,600.
 */
const mostSettings = 2_400;

/** What the responders need to know of the configuration. */
export const settingsOf = (config: Config): Settings => {
  const settings = unlimitedSettings(config);
  const { length } = JSON.stringify(settings);
  if (length > mostSettings)
    throw new OptionError(
      'cordon.neverContain',
      `a list that fits into a Lambda variable (${mostSettings} characters)`,
      length,
    );
  return settings;
};

const unlimitedSettings = (config: Config): Settings => ({
  account: Aws.ACCOUNT_ID,
  region: Aws.REGION,
  partition: Aws.PARTITION,
  minSeverity: config.minSeverity,
  breaker: config.breaker,
  onTimeout: config.approval.onTimeout,
  approvalMinutes: config.approval.timeoutMinutes,
  dryRun: config.dryRun,
  neverContain: filled(config.neverContain),
  holdMinutes: config.holdMinutes,
  lagSeconds: config.lagSeconds,
  zone: config.zone,
  salt: maskKey,
});

/**
 * The random part of the stack's id: the same for the life of the deployment, and in no other one.
 */
export const maskKey = Fn.select(2, Fn.split('/', Aws.STACK_ID));

const rolesOf = (exemptions: readonly Exemption[]): string[] =>
  filled(exemptions).flatMap(({ arn }) => (arn.includes(':role/') ? [arn] : []));
const functionsOf = (exemptions: readonly Exemption[]): string[] =>
  filled(exemptions).flatMap(({ arn }) => (arn.includes(':function:') ? [arn] : []));

/**
 * What Cordon's own permissions must not reach. Releases reach the configured exemptions: what
 * became exempt after it was contained must stay releasable.
 */
export const outOfReach = (
  { neverContain }: Config,
  ownFunctions: readonly string[],
  { releases }: { readonly releases: boolean },
): OutOfReach => {
  const exempt = releases ? alwaysExempt : [...neverContain, ...alwaysExempt];
  return { roles: rolesOf(exempt), functions: [...functionsOf(exempt), ...ownFunctions] };
};
