import { at } from '../shared/json.ts';
import { wantedList, wantedNumber, wantedText, wantedTexts } from '../shared/wanted.ts';

export interface DeployedFunction {
  readonly name: string;
  /** Reserved concurrency. */
  readonly reserved: number;
}

export interface DeployedRule {
  readonly arn: string;
  /** ARNs of what it hands events to. */
  readonly targets: readonly string[];
  /**
   * SHA-256 of the pattern’s sorted JSON; null for a schedule, and for a pattern that names other
   * resources, which the synthesis does not know.
   */
  readonly pattern: string | null;
}

export interface DeployedTopic {
  readonly arn: string;
  /** Who gets its mails. */
  readonly addresses: readonly string[];
}

/** What the stack made, as infra/response/self-check.ts lists it. */
export interface Deployed {
  readonly stack: string;
  readonly functions: readonly DeployedFunction[];
  readonly rules: readonly DeployedRule[];
  /** ARNs. */
  readonly keys: readonly string[];
  readonly topics: readonly DeployedTopic[];
  /** ARNs of the policies that containment attaches. */
  readonly policies: readonly string[];
}

/** Reads the list from the input of the function. */
export const wantedDeployed = (source: unknown): Deployed => ({
  stack: wantedText(source, 'stack'),
  functions: wantedList(source, 'functions').map((entry) => ({
    name: wantedText(entry, 'name'),
    reserved: wantedNumber(entry, 'reserved'),
  })),
  rules: wantedList(source, 'rules').map((entry) => ({
    arn: wantedText(entry, 'arn'),
    targets: wantedTexts(entry, 'targets'),
    pattern: at(entry, 'pattern') === null ? null : wantedText(entry, 'pattern'),
  })),
  keys: wantedTexts(source, 'keys'),
  topics: wantedList(source, 'topics').map((entry) => ({
    arn: wantedText(entry, 'arn'),
    addresses: wantedTexts(entry, 'addresses'),
  })),
  policies: wantedTexts(source, 'policies'),
});
