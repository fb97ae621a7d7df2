import { type Command, InvalidArgumentError, Option } from 'commander';
import { caseOf, caseTable } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import { incidentText } from '../operator/incident-text.ts';
import { incidentView } from '../operator/incident-view.ts';
import { maskOf } from '../operator/place.ts';
import { evidenceBucketOf } from '../operator/recorded-evidence.ts';
import { holdsWithin } from '../operator/wait.ts';
import type { Case } from '../responders/incident/case.ts';
import { type IncidentState, incidentStates } from '../responders/incident/incident.ts';
import { isClosed } from '../responders/incident/stage.ts';
import type { Table } from '../responders/incident/table.ts';
import { UnknownIncidentError } from '../responders/shared/errors.ts';
import type { ExitCode, Output } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import type { ShowDocument } from './schemas/show.ts';
import { type CommandDeps, finish } from './verb.ts';

/** Not a state, because an incident keeps saying whether it is contained: its stages have run. */
const closed = 'closed';
type AwaitedState = IncidentState | typeof closed;

interface ShowOptions extends PlacedOptions {
  readonly wait?: AwaitedState;
  readonly timeout: number;
}

const seconds = (text: string): number => {
  if (/^\d{1,5}(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('wanted a number of seconds.');
};

/** `cordon show`: one incident, at once or when it has reached a state. */
export const show = (program: Command, deps: CommandDeps): void => {
  placed(program, 'show', 'show one incident', [
    'cordon show inc-20261121-7f3k2m8q',
    'cordon show inc-20261121-7f3k2m8q --wait contained --json',
  ])
    .argument('<incident>', 'its id')
    .addOption(
      new Option(
        '--wait <state>',
        'wait until it is in this state; closed: until every stage has run',
      ).choices([...incidentStates, closed]),
    )
    .option('--timeout <seconds>', 'how long to wait; exit code 3 when it was in vain', seconds, 60)
    .action((incident: string, options: ShowOptions) =>
      finish(deps, options, (out) => run(deps, out, incident, options)),
    );
};

const hasReached = ({ head, stages }: Case, wanted: AwaitedState): boolean =>
  wanted === closed ? isClosed(stages) : head.state === wanted;

const waitFor = (
  table: Table,
  id: string,
  wanted: AwaitedState,
  timeout: number,
): Promise<boolean> =>
  holdsWithin(async () => {
    try {
      return hasReached(await caseOf(table, id), wanted);
    } catch (error) {
      if (error instanceof CordonError && error.cause instanceof UnknownIncidentError) return false;
      throw error;
    }
  }, timeout * 1_000);

const run = async (
  deps: CommandDeps,
  out: Output,
  id: string,
  options: ShowOptions,
): Promise<ExitCode> => {
  const place = await placeOf(deps, options);
  const table = await caseTable(place);
  const { wait, timeout } = options;
  const isReached = wait === undefined || (await waitFor(table, id, wait, timeout));
  const incident = await caseOf(table, id);
  const view = incidentView(incident, {
    mask: maskOf(place),
    bucket: evidenceBucketOf(place, incident.head),
  });
  out.line(incidentText(view, { aws: place.local === null }));
  out.document<ShowDocument>(view);
  if (!isReached) out.note(`${id} is ${view.state}, and not ${wait}, after ${timeout} s`);
  return isReached ? 0 : 3;
};
