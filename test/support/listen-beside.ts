import type { Server } from 'node:net';
import { PORTS } from '../../local/engine/run-dir.ts';

/** The ports of a run that a local run itself uses: engine, console, edge and two stand-ins. */
const usedByRun = 5;

const listensOn = (server: Server, port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error);
    server.once('error', onError).listen(port, '127.0.0.1', () => {
      server.off('error', onError);
      resolve(true);
    });
  });

/** Listens on a port of the run of this engine, because functions connect to no others. */
export const listenBeside = async (server: Server, endpoint: string): Promise<number> => {
  const first = Number(new URL(endpoint).port);
  for (let offset = usedByRun; offset < PORTS; offset += 1)
    if (await listensOn(server, first + offset)) return first + offset;
  throw new Error(`no port of the run at ${endpoint} is free`);
};
