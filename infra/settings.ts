import type { Exemption, Suppression } from '../responders/decide/entries.ts';
import type { Settings } from '../responders/decide/settings.ts';
import type { Config, ConfiguredEntry } from './config.ts';
import { endOf } from './shared/moment.ts';
import { names, path } from './shared/names.ts';
import { fillIn } from './shared/placeholders.ts';

/** Where the configuration is deployed. */
export type Deployment = Pick<Settings, 'account' | 'region' | 'partition' | 'salt'>;

/** An entry as the functions read it: its end is a moment, and what is missing is left out. */
const entryOf = (
  { arn, tag, account, because, owner, until }: ConfiguredEntry,
  zone: string,
  deployment: Deployment,
): Exemption => ({
  ...(arn && { arn: fillIn(arn, deployment) }),
  ...(tag && { tag }),
  ...(account && { account }),
  because,
  ...(owner && { owner }),
  ...(until && { until: endOf(until, zone) }),
});

export const exemptionsOf = (
  { neverContain, zone }: Pick<Config, 'neverContain' | 'zone'>,
  deployment: Deployment,
): readonly Exemption[] => neverContain.map((entry) => entryOf(entry, zone, deployment));

const suppressionsOf = (
  { suppressions, zone }: Config,
  deployment: Deployment,
): readonly Suppression[] =>
  suppressions.map(({ type, owner, until, ...entry }) => ({
    ...(type && { type }),
    ...entryOf(entry, zone, deployment),
    owner,
    until: endOf(until, zone),
  }));

const observationOf = ({ observe, dryRun }: Config): Settings['observe'] => ({
  everything: dryRun || observe === 'everything',
  types: observe === 'everything' ? [] : observe.types,
  tags: observe === 'everything' ? [] : observe.tags,
});

const consoleRolesOf = (
  { console, policySuffix }: Pick<Config, 'console' | 'policySuffix'>,
  { partition, account }: Deployment,
): readonly string[] => {
  const { consoleApproveRole, consoleReleaseRole } = names(policySuffix);
  return console.deploy
    ? [consoleApproveRole, consoleReleaseRole].map(
        (name) => `arn:${partition}:iam::${account}:role${path}${name}`,
      )
    : [];
};

/** What the responders need to know of the configuration of a deployment. */
export const settingsIn = (config: Config, deployment: Deployment): Settings => ({
  ...deployment,
  furtherRegions: config.furtherRegions,
  minSeverity: config.minSeverity,
  findingTypes: config.findingTypes,
  breaker: config.breaker,
  suspectLimit: config.suspectLimit,
  onTimeout: config.approval.onTimeout,
  approvalMinutes: config.approval.timeoutMinutes,
  twoPersons: config.approval.twoPersons,
  approvers: config.approval.twoPersons === 'never' ? [] : config.approvePrincipals,
  consoleRoles: consoleRolesOf(config, deployment),
  consoleOrigin: config.console.deploy ? config.console.origin : '',
  observe: observationOf(config),
  neverContain: exemptionsOf(config, deployment),
  suppressions: suppressionsOf(config, deployment),
  criticalTier: config.criticalTier.map((arn) => fillIn(arn, deployment)),
  holdMinutes: config.holdMinutes,
  lagSeconds: config.lagSeconds,
  zone: config.zone,
});
