import type { ReportView } from '../../report-templates/view.ts';
import type { ReportNumbers } from '../incident/stage.ts';
import { suspectRecord } from '../incident/suspect.ts';
import { maskAll } from '../shared/redact.ts';
import type { ReportInput } from './input.ts';
import { seenCalls } from './seen-calls.ts';
import { showWith } from './shown.ts';

/**
 * The report for programs: what the page says, and the facts behind it. Its schema is
 * report-templates/report.schema.json.
 */
export const reportData = (input: ReportInput, view: ReportView, numbers: ReportNumbers) => {
  const { head, actions, stages, mails } = input.incident;
  const show = showWith(input.place.mask);
  const clean = (facts: unknown): unknown => maskAll(facts, (text) => show(text, 2_000));
  return {
    schema: 1 as const,
    incident: head.id,
    version: input.version,
    provisional: view.verdict.provisional !== null,
    drill: head.drill,
    writtenAt: view.made.iso,
    verdict: view.verdict,
    numbers,
    finding: clean(head.finding),
    suspect: clean(suspectRecord(head.suspect)),
    ...(head.attacker && { attacker: clean(head.attacker) }),
    ...(input.timeline.ok && { seen: clean(seenCalls(input.timeline.timeline)) }),
    decision: clean(head.decision),
    ...(head.proposal && { proposal: clean(head.proposal) }),
    ...(head.timeLimit && { timeLimit: head.timeLimit }),
    answers: clean(head.answers ?? []),
    clocks: head.clocks,
    actions: clean(actions),
    stages: clean(
      stages.map(({ name, status, ms, error }) => ({
        name,
        status,
        ms,
        ...(error !== undefined && { error }),
      })),
    ),
    mails: clean(mails.map(({ kind, subject, at }) => ({ kind, subject, at }))),
    release: clean(head.release),
    view,
  };
};
