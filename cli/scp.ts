import { type Command, InvalidArgumentError } from 'commander';
import { controlPolicies, defaultDeployers, longestPolicy } from '../operator/control-policy.ts';
import { CordonError } from '../operator/errors.ts';
import type { ExitCode, Output } from './output.ts';
import type { ScpDocument } from './schemas/scp.ts';
import { action, type CommandDeps, type CommonOptions, verb } from './verb.ts';

interface ScpOptions extends CommonOptions {
  readonly deployer?: readonly string[];
}

const principal = (text: string, earlier: readonly string[] = []): readonly string[] => {
  if (/^arn:aws[\w-]*:iam::(\d{12}|\*):(role|user)\/\S+$/.test(text)) return [...earlier, text];
  throw new InvalidArgumentError('wanted the ARN of a role or user (* allowed).');
};

/** `cordon scp`: policies for the organisation, which nobody in the account can change. */
export const scp = (command: Command, deps: CommandDeps): void => {
  verb(command, [
    'cordon scp',
    'cordon scp --deployer "arn:aws:iam::*:role/deploy-production" --json',
  ])
    .option(
      '--deployer <arn>',
      'who may change Cordon, in place of the role of cdk bootstrap; may be repeated',
      principal,
    )
    .action(
      action(deps, (out, { deployer = defaultDeployers }: ScpOptions) =>
        Promise.resolve(print(out, deployer)),
      ),
    );
};

const print = (out: Output, deployers: readonly string[]): ExitCode => {
  const policies = controlPolicies(deployers);
  const long = policies.find(({ document }) => document.length > longestPolicy);
  if (long)
    throw new CordonError(
      `${long.name} would have ${long.document.length} characters, and AWS takes ` +
        `${longestPolicy}: name fewer deployers, or one with a *`,
      { code: 2 },
    );
  for (const { name, document } of policies) {
    out.note(`${name}: ${document.length} of ${longestPolicy} characters`);
    out.line(document);
  }
  out.note('Attach each to the account with "aws organizations create-policy" and attach-policy.');
  out.note('Test it first in an account without Cordon’s findings: a deny holds for its root too.');
  out.document<ScpDocument>({
    deployers,
    policies: policies.map(({ name, document }) => ({
      name,
      characters: document.length,
      policy: document,
    })),
  });
  return 0;
};
