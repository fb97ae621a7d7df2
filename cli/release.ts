import type { Command } from 'commander';
import { caseOf, caseTable, wholeIdOf } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import { type ReleaseOutcome, releaseIncident } from '../operator/release.ts';
import { type OutcomeKind, outcomeKinds } from '../responders/incident/incident.ts';
import { earlierSessionsOf, notRenewedText } from '../responders/report/session-words.ts';
import { at } from '../responders/shared/json.ts';
import { printable } from '../responders/shared/printable.ts';
import type { ExitCode, Output } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import { wantedReason } from './reason.ts';
import type { ReleaseDocument } from './schemas/release.ts';
import { type CommandDeps, finish } from './verb.ts';

interface ReleaseOptions extends PlacedOptions {
  readonly reason: string;
  readonly letSessionsLive?: boolean;
}

/** `cordon release`: takes containment back. */
export const release = (command: Command, deps: CommandDeps): void => {
  placed(command, [
    'cordon release inc-20261121-7f3k2m8q --reason "code replaced, keys rotated"',
    'cordon release inc-20261121-7f3k2m8q --reason "false alarm" --json',
  ])
    .argument('<incident>', 'its id, or the beginning of it')
    .requiredOption('--reason <text>', 'why; it is kept with your name')
    .option(
      '--let-sessions-live',
      'let sessions from before the release work again until they expire, stolen ones too',
    )
    .action((incident: string, options: ReleaseOptions) =>
      finish(deps, options, (out) => run(deps, out, incident, options)),
    );
};

const textAt = (action: unknown, path: string): string | null => {
  const text = at(action, path);
  return typeof text === 'string' ? text : null;
};

const outcomeOf = (action: unknown): OutcomeKind => {
  const outcome = outcomeKinds.find((kind) => kind === at(action, 'outcome'));
  if (outcome) return outcome;
  throw new CordonError(
    'the release answered with an outcome that this command does not know: use the command ' +
      'of the ' +
      'version that is deployed, and look at "cordon show"',
  );
};

const actionOf = (action: unknown): ReleaseDocument['actions'][number] => ({
  responder: textAt(action, 'responder') ?? '',
  target: textAt(action, 'target') ?? '',
  outcome: outcomeOf(action),
  reason: textAt(action, 'reason'),
});

/** Why nothing was released: it was not believed, or the execution failed. */
export const whyFailed = ({
  refused,
  error,
}: Pick<ReleaseOutcome, 'refused' | 'error'>): string | null =>
  refused === null ? error : `refused: ${refused}`;

const run = async (
  deps: CommandDeps,
  out: Output,
  given: string,
  options: ReleaseOptions,
): Promise<ExitCode> => {
  const reason = wantedReason(options.reason);
  const place = await placeOf(deps, options);
  const table = await caseTable(place, 'release');
  const id = await wholeIdOf(table, given);
  const incident = await caseOf(table, id);
  if (incident.befores.length === 0)
    throw new CordonError(
      `${id} is ${incident.head.state}: nothing was contained, so there is nothing to release`,
    );
  const earlier = incident.head.state === 'released' ? incident.head.release : null;
  if (!earlier) out.note(`releasing ${id}; it goes on if you stop this command`);
  const { released, by, status, execution, notRenewed, ...done } = await releaseIncident(
    place,
    incident,
    { reason, letSessionsLive: options.letSessionsLive ?? false },
  );
  const error = whyFailed(done);
  const after = await caseOf(table, id);
  const { head } = after;
  const actions = done.actions.map(actionOf);
  if (released && earlier)
    out.line(
      `ALREADY RELEASED ${id}, by ${earlier.by} at ${new Date(earlier.at).toISOString()}: ` +
        'there was nothing left to take back. That release did this:',
    );
  else if (released) out.line(`RELEASED ${id}, by ${by}`);
  else
    out.line(`NOT RELEASED: ${id} is ${head.state}; ${printable(error ?? 'see the actions', 400)}`);
  for (const action of actions) {
    const why = action.reason ? ` (${printable(action.reason)})` : '';
    out.line(`  ${action.outcome.padEnd(12)} ${action.responder} on ${action.target}${why}`);
  }
  const sessions = released ? earlierSessionsOf(after, 'UTC') : '';
  if (sessions) out.line(`\n${sessions}`);
  if (notRenewed) out.line(`\n${notRenewedText(printable(notRenewed, 300))}`);
  if (!released)
    out.line(
      '\nNext: fix what is named above, then run the same command again; ' +
        `the execution is ${execution}`,
    );
  out.document<ReleaseDocument>({
    incidentId: id,
    released,
    state: head.state,
    by: head.release?.by ?? by,
    reason: head.release?.reason ?? reason,
    status,
    error,
    execution,
    sessions: head.release?.sessions ?? null,
    actions,
  });
  return released ? 0 : 3;
};
