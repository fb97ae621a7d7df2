import { type Command, InvalidArgumentError, Option } from 'commander';
import { connect } from '../local/engine/connect.ts';
import { type ReceivedMail, readInbox } from '../local/inbox.ts';
import { CordonError } from '../operator/errors.ts';
import { printable } from '../responders/shared/printable.ts';
import type { ExitCode, Output } from './output.ts';
import type { MailDocument } from './schemas/mail.ts';
import { type CommandDeps, type CommonOptions, finishItself, portNumber, verb } from './verb.ts';

interface MailOptions extends CommonOptions {
  readonly port?: number;
  readonly follow: 'yes' | 'no';
  readonly number?: number | undefined;
}

/** `mail --follow` ends when stdout is closed. */
export interface MailDeps extends CommandDeps {
  /** Whether the reader of stdout has closed it. */
  readonly isStdoutClosed: () => boolean;
}

const mailNumber = (text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('wanted the number of a mail, from 1.');
};

/** `cordon mail`: what the security team received in the local run. */
export const mail = (command: Command, deps: MailDeps): void => {
  verb(command, ['cordon mail 3', 'cordon mail --json'])
    .argument('[number]', 'only this mail, counted from 1 for the oldest', mailNumber)
    .option('--port <number>', 'the run on this port, where several are up', portNumber)
    .addOption(
      new Option('--follow <yes or no>', 'go on printing mails as they arrive, until Ctrl-C')
        .choices(['yes', 'no'])
        .default('no'),
    )
    .action((number: number | undefined, options: MailOptions) =>
      finishItself(deps, options, (out) => run(deps, out, { ...options, number })),
    );
};

const text = (body: string): string =>
  body
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');

/** A mail with the number by which it can be asked for. */
interface NumberedMail {
  readonly number: number;
  readonly mail: ReceivedMail;
}

const print = (out: Output, { number, mail: { at, to, subject, body } }: NumberedMail): void =>
  out.line(
    [
      `Mail ${number}, ${at}, to ${printable(to, 120)}`,
      printable(subject, 200),
      `\n${text(body)}\n`,
    ].join('\n'),
  );

const numbered = (runDir: string): readonly NumberedMail[] =>
  readInbox(runDir).map((received, index) => ({ number: index + 1, mail: received }));

/** All mails, or the one of this number. */
const chosen = (
  mails: readonly NumberedMail[],
  number: number | undefined,
): readonly NumberedMail[] => {
  if (number === undefined) return mails;
  const wanted = mails[number - 1];
  if (wanted) return [wanted];
  throw new CordonError(`there is no mail ${number}: ${mails.length} arrived in this run`);
};

const run = async (
  { root, signal, isStdoutClosed }: MailDeps,
  out: Output,
  { port, follow, number, json = false }: MailOptions,
): Promise<ExitCode> => {
  const { runDir } = connect({ root, port });
  const mails = chosen(numbered(runDir), number);
  for (const received of mails) print(out, received);
  if (mails.length === 0) out.line('no mails yet');
  out.document<MailDocument>({ mails: mails.map(({ mail: received }) => received) });
  const printed = new Set(mails.map(({ mail: { file } }) => file));
  while (
    follow === 'yes' &&
    number === undefined &&
    !json &&
    !signal.aborted &&
    !isStdoutClosed()
  ) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    for (const received of numbered(runDir).filter(({ mail: { file } }) => !printed.has(file))) {
      printed.add(received.mail.file);
      print(out, received);
    }
  }
  return 0;
};
