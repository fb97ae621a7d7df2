import type { Connection } from '../../../local/engine/connect.ts';
import { startEntrances } from '../../../local/entrances/serve.ts';
import type { LocalSiteServer } from '../../../local/site.ts';

/** The pages of the incident console, served as a run serves them; port 0 takes any. */
export const startConsolePages = async (
  connection: Connection,
  port: number,
): Promise<LocalSiteServer> => {
  const server = await startEntrances(connection, { port });
  const url = server.addresses.find(({ name }) => name === 'console')?.url;
  if (url === undefined) throw new Error('no stack has pages of the console');
  return { url, port: server.port, stop: server.stop };
};
