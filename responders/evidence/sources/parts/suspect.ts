import { ListAliasesCommand } from '@aws-sdk/client-lambda';
import { functionVersionIn, userIn } from '../../../finding/stored.ts';
import type { Case } from '../../../incident/case.ts';
import type { Gap } from '../../../incident/evidence.ts';
import { suspectsOf } from '../../../incident/suspect.ts';
import type { Grant } from '../../../shared/grant.ts';
import type { Collecting } from '../../collector.ts';
import { allPages, reasonOf } from './answer.ts';

/** The same gap for every collector that needs a confirmed function, so it is listed once. */
export const noFunction: Gap = {
  what: 'code, settings, logs and role of a function',
  why: 'the finding was not confirmed to be about a function, so none was read',
};

/** The IAM user that the newest finding is about, or the first that was confirmed. */
export const userOf = ({ head, findings }: Case): string | undefined =>
  userIn(findings.at(-1)?.raw) ??
  suspectsOf(head).flatMap((suspect) => ('userName' in suspect ? suspect.userName : []))[0];

/** The role of the first suspect that has one. */
export const roleOf = (head: Case['head']): string | undefined =>
  suspectsOf(head).flatMap((suspect) => ('roleName' in suspect ? suspect.roleName : []))[0];

const isVersion = (text: unknown): text is string =>
  typeof text === 'string' && /^(\$LATEST|\d{1,10})$/.test(text);

export interface FunctionVersion {
  /** `$LATEST` or a number: chosen by AWS, and therefore fit for a path. */
  readonly version: string;
  /** Why it is collected. */
  readonly because: readonly string[];
}

export const aliasesOf = async (FunctionName: string, { lambda, signal }: Collecting) =>
  allPages(
    (Marker) =>
      lambda.send(new ListAliasesCommand({ FunctionName, Marker }), { abortSignal: signal }),
    ({ Aliases }) => Aliases,
    ({ NextMarker }) => NextMarker,
  );

/**
 * Of those that are asked about one by one: an attacker can make thousands, and each is a line in
 * the list of what was stored.
 */
export const mostAliases = 50;
const mostVersions = 12;

/**
 * What the finding names, `$LATEST`, and everything that an alias leads to: an attacker may have
 * moved any of them.
 */
export const versionsOf = async (
  incident: Case,
  functionName: string,
  from: Collecting,
): Promise<readonly (FunctionVersion | Gap)[]> => {
  const because = new Map<string, string[]>([['$LATEST', ['the newest code']]]);
  const add = (version: unknown, why: string) => {
    if (isVersion(version)) because.set(version, [...(because.get(version) ?? []), why]);
  };
  add(functionVersionIn(incident.findings.at(-1)?.raw), 'the finding names it');
  const gaps: Gap[] = [];
  try {
    for (const { FunctionVersion, RoutingConfig } of (await aliasesOf(functionName, from)).items) {
      add(FunctionVersion, 'an alias leads to it');
      for (const version of Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}))
        add(version, 'an alias leads some calls to it');
    }
  } catch (error) {
    gaps.push({ what: 'versions behind aliases', why: reasonOf(error) });
  }
  const versions = [...because].map(([version, why]) => ({ version, because: why }));
  const rest = versions.slice(mostVersions).map(({ version }) => version);
  if (rest.length > 0)
    gaps.push({
      what: `versions ${rest.join(', ')}`,
      why: `only ${mostVersions} versions are collected`,
    });
  return [...versions.slice(0, mostVersions), ...gaps];
};

export const isGap = (versionOrGap: object): versionOrGap is Gap => 'why' in versionOrGap;

/** `function/` for the newest code, which is what most people look for first. */
export const folderOfVersion = (version: string): string =>
  version === '$LATEST' ? 'function/' : `function/versions/${version}/`;

export const readingFunctions = (...may: string[]): Grant => ({ on: 'lambda:function:*', may });
