import { Aws } from 'aws-cdk-lib';
import type { Exemption, Settings } from '../responders/core/settings.ts';
import type { Config } from './config.ts';

const here: Readonly<Record<string, string>> = { partition: Aws.PARTITION, account: Aws.ACCOUNT_ID, region: Aws.REGION };

/** Exemptions with `${partition}`, `${account}` and `${region}` filled in. */
export const exemptions = ({ neverContain }: Config): readonly Exemption[] =>
  neverContain.map(({ arn, because }) => ({ arn: arn.replaceAll(/\$\{(\w+)\}/g, (all, name: string) => here[name] ?? all), because }));

/** What the responders need to know of the configuration. */
export const settingsOf = (config: Config): Settings => ({
  account: Aws.ACCOUNT_ID,
  region: Aws.REGION,
  partition: Aws.PARTITION,
  minSeverity: config.minSeverity,
  breaker: config.breaker,
  onTimeout: config.approval.onTimeout,
  dryRun: config.dryRun,
  neverContain: exemptions(config),
  holdMinutes: config.holdMinutes,
  lagSeconds: config.lagSeconds,
  zone: config.zone,
});

/** Roles and functions that Cordon's own permissions must not reach: exempt by configuration, and the ones that no configuration can remove. */
export const outOfReach = (config: Config, ownFunctions: readonly string[]): { roles: readonly string[]; functions: readonly string[] } => {
  const exempt = exemptions(config).map(({ arn }) => arn);
  const always = ['cordon/*', 'aws-service-role/*', 'aws-reserved/*'].map((path) => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${path}`);
  return {
    roles: [...new Set([...exempt.filter((arn) => arn.includes(':role/')), ...always])],
    functions: [...new Set([...exempt.filter((arn) => arn.includes(':function:')), ...ownFunctions])],
  };
};
