import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processes, signal } from '../../../local/engine/processes.ts';
import { ensureVenv } from '../../../local/engine/venv.ts';
import { environmentOf } from '../../support/cli/running.ts';
import { temp } from '../../support/temp.ts';

/** The repository that the tests run in. */
export const repository = resolve(import.meta.dirname, '../../..');

/**
 * A small checkout with the real engine and an application of one stack, so that a start costs a
 * second.
 */
export const makeCheckout = async (folder = temp('checkout')): Promise<string> => {
  const { python } = await ensureVenv({ root: repository, env: process.env });
  const root = realpathSync(folder);
  for (const path of ['local/engine', 'infra', '.cordon'])
    mkdirSync(join(root, path), { recursive: true });
  for (const path of [
    'node_modules',
    'package.json',
    'local/engine/adapter',
    'local/engine/services',
    'local/engine/requirements.txt',
  ]) {
    symlinkSync(join(repository, path), join(root, path));
  }
  symlinkSync(resolve(python, '../..'), join(root, '.cordon/venv'));
  writeSmallApp(root);
  return root;
};

/** Writes the application of one stack. */
export const writeSmallApp = (root: string): void =>
  writeFileSync(join(root, 'infra/app.ts'), `${application(assembly)}\n`);

/** This checkout with a `.cordon` of its own, which `prepare` gets while it is empty. */
export const makeWholeCheckout = async (
  prepare: (folder: string) => void = () => undefined,
): Promise<string> => {
  const { python } = await ensureVenv({ root: repository, env: process.env });
  const root = realpathSync(temp('whole'));
  for (const name of readdirSync(repository).filter((name) => !name.startsWith('.')))
    symlinkSync(join(repository, name), join(root, name));
  mkdirSync(join(root, '.cordon'));
  prepare(join(root, '.cordon'));
  symlinkSync(resolve(python, '../..'), join(root, '.cordon/venv'));
  const made = join(repository, '.cordon/synth');
  if (existsSync(made)) cpSync(made, join(root, '.cordon/synth'), { recursive: true });
  return root;
};

/** Ends whatever a test left in this checkout, then removes it. */
export const removeCheckout = async (root: string): Promise<void> => {
  // A process may have ended by itself meanwhile.
  for (const { pid } of processesOf(root)) signal(pid, 'SIGKILL');
  await until(() => processesOf(root).length === 0);
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
};

/** The living processes whose command line names this checkout. */
export const processesOf = (root: string) =>
  processes().filter(({ command }) => command.includes(`${root}/`));

/** Waits for something to become true; fails after `withinMs`. */
export const until = async (holds: () => boolean, withinMs = 200_000): Promise<void> => {
  for (const end = Date.now() + withinMs; !holds(); await sleep(25))
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${holds}`);
};

/** A running `cordon`, with what it has printed so far. */
export interface Command {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  ended(): Promise<number>;
}

/** The words that start `cordon` in a shell of a person. */
export const cordonWords = [
  join(repository, 'node_modules/.bin/node'),
  join(repository, 'cli/cordon.ts'),
] as const;

/** Starts `cordon` on a checkout, as a person would. */
export const cordon = (root: string, ...args: string[]): Command =>
  program(root, [...cordonWords, ...args]);

/** Starts a program that starts `cordon` on a checkout, with further variables. */
export const program = (
  root: string,
  [command, ...args]: readonly [string, ...string[]],
  variables: Readonly<Record<string, string>> = {},
): Command => {
  const child = spawn(command, args, {
    cwd: repository,
    env: { ...environmentOf(root), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      said[name] += chunk.toString();
    });
  }
  const closed = once(child, 'close');
  return {
    child,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended: async () => Number((await closed)[0] ?? -1),
  };
};

/**
 * Stands in for the CDK app: writes the assembly that CDK would write, in a moment instead of
 * seconds.
 */
const application = (files: Record<string, unknown>): string => `
import { mkdirSync, writeFileSync } from 'node:fs';
const out = process.env.CDK_OUTDIR;
mkdirSync(out + '/asset.one', { recursive: true });
writeFileSync(out + '/asset.one/index.js', 'exports.handler = async () => { console.log("called"); return Object.keys(process.env); };');
for (const [name, body] of Object.entries(${JSON.stringify(files)})) writeFileSync(out + '/' + name, JSON.stringify(body));
`;

const bucket = 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}';
const asset = (path: string, packaging: string, objectKey: string) => ({
  source: { path, packaging },
  destinations: { here: { bucketName: bucket, objectKey } },
});
const assembly = {
  'manifest.json': {
    artifacts: {
      Small: {
        type: 'aws:cloudformation:stack',
        properties: { stackTemplateAssetObjectUrl: `s3://${bucket}/small.json` },
      },
    },
  },
  'Small.assets.json': {
    files: {
      code: asset('asset.one', 'zip', 'one.zip'),
      small: asset('Small.template.json', 'file', 'small.json'),
    },
  },
  'Small.template.json': {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sts:AssumeRole',
                Principal: { Service: 'lambda.amazonaws.com' },
              },
            ],
          },
        },
      },
      Keys: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { S3Bucket: { 'Fn::Sub': bucket }, S3Key: 'one.zip' },
        },
      },
    },
    Outputs: {
      Keys: { Value: { Ref: 'Keys' } },
      Role: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    },
  },
};
