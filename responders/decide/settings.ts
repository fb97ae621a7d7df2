import { type SilenceMeaning, silenceMeanings } from '../incident/question.ts';
import { at } from '../shared/json.ts';
import {
  wantedBoolean,
  wantedList,
  wantedNumber,
  wantedText,
  wantedTexts,
  wantedWord,
  wrong,
} from '../shared/wanted.ts';
import {
  type Exemption,
  exemptionOf,
  type Suppression,
  suppressionOf,
  wantedEntries,
} from './entries.ts';
import { overrideOf, type TypeOverride } from './type-override.ts';

/**
 * The settings of a deployment that the functions need; infra/config.ts has the default and the
 * explanation of each.
 */
export interface Settings {
  readonly account: string;
  readonly region: string;
  /** Regions whose findings are believed and contained besides. */
  readonly furtherRegions: readonly string[];
  readonly partition: string;
  /** Findings below this severity are recorded and told, never contained. */
  readonly minSeverity: number;
  /** What this deployment does about finding types, where that is not what the table says. */
  readonly findingTypes: readonly TypeOverride[];
  /**
   * In `minutes`, at most `limit` automatic containments for findings of one detector, and
   * `limitOfType` for those of one type; then a person is asked. Drills do not count.
   */
  readonly breaker: {
    readonly limit: number;
    readonly limitOfType: number;
    readonly minutes: number;
  };
  /** A finding that names more identities than this asks a person. */
  readonly suspectLimit: number;
  /** What happens when no person answers a question in time. */
  readonly onTimeout: SilenceMeaning;
  /** How long a question waits. */
  readonly approvalMinutes: number;
  /** Which workloads two persons must approve. */
  readonly twoPersons: TwoPersons;
  /** The ARNs of who may approve, where two persons must; empty: whoever can use the key. */
  readonly approvers: readonly string[];
  /**
   * The ARNs of the roles that the console takes in the name of its users; empty where none is
   * deployed.
   */
  readonly consoleRoles: readonly string[];
  /** The origin of the console, to which mails and reports link; empty where none is configured. */
  readonly consoleOrigin: string;
  /** Decide, record and tell what would have been done, but change nothing. */
  readonly observe: Observation;
  readonly neverContain: readonly Exemption[];
  readonly suppressions: readonly Suppression[];
  /** ARNs, with `*` as wildcard, about which a person is asked first. */
  readonly criticalTier: readonly string[];
  /** After a release, the same finding cannot contain again before this has passed. */
  readonly holdMinutes: number;
  /** How long to wait for CloudTrail before the second pass of the timeline. */
  readonly lagSeconds: { readonly real: number; readonly drill: number };
  /** IANA zone that mails and reports print beside UTC. */
  readonly zone: string;
  /** Key of the marks that replace masked secrets; different in each deployment. */
  readonly salt: string;
}

export const twoPersonsChoices = ['critical', 'never'] as const;
export type TwoPersons = (typeof twoPersonsChoices)[number];

/** The settings at a path of a value from outside; an EdgeError names the field that is wrong. */
export const wantedSettings = (source: unknown, path: string): Settings => {
  const text = (field: string) => wantedText(source, `${path}.${field}`);
  const number = (field: string) => wantedNumber(source, `${path}.${field}`);
  return {
    account: text('account'),
    region: text('region'),
    furtherRegions: wantedList(source, `${path}.furtherRegions`).map(String),
    partition: text('partition'),
    minSeverity: number('minSeverity'),
    findingTypes: wantedList(source, `${path}.findingTypes`).map(overrideOf),
    breaker: {
      limit: number('breaker.limit'),
      limitOfType: number('breaker.limitOfType'),
      minutes: number('breaker.minutes'),
    },
    suspectLimit: number('suspectLimit'),
    onTimeout: wantedWord(source, `${path}.onTimeout`, silenceMeanings),
    approvalMinutes: number('approvalMinutes'),
    twoPersons: wantedWord(source, `${path}.twoPersons`, twoPersonsChoices),
    approvers: wantedTexts(source, `${path}.approvers`),
    consoleRoles: wantedTexts(source, `${path}.consoleRoles`),
    consoleOrigin: wantedOrigin(source, `${path}.consoleOrigin`),
    observe: {
      everything: wantedBoolean(source, `${path}.observe.everything`),
      types: wantedTexts(source, `${path}.observe.types`),
      tags: wantedTexts(source, `${path}.observe.tags`),
    },
    neverContain: wantedEntries(source, `${path}.neverContain`, exemptionOf),
    suppressions: wantedEntries(source, `${path}.suppressions`, suppressionOf),
    criticalTier: wantedList(source, `${path}.criticalTier`).map(String),
    holdMinutes: number('holdMinutes'),
    lagSeconds: { real: number('lagSeconds.real'), drill: number('lagSeconds.drill') },
    zone: text('zone'),
    salt: text('salt'),
  };
};

/** An origin, without a path. A link of a mail is believed, so it leads to https alone. */
const wantedOrigin = (source: unknown, path: string): string => {
  const origin = at(source, path);
  if (typeof origin !== 'string' || !/^(https:\/\/[a-z0-9.-]+(:\d+)?)?$/.test(origin))
    throw wrong(path, 'the origin of the console, with https, or an empty text', origin);
  return origin;
};

/** Where nothing is changed. */
export interface Observation {
  readonly everything: boolean;
  /** Finding types, with `*` as wildcard. */
  readonly types: readonly string[];
  /** `key=value`: tags of the workload that are older than the activity. */
  readonly tags: readonly string[];
}

/** How long CloudTrail may take to deliver: a drill's records are there at once. */
export const lagSecondsOf = (
  { drill }: { readonly drill: boolean },
  { lagSeconds }: Pick<Settings, 'lagSeconds'>,
): number => (drill ? lagSeconds.drill : lagSeconds.real);
