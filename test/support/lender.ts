// Runs once beside the engine tests: deploys what a worker's first file asks for on an engine,
// lends it to the worker's later files, and ends all engines with the run. A file that asks for none
// costs nothing.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureVenv } from '../../local/engine/venv.ts';
import { type DeployedEngine, deployEngine } from './deploy-engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a file asks for an engine that its worker's files share. */
    lender: string;
  }
}

/** What a file gets to know of the engine. */
export type Loan = Pick<DeployedEngine, 'outputs' | 'assembly'> & {
  readonly engine: { readonly endpoint: string; readonly port: number; readonly runDir: string };
};

const loanOf = ({ engine, outputs, assembly }: DeployedEngine): Loan => {
  const { endpoint, port, runDir } = engine;
  return { engine: { endpoint, port, runDir }, outputs, assembly };
};

/** What can be borrowed, by its name: all stacks, or the application alone. */
const deployments = { cordon: undefined, app: 'CordonProtectedApp' } as const;

/** The name of a deployment that files share. */
export type Shared = keyof typeof deployments;

const isShared = (name: string): name is Shared => Object.hasOwn(deployments, name);

/**
 * By worker and deployment: files of one worker follow each other, so that no other file uses the
 * engine meanwhile.
 */
const lending = () => {
  const engines = new Map<string, Promise<DeployedEngine>>();
  const ended = new Map<string, string>();
  const start = async (key: string, name: Shared): Promise<DeployedEngine> => {
    const deployed = await deployEngine({ only: deployments[name] });
    void deployed.engine.ended.then(({ message }) => ended.set(key, message));
    return deployed;
  };
  const lend = async (key: string): Promise<Loan> => {
    const name = key.split('/').at(-1) ?? '';
    if (!isShared(name)) throw new Error(`no deployment is called ${name}`);
    const started = engines.get(key) ?? start(key, name);
    engines.set(key, started);
    const deployed = await started;
    // No second one is started: what ended an engine is a failure of the file that did it.
    const why = ended.get(key);
    if (why !== undefined) throw new Error(`the engine that the files share has ended: ${why}`);
    return loanOf(deployed);
  };
  const stop = async (): Promise<void> => {
    const started = await Promise.allSettled(engines.values());
    for (const deployment of started)
      if (deployment.status === 'fulfilled') await deployment.value.engine.stop();
  };
  return { lend, stop };
};

export const setup = async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  // Whatever file comes first finds the engine's Python environment.
  await ensureVenv({ root: resolve(import.meta.dirname, '../..'), env: process.env, say });
  const { lend, stop } = lending();
  const server = createServer((request, response) => {
    lend(request.url ?? '').then(
      (loan) => response.end(JSON.stringify(loan)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  provide('lender', `http://127.0.0.1:${port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    await stop();
  };
};
