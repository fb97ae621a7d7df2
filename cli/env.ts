import type { Command } from 'commander';
import { connect } from '../local/engine/connect.ts';
import type { ExitCode, Output } from './output.ts';
import type { EnvDocument } from './schemas/env.ts';
import { action, type CommandDeps, type CommonOptions, portNumber, verb } from './verb.ts';

interface EnvOptions extends CommonOptions {
  readonly port?: number;
}

/** `cordon env`: what other AWS clients need to use the running `cordon up`. */
export const env = (command: Command, deps: CommandDeps): void => {
  verb(command, ['eval "$(cordon env)"', 'cordon env --json'])
    .option('--port <number>', 'the run on this port, where several are up', portNumber)
    .action(
      action(deps, (out, { port }: EnvOptions) =>
        Promise.resolve(print(out, settingsOf(deps.root, port))),
      ),
    );
};

const settingsOf = (root: string, port: number | undefined): EnvDocument => {
  const { endpoint, region, rootKey } = connect({ root, port });
  const { accessKeyId, secretAccessKey } = rootKey;
  return { endpoint, region, accessKeyId, secretAccessKey };
};

/** A text as one word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A session token or a profile of the caller would be used beside the key, so both go. */
const print = (out: Output, settings: EnvDocument): ExitCode => {
  const variables = {
    AWS_ENDPOINT_URL: settings.endpoint,
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_ACCESS_KEY_ID: settings.accessKeyId,
    AWS_SECRET_ACCESS_KEY: settings.secretAccessKey,
  };
  const exports = Object.entries(variables).map(([name, text]) => `export ${name}=${quoted(text)}`);
  out.line(['unset AWS_SESSION_TOKEN AWS_PROFILE', ...exports].join('\n'));
  out.document<EnvDocument>(settings);
  return 0;
};
