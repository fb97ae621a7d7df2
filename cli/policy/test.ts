import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsIn } from '../../infra/settings.ts';
import { isPackage } from '../../local/engine/run-dir.ts';
import { CordonError } from '../../operator/errors.ts';
import { sourceOf } from '../../responders/decide/breaker.ts';
import { explain } from '../../responders/decide/explain.ts';
import { possibleSuspects } from '../../responders/decide/kinds.ts';
import type { DecisionInput } from '../../responders/decide/rule.ts';
import type { Facts } from '../../responders/decide/suspect-kind.ts';
import { type Finding, parseFinding } from '../../responders/finding/finding.ts';
import { type Identified, identify } from '../../responders/finding/identify.ts';
import type { BreakerRecord } from '../../responders/incident/breaker.ts';
import { jsonIn } from '../../responders/shared/json.ts';
import { printable } from '../../responders/shared/printable.ts';
import { namesIn } from '../input.ts';
import type { ExitCode, Output } from '../output.ts';
import type { PolicyTestDocument } from '../schemas/policy-test.ts';
import type { CommandDeps } from '../verb.ts';
import { givenOptions, parsed } from './configuration.ts';
import { type PolicyCase, policyCaseIn } from './policy-case.ts';

const gone = { ok: false, missing: true, busy: false, why: 'it does not exist' } as const;

const factsOf = (
  { arns, tags, contradiction, proof, asks, missing }: NonNullable<PolicyCase['facts']>,
  identified: Identified,
): Facts => {
  const [suspect] =
    'named' in identified ? possibleSuspects(identified.named, { further: new Map() }) : [];
  if (missing || !suspect) return { reads: { workload: gone }, confirmed: null, code: undefined };
  return {
    reads: { workload: { ok: true, value: arns } },
    confirmed: {
      suspect,
      arns,
      tags: arns.map((_arn, index) => tags[index] ?? {}),
      parts: 'workload',
      contradiction,
      proof,
      ...(asks !== undefined && { asks }),
    },
    code: undefined,
  };
};

/** So many containments for findings of this type, which the same detector has seen. */
const recordsOf = (count: number, finding: Finding): readonly BreakerRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ incident: `earlier-${index + 1}`, at: 0, held: false },
    ...{ source: sourceOf(finding), type: finding.type },
  }));

const inputOf = (given: PolicyCase, options: unknown): DecisionInput => {
  const finding = parseFinding(given.finding, given.drill);
  const { account, region, partition } = finding;
  const identified = identify(finding);
  const { facts, config } = given;
  const young = facts?.youngTags.map(([arn, key]) => ({ arn, key })) ?? [];
  return {
    finding,
    identified,
    settings: settingsIn(parsed(config ?? options), { account, region, partition, salt: '' }),
    now: Date.parse(given.now),
    ...(facts && {
      facts: factsOf(facts, identified),
      recent: { ok: true, value: recordsOf(facts.recentContainments, finding) },
      youngTags: { ok: true, value: young },
    }),
  };
};

type CaseResult = PolicyTestDocument['cases'][number];

const textOfWanted = ({ kind, rule, reason, observed }: PolicyCase['expect']): string =>
  [kind, ...(observed ? ['observed'] : []), ...(rule ? [`by ${rule}`] : [])].join(', ') +
  (reason ? `: ${reason}` : '');

const resultOf = (given: PolicyCase, file: string, options: unknown): CaseResult => {
  const { decision, rules } = explain(inputOf(given, options));
  const { expect, name } = given;
  const last = rules.at(-1);
  const wanted = textOfWanted(expect);
  if (decision === null)
    return { file, name, passed: false, wanted, got: 'no decision: the case has no facts' };
  const { kind, reason, observed = false } = decision;
  const rule = last?.said == null ? undefined : last.rule;
  return {
    file,
    name,
    passed:
      kind === expect.kind &&
      observed === expect.observed &&
      (expect.rule === undefined || expect.rule === rule) &&
      reason.includes(expect.reason ?? ''),
    wanted,
    got: textOfWanted({ kind, rule, reason, observed }),
  };
};

const lineOf = ({ name, file, passed, wanted, got }: CaseResult): string =>
  passed
    ? `✔ ${printable(name, 200)}`
    : `✘ ${printable(name, 200)} (${printable(file)})\n` +
      `    wanted  ${printable(wanted, 400)}\n    got     ${printable(got, 400)}`;

/** The package keeps its pages beside `dist`, in which this file is then. */
const shipped = join(import.meta.dirname, isPackage ? '../../..' : '../..', 'docs/policy-cases');

/** Runs the cases of a folder with the configuration of this one; 1 where one decides otherwise. */
export const testPolicy = async (
  { root }: CommandDeps,
  out: Output,
  dir = shipped,
): Promise<ExitCode> => {
  const options = givenOptions(root);
  const files = (await namesIn(dir)).filter((name) => name.endsWith('.json')).toSorted();
  if (files.length === 0)
    throw new CordonError(`${printable(dir)} has no cases: name a folder with .json files`, {
      code: 2,
    });
  const results = files.map((file) => {
    const given = policyCaseIn(jsonIn(readFileSync(join(dir, file), 'utf8')), file);
    return resultOf(given, file, options);
  });
  for (const result of results) out.line(lineOf(result));
  const passed = results.every((result) => result.passed);
  const failed = results.filter((result) => !result.passed).length;
  out.line(`${results.length} cases, ${failed} decided otherwise`);
  out.document<PolicyTestDocument>({ passed, cases: results });
  return passed ? 0 : 1;
};
