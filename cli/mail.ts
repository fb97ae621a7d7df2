import { type Command, Option } from 'commander';
import { connect } from '../local/engine/connect.ts';
import { type ReceivedMail, readInbox } from '../local/inbox.ts';
import { printable } from '../responders/shared/printable.ts';
import type { ExitCode, Output } from './output.ts';
import type { MailDocument } from './schemas/mail.ts';
import { type CommandDeps, type CommonOptions, finishItself, portNumber, verb } from './verb.ts';

interface MailOptions extends CommonOptions {
  readonly port?: number;
  readonly follow: 'yes' | 'no';
}

/** `mail --follow` ends when stdout is closed. */
export interface MailDeps extends CommandDeps {
  /** Whether the reader of stdout has closed it. */
  readonly isStdoutClosed: () => boolean;
}

/** `cordon mail`: what the security team received in the local run. */
export const mail = (command: Command, deps: MailDeps): void => {
  verb(command, ['cordon mail', 'cordon mail --json'])
    .option('--port <number>', 'the run on this port, where several are up', portNumber)
    .addOption(
      new Option('--follow <yes or no>', 'go on printing mails as they arrive, until Ctrl-C')
        .choices(['yes', 'no'])
        .default('no'),
    )
    .action((options: MailOptions) =>
      finishItself(deps, options, (out) => run(deps, out, options)),
    );
};

const text = (body: string): string =>
  body
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');

const print = (out: Output, { at, to, subject, body }: ReceivedMail): void =>
  out.line(`${at}  to ${printable(to, 120)}\n${printable(subject, 200)}\n\n${text(body)}\n`);

const run = async (
  { root, signal, isStdoutClosed }: MailDeps,
  out: Output,
  { port, follow, json = false }: MailOptions,
): Promise<ExitCode> => {
  const { runDir } = connect({ root, port });
  const mails = readInbox(runDir);
  for (const received of mails) print(out, received);
  if (mails.length === 0) out.line('no mails yet');
  out.document<MailDocument>({ mails });
  const printed = new Set(mails.map(({ file }) => file));
  while (follow === 'yes' && !json && !signal.aborted && !isStdoutClosed()) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    for (const received of readInbox(runDir).filter(({ file }) => !printed.has(file))) {
      printed.add(received.file);
      print(out, received);
    }
  }
  return 0;
};
