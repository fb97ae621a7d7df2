import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Command } from 'commander';
import { caseOf, caseTable, tokenOf, wholeIdOf } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import { callerOf } from '../operator/release.ts';
import { until } from '../operator/wait.ts';
import { verdicts } from '../responders/report/words.ts';
import type { ExitCode, Output } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import type { ApproveDocument } from './schemas/approve.ts';
import { type CommandDeps, finish } from './verb.ts';

interface ApproveOptions extends PlacedOptions {
  readonly reason: string;
  readonly deny?: boolean;
}

/** `cordon approve`: answers an incident that waits for a decision. */
export const approve = (command: Command, deps: CommandDeps): void => {
  placed(command, [
    'cordon approve inc-20261121-7f3k2m8q --reason "confirmed with the owner"',
    'cordon approve inc-20261121-7f3k2m8q --deny --reason "load test of the shop team"',
  ])
    .argument('<incident>', 'its id, or the beginning of it')
    .requiredOption('--reason <text>', 'why; it is kept with your name')
    .option('--deny', 'do not contain it')
    .action((incident: string, options: ApproveOptions) =>
      finish(deps, options, (out) => run(deps, out, incident, options)),
    );
};

/** Errors of Step Functions when the question is no longer open. */
const closedErrors = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

const send = async (sfn: SFNClient, taskToken: string, answer: object): Promise<void> => {
  try {
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer) }));
  } catch (error) {
    if (error instanceof Error && closedErrors.has(error.name))
      throw new CordonError(
        'the question is no longer open: somebody has answered it, or the time for it is over',
        { cause: error },
      );
    throw error;
  }
};

const run = async (
  deps: CommandDeps,
  out: Output,
  given: string,
  options: ApproveOptions,
): Promise<ExitCode> => {
  const { reason, deny = false } = options;
  if (reason.trim() === '')
    throw new CordonError('--reason is empty: say why, it is kept with the incident', { code: 2 });
  const place = await placeOf(deps, options);
  const table = await caseTable(place, 'release');
  const id = await wholeIdOf(table, given);
  const { head } = await caseOf(table, id);
  if (head.state !== 'awaiting-approval')
    throw new CordonError(
      `${id} is ${head.state}: it does not wait for a decision, ` +
        `so there is nothing to ${deny ? 'deny' : 'approve'}`,
    );
  // The state is stored before the task token, so the token may come a moment later.
  const token = await until(() => tokenOf(table, id), {
    within: 10_000,
    timeoutMessage: `${id} waits, but nobody has asked yet: try again in a moment`,
  });
  const by = await callerOf(place);
  await send(new SFNClient(await place.config('release')), token, { approved: !deny, by, reason });
  out.note(deny ? 'denied; waiting until it is written down' : 'approved; waiting for containment');
  const decided = async () => {
    const { state } = (await caseOf(table, id)).head;
    return ['awaiting-approval', 'open'].includes(state) ? undefined : state;
  };
  const state = await until(decided, {
    within: 60_000,
    timeoutMessage:
      `the answer was taken, but ${id} has not moved on after 60 s: ` +
      `look at "cordon show ${id}"`,
  });
  out.line(`${verdicts[state]}\n  incident ${id}, decided by ${by}`);
  out.document<ApproveDocument>({ incidentId: id, approved: !deny, by, reason, state });
  return deny || state === 'contained' ? 0 : 3;
};
