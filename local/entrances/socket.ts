import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { isSentToLoopback } from '../door.ts';

interface SocketTarget {
  readonly engine: URL;
  readonly region: string;
  /** The GraphQL API of the name that was asked for; undefined where it has none. */
  readonly id: string | undefined;
}

/** Where a GraphQL API with a name of its own takes subscriptions on AWS. */
const subscriptions = /^\/graphql\/realtime(?=\?|$)/;

/** Headers that the other side is told anew, or that belong to this connection alone. */
const own = new Set(['host', 'cookie', 'forwarded']);

/** Connects a WebSocket of a browser with the subscriptions of a GraphQL API. */
export const passSocket = (
  { engine, region, id }: SocketTarget,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void => {
  const { url = '', headers } = request;
  if (id === undefined || !subscriptions.test(url) || !isSentToLoopback(headers)) {
    socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    return;
  }
  const kept = Object.entries(headers).filter(([name]) => !own.has(name));
  const lines = [
    `GET ${url.replace(subscriptions, '/graphql')} HTTP/1.1`,
    `host: ${id}.appsync-realtime-api.${region}.localhost:${engine.port}`,
    ...kept.map(([name, value]) => `${name}: ${String(value)}`),
  ];
  const onward = connect(Number(engine.port), '127.0.0.1', () => {
    onward.write(`${lines.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    socket.pipe(onward).pipe(socket);
  });
  // Either side may go at any time; the other one is told by its end.
  onward.once('error', () => socket.destroy());
  socket.once('error', () => onward.destroy());
};
