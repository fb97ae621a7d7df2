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

export interface OutOfReach {
  readonly roles: readonly string[];
  readonly functions: readonly string[];
}

/** What Cordon's own permissions must not reach: Cordon itself and AWS's roles, which no configuration can remove from this list. */
export const alwaysOutOfReach = (ownFunctions: readonly string[]): OutOfReach => ({
  roles: ['cordon/*', 'aws-service-role/*', 'aws-reserved/*'].map((path) => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${path}`),
  functions: ownFunctions,
});

/** The same and the never-contain list. Releases do without that: what became exempt after it was contained must stay releasable. */
export const exemptToo = (always: OutOfReach, config: Config): OutOfReach => {
  const exempt = exemptions(config).map(({ arn }) => arn);
  return {
    roles: [...new Set([...exempt.filter((arn) => arn.includes(':role/')), ...always.roles])],
    functions: [...new Set([...exempt.filter((arn) => arn.includes(':function:')), ...always.functions])],
  };
};
