import type { Command } from 'commander';
import { caseTable } from '../operator/cases.ts';
import { containByHand } from '../operator/contain.ts';
import { CordonError } from '../operator/errors.ts';
import { approveCommand, tones, verdicts } from '../responders/report/words.ts';
import { isPrincipalArn, parseFunctionArn } from '../responders/shared/names.ts';
import { printable } from '../responders/shared/printable.ts';
import type { ExitCode, Output } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import { wantedReason } from './reason.ts';
import type { ContainDocument } from './schemas/contain.ts';
import { type CommandDeps, finish } from './verb.ts';

interface ContainOptions extends PlacedOptions {
  readonly reason: string;
}

/** `cordon contain`: contains what a person names, without a finding. */
export const contain = (command: Command, deps: CommandDeps): void => {
  placed(command, [
    'cordon contain arn:aws:lambda:eu-west-1:111122223333:function:orders --reason "it mines"',
    'cordon contain arn:aws:sts::111122223333:assumed-role/ci/build --reason "leaked in a log"',
  ])
    .argument('<arn>', 'a function, a session of a role (arn:aws:sts:…), or a user')
    .requiredOption('--reason <text>', 'why; it is kept with your name')
    .action((target: string, options: ContainOptions) =>
      finish(deps, options, (out) => run(deps, out, target, options)),
    );
};

/** A typing mistake must not look like an attack in a mail. */
const wantedTarget = (target: string): string => {
  if (parseFunctionArn(target) || isPrincipalArn(target)) return target;
  throw new CordonError(
    `${printable(target, 100)} is not the ARN of a function, of a session of a role ` +
      '(arn:aws:sts::…:assumed-role/<role>/<session>), or of a user',
    { code: 2 },
  );
};

const run = async (
  deps: CommandDeps,
  out: Output,
  given: string,
  options: ContainOptions,
): Promise<ExitCode> => {
  const target = wantedTarget(given);
  const reason = wantedReason(options.reason);
  const place = await placeOf(deps, options);
  const table = await caseTable(place, 'approve');
  const { head } = await containByHand(place, table, { target, reason });
  const { id, state, decision, byHand } = head;
  out.line(verdicts[state], tones[state]);
  out.line(`  incident ${id}\n  ${printable(decision.reason, 400)}`);
  if (state === 'awaiting-approval')
    out.line(`\nNext: ${approveCommand(id, { aws: place.local === null })}`);
  out.document<ContainDocument>({
    ...{ incidentId: id, target, by: byHand?.by ?? '', reason, state },
    decision: { kind: decision.kind, reason: decision.reason },
  });
  return state === 'contained' ? 0 : 3;
};
