import { type Command, InvalidArgumentError, Option } from 'commander';
import { localAddress } from '../local/app/address.ts';
import { totpCode } from '../local/app/totp.ts';
import { consolePagesAddress } from '../local/console/pages.ts';
import { consoleUsers } from '../local/console/users.ts';
import {
  type ConsoleGroup,
  consoleGroups,
  consolePool,
  createConsoleUser,
} from '../operator/console-users.ts';
import { CordonError } from '../operator/errors.ts';
import { output, type Place } from '../operator/place.ts';
import { type ExitCode, type Output, table } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import type { ConsoleInviteDocument } from './schemas/console-invite.ts';
import type { ConsoleUsersDocument } from './schemas/console-users.ts';
import { type CommandDeps, finish, subcommand } from './verb.ts';

interface InviteOptions extends PlacedOptions {
  readonly email: string;
  readonly group?: readonly ConsoleGroup[];
}

const address = (text: string): string => {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return text;
  throw new InvalidArgumentError('wanted an e-mail address.');
};

/** `cordon console users|invite`: who may sign in to the incident console. */
export const console = (group: Command, deps: CommandDeps): void => {
  group.addHelpText(
    'after',
    '\nExamples:\n  cordon console users\n' +
      '  cordon console invite anna --email anna@example.org --group approvers --aws',
  );
  placed(subcommand(group, 'users', 'show the users of the local run, one for each group'), [
    'cordon console users',
    'cordon console users --json',
  ]).action((options: PlacedOptions) =>
    finish(deps, options, async (out) => users(out, await placeOf(deps, options))),
  );
  placed(subcommand(group, 'invite', 'make a user, who sets up the second factor at the sign-in'), [
    'cordon console invite anna --email anna@example.org --group approvers --aws',
    'cordon console invite bob --email bob@example.org --group readers responders --aws --json',
  ])
    .argument('<name>', 'what the person is called in IAM or Identity Center')
    .requiredOption('--email <address>', 'where the first password is sent', address)
    .addOption(
      new Option('--group <name...>', 'may be several (default: readers)').choices(consoleGroups),
    )
    .action((name: string, options: InviteOptions) =>
      finish(deps, options, async (out) =>
        invite(out, await placeOf(deps, options), name, options),
      ),
    );
};

const users = async (out: Output, place: Place): Promise<ExitCode> => {
  if (!place.local)
    throw new CordonError('on AWS, invite people: "cordon console invite" makes a user', {
      code: 2,
    });
  const { endpoint, port, runDir } = place.local;
  const pages = consolePagesAddress(port);
  const api = localAddress(output(place, 'CordonConsole', 'ConsoleApiUrl'), endpoint);
  const seeded = await consoleUsers(place, runDir);
  out.line(`The incident console: ${pages} (its API: ${api})`);
  out.line(
    table(
      seeded.flatMap(({ name, password, authenticatorKey }): [string, string][] => [
        [name, password],
        ['', `code now: ${totpCode(authenticatorKey, Date.now())}, key: ${authenticatorKey}`],
      ]),
    ),
  );
  out.document<ConsoleUsersDocument>({ pages, api, users: seeded });
  return 0;
};

const invite = async (
  out: Output,
  place: Place,
  name: string,
  { email, group: groups = ['readers'] }: InviteOptions,
): Promise<ExitCode> => {
  await createConsoleUser(await consolePool(place), { name, email, groups }, { mailed: true });
  out.line(`${name} may sign in to the console: ${groups.join(', ')}`);
  out.document<ConsoleInviteDocument>({ name, email, groups });
  return 0;
};
