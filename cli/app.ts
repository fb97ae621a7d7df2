import { type Command, InvalidArgumentError, Option } from 'commander';
import { apiOf } from '../local/app/address.ts';
import { type ApiAnswer, callApi } from '../local/app/call.ts';
import { seed } from '../local/app/seed.ts';
import { totpCode } from '../local/app/totp.ts';
import { readUsers, signIn, type UserName, userNames } from '../local/app/users.ts';
import { DEFAULT_PORT } from '../local/engine/run-dir.ts';
import { CordonError } from '../operator/errors.ts';
import type { Place } from '../operator/place.ts';
import { printable } from '../responders/shared/printable.ts';
import { textOf } from './input.ts';
import { type ExitCode, type Output, table } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import type { AppCallDocument } from './schemas/app-call.ts';
import type { AppSeedDocument } from './schemas/app-seed.ts';
import type { AppUsersDocument } from './schemas/app-users.ts';
import { run, type UpDeps } from './up.ts';
import {
  type CommandDeps,
  type CommonOptions,
  finish,
  finishItself,
  portNumber,
  subcommand,
  verb,
} from './verb.ts';

interface AppUpOptions extends CommonOptions {
  readonly exit?: boolean;
  readonly port: number;
}

interface AppCallOptions extends PlacedOptions {
  readonly as?: UserName;
  readonly body?: string;
  readonly header?: Readonly<Record<string, string>>;
}

/** `cordon app up|call|users|seed`: the application that Cordon defends, as its users see it. */
export const app = (group: Command, deps: UpDeps): void => {
  group
    .description(
      'Starts and uses the application that Cordon defends. ' +
        'A local run has two users: administrator and standard.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  cordon app call GET /products --as standard\n  cordon app users --json',
    );
  verb(subcommand(group, 'up', 'start the application alone on this machine'), [
    'cordon app up',
    'cordon app up --port 4600',
  ])
    .option(
      '--port <number>',
      'first of the ten ports that the local run uses',
      portNumber,
      DEFAULT_PORT,
    )
    .option('--exit', 'stop everything as soon as it is up')
    .action((options: AppUpOptions) =>
      finishItself(deps, options, (out) =>
        run(deps, out, { ...options, drill: false, only: 'CordonProtectedApp' }),
      ),
    );
  addCall(group, deps);
  placed(subcommand(group, 'users', 'show the users of the local run, and their passwords'), [
    'cordon app users',
    'cordon app users --json',
  ]).action((options: PlacedOptions) =>
    finish(deps, options, async (out) => users(out, await placeOf(deps, options))),
  );
  placed(subcommand(group, 'seed', 'fill empty tables with products and customers'), [
    'cordon app seed',
    'cordon app seed --aws',
  ]).action((options: PlacedOptions) =>
    finish(deps, options, async (out) => fill(out, await placeOf(deps, options))),
  );
};

const fill = async (out: Output, place: Place): Promise<ExitCode> => {
  const { products, customers } = await seed(place, Date.now());
  const sentence = (count: number, kind: string): string =>
    count === 0 ? `there are ${kind} already: nothing was written` : `${count} ${kind} written`;
  out.line([sentence(products, 'products'), sentence(customers, 'customers')].join('\n'));
  out.document<AppSeedDocument>({ products, customers });
  return 0;
};

/** Adds one `Name: value` to the headers of the options before. */
const header = (
  argument: string,
  headers: Readonly<Record<string, string>> = {},
): Record<string, string> => {
  const [, name, text] = /^([\w-]+):\s*(.+)$/.exec(argument) ?? [];
  if (name === undefined || text === undefined)
    throw new InvalidArgumentError('wanted "Name: value".');
  return { ...headers, [name]: text };
};

const addCall = (group: Command, deps: CommandDeps): void => {
  placed(subcommand(group, 'call', 'call the API'), [
    'cordon app call GET "/products?limit=3" --as standard',
    'cordon app call POST /ai/query --as standard ' +
      `--body '{"question":"Who is our newest customer?"}'`,
  ])
    .argument('<method>', 'GET, POST, PUT or DELETE', (method) => method.toUpperCase())
    .argument('<path>', 'such as /products')
    .addOption(new Option('--as <user>', 'user (default: not signed in)').choices(userNames))
    .option('--body <json>', 'the body; @FILE reads it from a file, - from the standard input')
    .option('--header <name: value>', 'one more header; may be repeated', header)
    .action((method: string, path: string, options: AppCallOptions) =>
      finish(deps, options, async (out) =>
        call(out, await placeOf(deps, options), { ...options, method, path }),
      ),
    );
};

const tokenOf = async (place: Place, as: UserName | undefined): Promise<string | null> => {
  if (as === undefined) return null;
  if (!place.local)
    throw new CordonError(
      'the users of --as exist in a local run only: on AWS sign in through the front end',
      { code: 2 },
    );
  const user = readUsers(place.local.runDir).find(({ name }) => name === as);
  return user ? signIn(place, user) : null;
};

const bodyOf = async (given: string | undefined): Promise<string | undefined> => {
  const file = given === '-' ? given : given?.startsWith('@') ? given.slice(1) : undefined;
  return file === undefined ? given : textOf(file);
};

/** The parsed body if it is JSON, otherwise its text. */
const parsedBody = ({ body }: ApiAnswer): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

/** Prints an answer of 4xx or 5xx as any other, but exits with 1, so that a script notices. */
const call = async (
  out: Output,
  place: Place,
  {
    as,
    body: given,
    header: headers = {},
    method,
    path,
  }: AppCallOptions & { method: string; path: string },
): Promise<ExitCode> => {
  if (!path.startsWith('/'))
    throw new CordonError(`wanted a path such as /products, got ${printable(path)}`, { code: 2 });
  const sent = { method, path, headers, body: await bodyOf(given) };
  const answer = await callApi(apiOf(place), { ...sent, token: await tokenOf(place, as) });
  out.note(`HTTP ${answer.status} in ${answer.ms} ms`);
  const body = parsedBody(answer);
  out.line(typeof body === 'string' ? body : JSON.stringify(body, undefined, 2));
  out.document<AppCallDocument>({
    status: answer.status,
    ms: answer.ms,
    headers: answer.headers,
    body,
  });
  return answer.status < 400 ? 0 : 1;
};

const users = (out: Output, place: Place): ExitCode => {
  if (!place.local)
    throw new CordonError('on AWS an administrator invites people: there are no users to show', {
      code: 2,
    });
  const localUsers = readUsers(place.local.runDir);
  out.line(
    table(
      localUsers.flatMap(({ email, password, authenticatorKey }): [string, string][] => [
        [email, password],
        ['', `code now: ${totpCode(authenticatorKey, Date.now())}, key: ${authenticatorKey}`],
      ]),
    ),
  );
  out.document<AppUsersDocument>({ users: localUsers });
  return 0;
};
