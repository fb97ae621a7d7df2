// Links to a folder of evidence on a server of our own, which can be told to fail.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { LinkedFile } from '../../../console/pages/src/verify/link-reader.ts';
import { evidenceOnDisk } from './evidence-on-disk.ts';

/** What the server does with a request: `true` where it has answered. */
export type Trouble = (path: string, turn: number, response: ServerResponse) => boolean;

export interface LinkServer {
  readonly links: (generation?: number) => readonly LinkedFile[];
  readonly asked: Map<string, number>;
  readonly trouble: (next: Trouble) => void;
  readonly stop: () => void;
}

export const serveLinks = async (folder: string): Promise<LinkServer> => {
  const asked = new Map<string, number>();
  let trouble: Trouble = () => false;
  const server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(new URL(url, 'http://links').pathname.slice(1));
    const turn = (asked.get(path) ?? 0) + 1;
    asked.set(path, turn);
    if (trouble(`${path}${new URL(url, 'http://links').search}`, turn, response)) return;
    response.writeHead(200).end(readFileSync(join(folder, path)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    asked,
    links: (generation = 1) =>
      evidenceOnDisk(folder)
        .files.filter(({ path }) => path !== 'export.json')
        .map(({ path, bytes }) => ({
          ...{ path, bytes, versionId: 'v1' },
          url: `http://127.0.0.1:${port}/${encodeURIComponent(path)}?generation=${generation}`,
        })),
    trouble: (next) => {
      trouble = next;
      asked.clear();
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
