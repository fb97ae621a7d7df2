// What the tests of servers see of a run, and do to it.
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { processes } from '../../../local/engine/processes.ts';
import { applyStack } from '../../../local/engine/stack.ts';
import type { Engine } from '../adapter/engine.ts';

/** What servers have in the folder of the run. */
export const serverFolders = ({ runDir }: Engine): readonly string[] =>
  readdirSync(join(runDir, 'tmp')).filter((name) => name.startsWith('ministack-service-'));

export const processesOf = ({ runDir }: Engine) =>
  processes().filter(({ command }) => command.includes(runDir));

/** What starts a server, and ends it when the run ends. */
export const leashOf = (engine: Engine) =>
  processesOf(engine).find(({ command }) => command.includes('services/leash.py'));

/** Another program that listens on a port of the run. */
export const listening = async (port: number) => {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { close: () => new Promise((resolve) => server.close(resolve)) };
};

export const kill = (pid: number | undefined): void => {
  if (pid === undefined) throw new Error('there is no such process');
  process.kill(pid, 'SIGKILL');
};

/** Why a stack with these resources cannot be deployed. */
export const reasonOf = (engine: Engine, name: string, Resources: object): Promise<string> =>
  applyStack(new CloudFormationClient(engine.client()), name, {
    TemplateBody: JSON.stringify({ Resources }),
  }).then(
    () => 'deployed',
    (error: unknown) => String(error),
  );
