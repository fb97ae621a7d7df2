import type { Command } from 'commander';
import {
  confirmSubscription,
  type SubscriptionView,
  subscriptionsOf,
} from '../operator/subscription.ts';
import { printable } from '../responders/shared/printable.ts';
import type { ExitCode, Output } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import type { ConfirmDocument } from './schemas/confirm.ts';
import { type CommandDeps, finish } from './verb.ts';

const link = 'https://sns.eu-west-1.amazonaws.com/confirmation.html?TopicArn=arn:aws:sns:…&Token=…';

/** `cordon confirm`: confirms the subscription of an address, so that no link can end it. */
export const confirm = (command: Command, deps: CommandDeps): void => {
  placed(command, [`cordon confirm "${link}" --aws`, `cordon confirm "${link}" --aws --json`])
    .argument('<link>', 'the address behind "Confirm subscription" in the mail, in quotes')
    .action((given: string, options: PlacedOptions) =>
      finish(deps, options, (out) => run(deps, out, given, options)),
    );
};

const words = {
  pending: 'WAITS for its confirmation and receives no mail: cordon confirm <its link>',
  open:
    'was confirmed by its link, so anybody with a mail of it can end it: unsubscribe it, ' +
    'subscribe it again, then cordon confirm <its link>',
  safe: 'receives mails, and only your account can end that',
} as const;

const lineOf = ({ endpoint, protocol, state }: SubscriptionView): string =>
  `  ${printable(endpoint, 120)} (${printable(protocol, 20)}) ${words[state]}`;

const run = async (
  deps: CommandDeps,
  out: Output,
  given: string,
  options: PlacedOptions,
): Promise<ExitCode> => {
  const place = await placeOf(deps, options);
  const subscription = await confirmSubscription(place, given);
  const others = await subscriptionsOf(place);
  out.line(`CONFIRMED ${subscription}`);
  out.line(`\nWho receives the mails\n${others.map(lineOf).join('\n')}`);
  out.document<ConfirmDocument>({ subscription, others });
  return others.every(({ state }) => state === 'safe') ? 0 : 3;
};
