import { type SilenceMeaning, silenceMeanings } from '../incident/question.ts';
import { textAt } from '../shared/json.ts';
import {
  wantedBoolean,
  wantedList,
  wantedNumber,
  wantedText,
  wantedWord,
  wrong,
} from '../shared/wanted.ts';

/**
 * The settings of a deployment that the functions need; infra/config.ts has the default and the
 * explanation of each.
 */
export interface Settings {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** Findings below this severity are recorded and told, never contained. */
  readonly minSeverity: number;
  /**
   * At most `limit` automatic containments in `minutes`; then a person is asked. Drills do not
   * count.
   */
  readonly breaker: { readonly limit: number; readonly minutes: number };
  /** What happens when no person answers a question in time. */
  readonly onTimeout: SilenceMeaning;
  /** How long a question waits. */
  readonly approvalMinutes: number;
  /** Decide, record and tell, but change nothing: for the first weeks in an account. */
  readonly dryRun: boolean;
  readonly neverContain: readonly Exemption[];
  /** After a release, the same finding cannot contain again before this has passed. */
  readonly holdMinutes: number;
  /** How long to wait for CloudTrail before the second pass of the timeline. */
  readonly lagSeconds: { readonly real: number; readonly drill: number };
  /** IANA zone that mails and reports print beside UTC. */
  readonly zone: string;
  /** Key of the marks that replace masked secrets; different in each deployment. */
  readonly salt: string;
}

/** An ARN of roles or functions, with `*` as wildcard, that Cordon must never contain. */
export interface Exemption {
  readonly arn: string;
  readonly because: string;
}

const exemptionOf = (source: unknown, path: string): Exemption => {
  const [arn, because] = [textAt(source, 'arn'), textAt(source, 'because')];
  if (arn === null || because === null) throw wrong(path, 'an ARN and a reason', source);
  return { arn, because };
};

/** The settings at a path of a value from outside; an EdgeError names the field that is wrong. */
export const wantedSettings = (source: unknown, path: string): Settings => {
  const text = (field: string) => wantedText(source, `${path}.${field}`);
  const number = (field: string) => wantedNumber(source, `${path}.${field}`);
  return {
    account: text('account'),
    region: text('region'),
    partition: text('partition'),
    minSeverity: number('minSeverity'),
    breaker: { limit: number('breaker.limit'), minutes: number('breaker.minutes') },
    onTimeout: wantedWord(source, `${path}.onTimeout`, silenceMeanings),
    approvalMinutes: number('approvalMinutes'),
    dryRun: wantedBoolean(source, `${path}.dryRun`),
    neverContain: wantedList(source, `${path}.neverContain`).map((exempt, index) =>
      exemptionOf(exempt, `${path}.neverContain.${index}`),
    ),
    holdMinutes: number('holdMinutes'),
    lagSeconds: { real: number('lagSeconds.real'), drill: number('lagSeconds.drill') },
    zone: text('zone'),
    salt: text('salt'),
  };
};
