// Runs once beside the engine tests: starts an engine for each worker when its first file asks,
// and ends them all with the run. A file that asks for none costs nothing.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureVenv } from '../../local/engine/venv.ts';
import { type DeployedEngine, deployEngine } from './deploy-engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a file asks for the engine that its worker's files share. */
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

/**
 * By worker: files of one worker follow each other, so that nobody else uses the engine meanwhile.
 */
const lending = () => {
  const engines = new Map<string, Promise<DeployedEngine>>();
  const ended = new Map<string, string>();
  const start = async (worker: string): Promise<DeployedEngine> => {
    const deployed = await deployEngine();
    void deployed.engine.ended.then(({ message }) => ended.set(worker, message));
    return deployed;
  };
  const lend = async (worker: string): Promise<Loan> => {
    const started = engines.get(worker) ?? start(worker);
    engines.set(worker, started);
    const deployed = await started;
    // No second one is started: what ended an engine is a failure of the file that did it.
    const why = ended.get(worker);
    if (why !== undefined) throw new Error(`the engine that the files share has ended: ${why}`);
    return loanOf(deployed);
  };
  const stop = async (): Promise<void> => {
    const deployments = await Promise.allSettled(engines.values());
    for (const deployment of deployments)
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
