import { randomBytes, timingSafeEqual } from 'node:crypto';
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
import { isAdmitted } from '../door.ts';
import type { Connection } from '../engine/connect.ts';
import { isExpired } from '../expired-drills.ts';
import { readInbox } from '../inbox.ts';
import { localPlace } from '../place.ts';
import { policy } from './html.ts';
import { consolePage } from './page.ts';

interface ConsoleResponse {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  /** A content security policy other than the console's; `null` for a report, which has its own. */
  readonly csp?: string | null;
}

const maxIncidents = 30;

const home = async (place: Place, { endpoint, runDir }: Connection): Promise<ConsoleResponse> => {
  const [table, mask] = [await caseTable(place), maskOf(place)];
  const ids = (await allIds(table)).slice(0, maxIncidents);
  const incidents = await Promise.all(
    ids.map(async (id) => {
      const record = await caseOf(table, id);
      const bucket = evidenceBucketOf(place, record.head);
      const view = incidentView(record, { mask, bucket, expired: isExpired(place, id) });
      return { view, objects: [...recordedOf(record).keys()] };
    }),
  );
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    body: consolePage({ endpoint, incidents, mails: readInbox(runDir) }),
  };
};

/**
 * The page of the evidence folder contains text of an attacker. It escapes that text and has a
 * policy of its own; this policy is a second barrier, so that nothing runs or is fetched if either
 * fails.
 */
const sandbox = [
  'sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const incidentFolder = /^incidents\/\d{4}\/\d\d\/\d\d\/[\w-]+\//;

/**
 * How an object is served: reports and the page of the folder as HTML, because Cordon wrote them;
 * collected evidence as plain text.
 */
export const kindOf = (key: string): Pick<ConsoleResponse, 'type' | 'csp'> => {
  const path = key.replace(incidentFolder, '');
  if (/^report\/v[12]\.html$/.test(path)) return { type: 'text/html; charset=utf-8', csp: null };
  if (path === 'index.html') return { type: 'text/html; charset=utf-8', csp: sandbox };
  return { type: 'text/plain; charset=utf-8' };
};

const object = async (place: Place, key: string): Promise<ConsoleResponse> => {
  const [, id] = /^incidents\/\d{4}\/\d\d\/\d\d\/([\w-]+)\/[\w./-]+$/.exec(key) ?? [];
  if (id === undefined || key.includes('..'))
    return { status: 404, type: 'text/plain', body: 'no such object\n' };
  const { head } = await caseOf(await caseTable(place), id);
  return { status: 200, ...kindOf(key), body: await bytesOf(key, await evidenceOf(place, head)) };
};

const answer = async (
  place: Place,
  connection: Connection,
  path: string,
): Promise<ConsoleResponse> => {
  if (path === '/') return home(place, connection);
  if (path.startsWith('/object/')) return object(place, decodeURI(path.slice('/object/'.length)));
  return { status: 404, type: 'text/plain', body: 'nothing here; the page is /\n' };
};

/** Whether two texts are equal, in a time that does not tell where they differ. */
const isSame = (given: string, expected: string): boolean => {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/**
 * The path below the secret folder; undefined for a request that is not answered. Other users of
 * the machine reach the port but do not know the folder.
 */
const pathOf = (request: IncomingMessage, secret: string): string | undefined => {
  const [, folder = '', path = ''] = /^\/([\w-]*)(\/.*)?$/s.exec(request.url ?? '') ?? [];
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  return isReading && isAdmitted(request) && isSame(folder, secret) ? path : undefined;
};

const send = (
  response: ServerResponse,
  { status, type, body, csp = policy }: ConsoleResponse,
): void => {
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

/**
 * Serves the page on the port after the engine's, on the loopback interface only. Its address holds
 * a secret: whoever knows the address may read.
 */
export const startConsole = async (
  connection: Connection,
): Promise<{ readonly url: string; stop(): void }> => {
  const port = connection.port + 1;
  const secret = randomBytes(18).toString('base64url');
  const place = localPlace(connection);
  const server = createServer((request, response) => {
    const path = pathOf(request, secret);
    if (path === undefined)
      return send(response, {
        status: 403,
        type: 'text/plain',
        body: 'this page is read at the address that "cordon up" has printed\n',
      });
    answer(place, connection, path).then(
      (page) => send(response, page),
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
    url: `http://127.0.0.1:${port}/${secret}/`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
