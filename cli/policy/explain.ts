import { settingsIn } from '../../infra/settings.ts';
import { caseOf, caseTable, wholeIdOf } from '../../operator/cases.ts';
import { CordonError } from '../../operator/errors.ts';
import { type Explanation, explain } from '../../responders/decide/explain.ts';
import { adviceOf } from '../../responders/decide/finding-advice.ts';
import { rowOf, type TypeRow } from '../../responders/decide/finding-types.ts';
import { type Finding, parseFinding } from '../../responders/finding/finding.ts';
import { type Identified, identify, namesOf } from '../../responders/finding/identify.ts';
import type { DecisionKind } from '../../responders/incident/incident.ts';
import { nextStep, workload } from '../../responders/report/words.ts';
import { EdgeError } from '../../responders/shared/errors.ts';
import { jsonIn } from '../../responders/shared/json.ts';
import { printable } from '../../responders/shared/printable.ts';
import { textOf } from '../input.ts';
import type { ExitCode, Output } from '../output.ts';
import { type PlacedOptions, placeOf } from '../placed.ts';
import type { PolicyExplainDocument } from '../schemas/policy-explain.ts';
import type { CommandDeps } from '../verb.ts';
import { givenOptions, parsed } from './configuration.ts';

const isIncident = (subject: string): boolean => /^(inc-)?\d{8}-|^inc-/.test(subject);

const findingIn = (text: string, file: string): Finding => {
  try {
    return parseFinding(jsonIn(text), false);
  } catch (error) {
    if (error instanceof EdgeError)
      throw new CordonError(`${printable(file)} is no finding: ${error.message}`, { cause: error });
    throw error;
  }
};

const severities = ({
  contain,
  ask,
  tell,
}: TypeRow): NonNullable<PolicyExplainDocument['table']> => {
  const from = (severity: number) => (Number.isFinite(severity) ? severity : null);
  return { contain: from(contain), ask: from(ask), tell };
};

const answers = ({ rules }: Explanation): readonly string[] => {
  const width = Math.max(...rules.map(({ rule }) => rule.length));
  return rules.map(
    ({ rule, said }) =>
      `  ${rule.padEnd(width)}  ${said === null ? 'nothing against it' : printable(said, 400)}`,
  );
};

const list = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length > 0 ? ['', title, ...lines.map((line) => `  ${printable(line, 400)}`)] : [];

const headline = ({ decision }: Explanation): string =>
  decision === null
    ? 'The finding alone does not decide: facts about the account are needed.'
    : `${decision.observed ? 'OBSERVE' : decision.kind.toUpperCase()}: ` +
      printable(decision.reason, 400);

/** What comes of a decision that is not carried out yet. */
const upcoming: Readonly<Record<DecisionKind, string>> = {
  contain: 'it is contained at once; a person looks at what was reached, then releases it',
  ask: 'a person is asked, and nothing is changed before the answer',
  notify: 'a mail tells it and nothing is changed; a person decides whether it is an attack',
  suppress: 'it is recorded, and nothing is changed',
  forged: 'nothing is changed; a mail says to find out who sent it',
  duplicate: 'it joins the incident that exists, and opens none',
};

const nextOf = ({ decision }: Explanation): string => {
  if (decision === null) return 'Cordon reads the facts below, then asks the rules that are left';
  return decision.observed
    ? 'what would be changed is recorded and told, and nothing is changed'
    : upcoming[decision.kind];
};

/** Everybody whom a finding names; or why it names nobody who can be contained. */
const whoOf = (identified: Identified): string => {
  if ('cannot' in identified) return `nobody who can be contained: ${identified.cannot}`;
  const { named, others = [], besides = [] } = identified;
  return [...[named, ...others].map(namesOf), ...besides].join(', ');
};

/** What a person must know at once, in three lines: what and why, who, and what comes next. */
interface Summary {
  readonly who: string;
  readonly next: string;
}

const print = (
  out: Output,
  explanation: Explanation,
  { who, next }: Summary,
  about: readonly string[],
): void => {
  out.line(headline(explanation));
  for (const line of [
    `  who      ${printable(who, 400)}`,
    `  next     ${next}`,
    ...about,
    ...(explanation.rules.length > 0 ? ['', 'Rules that were asked'] : []),
    ...answers(explanation),
    ...list('Before the next rules, Cordon would read', explanation.reads),
    ...list('Expired entries of the configuration, which do not count', explanation.expired),
  ])
    out.line(line);
};

const explainFinding = async (
  { root }: CommandDeps,
  out: Output,
  file: string,
): Promise<ExitCode> => {
  const finding = findingIn(await textOf(file), file);
  const { account, region, partition, type, severity } = finding;
  const deployment = { account, region, partition, salt: '' };
  const settings = settingsIn(parsed(givenOptions(root)), deployment);
  const row = rowOf(type, settings);
  const identified = identify(finding);
  const { advice, page, open } = adviceOf(type);
  const explanation = explain({
    finding,
    identified,
    settings,
    now: Date.now(),
  });
  const table = severities(row);
  const who = `${whoOf(identified)}, in ${account}/${region}`;
  print(out, explanation, { who, next: nextOf(explanation) }, [
    `  finding  ${printable(type, 100)}, severity ${severity}`,
    `  table    contains from ${table.contain ?? 'never'}, asks from ${table.ask ?? 'never'}, ` +
      `tells from ${table.tell}, by ${row.isKnown ? 'its own row' : row.family}`,
    `  open     ${open}`,
    `  AWS      ${advice} ${page}`,
  ]);
  out.document<PolicyExplainDocument>({
    incidentId: null,
    finding: { type, severity },
    table,
    ...explanation,
    decision: explanation.decision && { observed: false, ...explanation.decision },
  });
  return 0;
};

const explainIncident = async (
  deps: CommandDeps,
  out: Output,
  given: string,
  options: PlacedOptions,
): Promise<ExitCode> => {
  const place = await placeOf(deps, options);
  const table = await caseTable(place);
  const { head, actions } = await caseOf(table, await wholeIdOf(table, given));
  const { decision, rules = [], finding } = head;
  const explanation: Explanation = { decision, rules, reads: [], expired: [] };
  const next = nextStep(head, actions, { aws: place.local === null });
  print(out, explanation, { who: workload(head), next }, [
    `  incident ${head.id}, ${head.state}`,
    `  finding  ${printable(finding.type, 100)}, severity ${finding.severity}`,
  ]);
  if (rules.length === 0)
    out.line('  No rule was recorded: an older Cordon decided, or no rule did.');
  out.document<PolicyExplainDocument>({
    incidentId: head.id,
    finding: { type: finding.type, severity: finding.severity },
    table: null,
    ...explanation,
    decision: { observed: false, ...decision },
  });
  return 0;
};

/** Explains the finding of a file, without any account, or the decision of an incident. */
export const explainSubject = (
  deps: CommandDeps,
  out: Output,
  subject: string,
  options: PlacedOptions,
): Promise<ExitCode> =>
  isIncident(subject)
    ? explainIncident(deps, out, subject, options)
    : explainFinding(deps, out, subject);
