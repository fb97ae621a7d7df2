import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { allIds, caseOf, caseTable } from '../../operator/cases.ts';
import { incidentView } from '../../operator/incident-view.ts';
import { maskOf, type Place } from '../../operator/place.ts';
import {
  bytesOf,
  evidenceBucketOf,
  evidenceOf,
  recordedOf,
} from '../../operator/recorded-evidence.ts';
import { errorMessage } from '../../responders/shared/errors.ts';
import type { Connection } from '../engine/connect.ts';
import { readInbox } from '../inbox.ts';
import { localPlace } from '../place.ts';
import { policy } from './html.ts';
import { consolePage } from './page.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  /** Another policy than that of the console's own page; `null` for a report, which brings one. */
  readonly csp?: string | null;
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
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    body: consolePage({ endpoint, incidents, mails: readInbox(runDir) }),
  };
};

/**
 * The folder's page quotes an attacker. It escapes what it quotes and brings a policy with the hash
 * of its style; this one holds too, so that nothing runs and nothing is fetched if either fails.
 */
const sandbox =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const folder = /^incidents\/\d{4}\/\d\d\/\d\d\/[\w-]+\//;

/**
 * Pages are what Cordon wrote: reports, and the page of the folder. What was collected is plain
 * text.
 */
export const kindOf = (key: string): Pick<Answer, 'type' | 'csp'> => {
  const path = key.replace(folder, '');
  if (/^report\/v[12]\.html$/.test(path)) return { type: 'text/html; charset=utf-8', csp: null };
  if (path === 'index.html') return { type: 'text/html; charset=utf-8', csp: sandbox };
  return { type: 'text/plain; charset=utf-8' };
};

const object = async (place: Place, key: string): Promise<Answer> => {
  const [, id] = /^incidents\/\d{4}\/\d\d\/\d\d\/([\w-]+)\/[\w./-]+$/.exec(key) ?? [];
  if (id === undefined || key.includes('..'))
    return { status: 404, type: 'text/plain', body: 'no such object\n' };
  const { head } = await caseOf(await caseTable(place), id);
  return { status: 200, ...kindOf(key), body: await bytesOf(key, await evidenceOf(place, head)) };
};

const answer = async (place: Place, connection: Connection, path: string): Promise<Answer> => {
  if (path === '/') return home(place, connection);
  if (path.startsWith('/object/')) return object(place, decodeURI(path.slice('/object/'.length)));
  return { status: 404, type: 'text/plain', body: 'nothing here; the page is /\n' };
};

/** A page of another site that knows our port must not get in under a name of its own. */
const isOurs = ({ headers: { host = '' }, method = '' }: IncomingMessage, port: number): boolean =>
  [`127.0.0.1:${port}`, `localhost:${port}`].includes(host) && ['GET', 'HEAD'].includes(method);

const send = (response: ServerResponse, { status, type, body, csp = policy }: Answer): void => {
  response.writeHead(status, {
    'content-type': type,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
    ...(csp !== null && { 'content-security-policy': csp }),
  });
  response.end(body);
};

/** The page at the port after the engine's; on the loopback only. Gives back how to stop it. */
export const startConsole = async (
  connection: Connection,
): Promise<{ readonly url: string; stop(): void }> => {
  const port = connection.port + 1;
  const place = localPlace(connection);
  const server = createServer((request, response) => {
    if (!isOurs(request, port))
      return send(response, {
        status: 403,
        type: 'text/plain',
        body: 'this page is read at its own address\n',
      });
    answer(place, connection, request.url ?? '/').then(
      (found) => send(response, found),
      (error: unknown) =>
        send(response, {
          status: 500,
          type: 'text/plain; charset=utf-8',
          body: `${errorMessage(error)}\n`,
        }),
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
