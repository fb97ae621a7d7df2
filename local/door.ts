import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** A name of the loopback interface, with or without a port. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|[a-z0-9-]+\.localhost|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a request was sent to a name of this machine. A page that reached our port under a name
 * of its own (DNS rebinding) sends that name.
 */
export const isSentToLoopback = ({ host = '' }: IncomingHttpHeaders): boolean =>
  LOOPBACK_HOST.test(host);

/** Whether a page of another origin sends a request; a link that a person follows is none. */
export const isFromForeignPage = (headers: IncomingHttpHeaders): boolean => {
  const { origin, host = '' } = headers;
  if (origin !== undefined) return origin.toLowerCase() !== `http://${host.toLowerCase()}`;
  return headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';
};

/** Whether a server without pages for other sites may answer. */
export const isAdmitted = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  isSentToLoopback(headers) && !isFromForeignPage(headers);

/** Refuses a request in one line. */
export const turnAway = (response: ServerResponse): void => {
  response.writeHead(403, {
    'content-type': 'application/json',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end('{"message": "Refused: the Host or Origin header is not that of this server."}\n');
};
