import type { Command } from 'commander';
import { explain } from '../../local/engine/disk-errors.ts';
import { DEFAULT_PORT } from '../../local/engine/run-dir.ts';
import type { ExitCode, Output } from '../output.ts';
import type { DoctorDocument } from '../schemas/doctor.ts';
import { action, type CommandDeps, type CommonOptions, portNumber, verb } from '../verb.ts';
import {
  awsIdentity,
  awsSubscriptions,
  type CheckOutcome,
  type DoctorCheck,
  type DoctorContext,
  localChecks,
} from './checks.ts';
import { awsApp } from './checks-app.ts';
import { awsHeartbeat } from './checks-heartbeat.ts';
import { serviceChecks } from './checks-services.ts';
import { systemChecks } from './checks-systems.ts';
import { awsWebhook } from './checks-webhook.ts';

interface DoctorOptions extends CommonOptions {
  readonly aws?: boolean;
  readonly port: number;
}

/** `cordon doctor`: checks the environment, each line with its fix. */
export const doctor = (command: Command, deps: CommandDeps): void => {
  verb(command, ['cordon doctor', 'cordon doctor --aws --json'])
    .option(
      '--port <number>',
      'first of the ten ports that the local run uses',
      portNumber,
      DEFAULT_PORT,
    )
    .option(
      '--aws',
      'also check the AWS identity, the mail subscriptions, the heartbeat, the webhook and the ' +
        'application',
    )
    .action(
      action(deps, (out, { port, aws = false }: DoctorOptions) =>
        run(out, { ...deps, port, node: process.versions.node }, aws),
      ),
    );
};

const run = async (out: Output, context: DoctorContext, aws: boolean): Promise<ExitCode> => {
  const here = [...localChecks, ...serviceChecks, ...systemChecks()];
  const checks = aws
    ? [...here, awsIdentity, awsSubscriptions, awsHeartbeat, awsWebhook, awsApp]
    : here;
  const outcomes = await Promise.all(
    checks.map(async (check) => ({ name: check.name, ...(await look(check, context)) })),
  );
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  for (const { name, detail, fix } of outcomes) {
    out.line(`${fix === undefined ? '✔' : '✘'} ${name.padEnd(width)}  ${detail}`);
    if (fix !== undefined) out.line(`  ${' '.repeat(width)}  → ${fix}`);
  }
  const ok = outcomes.every(({ fix }) => fix === undefined);
  out.document<DoctorDocument>({
    ok,
    checks: outcomes.map(({ name, detail, fix }) => ({
      name,
      ok: fix === undefined,
      detail,
      fix: fix ?? null,
    })),
  });
  return ok ? 0 : 1;
};

const look = async (check: DoctorCheck, context: DoctorContext): Promise<CheckOutcome> => {
  try {
    return await check.look(context);
  } catch (error) {
    return { detail: 'failed', fix: explain(error, `${context.root}/.cordon`).message };
  }
};
