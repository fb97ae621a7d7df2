import type { Case } from '../incident/case.ts';
import { incidentIdOf } from '../incident/input.ts';
import { readCase } from '../incident/read-case.ts';
import { saveStage } from '../incident/records.ts';
import type { OutcomeStage, Stage } from '../incident/stage.ts';
import type { Table } from '../incident/table.ts';
import { SupersededError } from '../shared/errors.ts';
import { at, listAt, numberAt, textAt } from '../shared/json.ts';

/** The incident that a stage works for; throws where the stage belongs to an earlier round. */
export const stagedCase = async (table: Table, input: unknown): Promise<Case> => {
  const incident = await readCase(table, incidentIdOf(input));
  const current = incident.head.round;
  const round = numberAt(input, 'round') ?? current;
  if (round !== current) throw new SupersededError(round, current);
  return incident;
};

/**
 * Saves the failures that the state machine caught, and returns the incident with them. The stage
 * that failed may not have been able to save them, so the next report or mail does.
 */
export const recordFailures = async (
  table: Table,
  incident: Case,
  input: unknown,
): Promise<Case> => {
  const { id, round } = incident.head;
  const failures = listAt(input, 'failed')
    .flat(2)
    .flatMap((failure): OutcomeStage[] => {
      const name = textAt(failure, 'name');
      const error = String(at(failure, 'error'));
      return name === null
        ? []
        : [{ kind: 'outcome', name, round, status: 'failed', ms: 0, error }];
    });
  for (const failure of failures) await saveStage(table, id, failure);
  const names = failures.map(({ name }) => name);
  const others = incident.stages.filter(({ name }) => !names.includes(name));
  return { ...incident, stages: [...others, ...failures] };
};

/** A stage before its duration is known. */
type Unmeasured<S> = S extends Stage ? Omit<S, 'round' | 'ms'> : never;
interface StageTiming {
  readonly round: number;
  readonly ms: number;
}

/** Runs one stage and saves its result. A failure is saved later, by `recordFailures`. */
export const stage = async <Result extends Unmeasured<Stage>>(
  { table, incident: { head } }: { readonly table: Table; readonly incident: Pick<Case, 'head'> },
  work: () => Promise<Result>,
): Promise<Result & StageTiming> => {
  const started = Date.now();
  const stageResult = await work();
  const done = { ...stageResult, round: head.round, ms: Date.now() - started };
  await saveStage(table, head.id, done);
  return done;
};
