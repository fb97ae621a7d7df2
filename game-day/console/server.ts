import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { allIds, caseOf, caseTable } from '../cases.ts';
import { bytesOf, evidenceBucketOf, evidenceOf, recordedOf } from '../download.ts';
import type { Connection } from '../engine/connect.ts';
import { readInbox } from '../inbox.ts';
import { incidentView } from '../incident-view.ts';
import { localPlace, maskOf, type Place } from '../place.ts';
import { policy } from './html.ts';
import { consolePage } from './page.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  /** A report brings its own policy; everything else gets ours. */
  readonly own?: boolean;
}

const most = 30;

const home = async (place: Place, { endpoint, runDir }: Connection): Promise<Answer> => {
  const [table, mask] = [await caseTable(place), maskOf(place)];
  const ids = (await allIds(table)).slice(0, most);
  const incidents = await Promise.all(
    ids.map(async (id) => {
      const found = await caseOf(table, id);
      const view = incidentView(found, { mask, bucket: evidenceBucketOf(place, found.head) });
      return { view, objects: [...recordedOf(found).keys()] };
    }),
  );
  return { status: 200, type: 'text/html; charset=utf-8', body: consolePage({ endpoint, incidents, mails: readInbox(runDir) }) };
};

/** Only our own reports are shown as pages; what was collected from an account is handed out as plain text. */
const typeOf = (key: string): string => (/\/report\/v[12]\.html$/.test(key) ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8');

const object = async (place: Place, key: string): Promise<Answer> => {
  const [, id] = /^incidents\/\d{4}\/\d\d\/\d\d\/([\w-]+)\/[\w./-]+$/.exec(key) ?? [];
  if (id === undefined || key.includes('..')) return { status: 404, type: 'text/plain', body: 'no such object\n' };
  const type = typeOf(key);
  const { head } = await caseOf(await caseTable(place), id);
  return { status: 200, type, body: await bytesOf(key, await evidenceOf(place, head)), own: type.startsWith('text/html') };
};

const answer = async (place: Place, connection: Connection, path: string): Promise<Answer> => {
  if (path === '/') return home(place, connection);
  if (path.startsWith('/object/')) return object(place, decodeURI(path.slice('/object/'.length)));
  return { status: 404, type: 'text/plain', body: 'nothing here; the page is /\n' };
};

/** A page of another site that knows our port must not get in under a name of its own. */
const isOurs = ({ headers: { host = '' }, method = '' }: IncomingMessage, port: number): boolean =>
  [`127.0.0.1:${port}`, `localhost:${port}`].includes(host) && ['GET', 'HEAD'].includes(method);

const send = (response: ServerResponse, { status, type, body, own = false }: Answer): void => {
  response.writeHead(status, {
    'content-type': type,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
    ...(own ? {} : { 'content-security-policy': policy }),
  });
  response.end(body);
};

const because = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The page at the port after the engine's; on the loopback only. Gives back how to stop it. */
export const startConsole = async (connection: Connection): Promise<{ readonly url: string; stop(): void }> => {
  const port = connection.port + 1;
  const place = localPlace(connection);
  const server = createServer((request, response) => {
    if (!isOurs(request, port)) return send(response, { status: 403, type: 'text/plain', body: 'this page is read at its own address\n' });
    answer(place, connection, request.url ?? '/').then(
      (found) => send(response, found),
      (error: unknown) => send(response, { status: 500, type: 'text/plain; charset=utf-8', body: `${because(error)}\n` }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
