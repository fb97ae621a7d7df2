// A WebSocket to a name below `localhost`: browsers lead such names to this machine, Node does not.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';

type Message = Readonly<Record<string, unknown>>;

/** A connection whose messages are JSON objects. */
export interface JsonSocket {
  send(message: Message): void;
  /** The next message of this type; messages of other types before it are dropped. */
  next(type: string): Promise<Message>;
  close(): void;
}

const masked = (text: string): Buffer => {
  const [body, mask] = [Buffer.from(text), randomBytes(4)];
  const isShort = body.length < 126;
  const head = Buffer.alloc(isShort ? 2 : 4);
  head.writeUInt8(0x81, 0);
  head.writeUInt8(0x80 | (isShort ? body.length : 126), 1);
  if (!isShort) head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, mask, body.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
};

/** The texts of the whole frames in the buffer, and what is left of it. */
const unframed = (buffer: Buffer): { texts: readonly string[]; rest: Buffer } => {
  if (buffer.length < 2) return { texts: [], rest: buffer };
  const short = (buffer[1] ?? 0) & 0x7f;
  if (short === 126 && buffer.length < 4) return { texts: [], rest: buffer };
  const [start, length] = short === 126 ? [4, buffer.readUInt16BE(2)] : [2, short];
  if (buffer.length < start + length) return { texts: [], rest: buffer };
  const isText = ((buffer[0] ?? 0) & 0x0f) === 1;
  const text = buffer.subarray(start, start + length).toString();
  const { texts, rest } = unframed(buffer.subarray(start + length));
  return { texts: isText ? [text, ...texts] : texts, rest };
};

export const openSocket = async (
  port: number,
  host: string,
  path: string,
  protocol: string,
): Promise<JsonSocket> => {
  const upgrade = request({
    ...{ port, host: '127.0.0.1', path },
    headers: {
      Host: `${host}:${port}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Protocol': protocol,
    },
  });
  upgrade.end();
  const refused = once(upgrade, 'response').then(([answer]: IncomingMessage[]) => {
    throw new Error(`refused with ${answer?.statusCode}`);
  });
  const [, socket, head]: [unknown, Duplex, Buffer] = await Promise.race([
    once(upgrade, 'upgrade') as Promise<[unknown, Duplex, Buffer]>,
    refused,
  ]);
  refused.catch(() => undefined);
  return reading(socket, head);
};

const reading = (socket: Duplex, head: Buffer): JsonSocket => {
  let buffer: Buffer = head;
  const waiting: Message[] = [];
  let wake = (): void => undefined;
  const take = (chunk: Buffer): void => {
    const { texts, rest } = unframed(Buffer.concat([buffer, chunk]));
    buffer = rest;
    waiting.push(...texts.map((text) => JSON.parse(text) as Message));
    wake();
  };
  socket.on('data', take);
  socket.on('error', () => undefined);
  socket.on('close', () => wake());
  take(Buffer.alloc(0));
  const next = async (type: string): Promise<Message> => {
    for (;;) {
      const message = waiting.shift();
      if (message?.type === type) return message;
      if (message !== undefined) continue;
      if (socket.destroyed) throw new Error(`closed before ${type}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    send: (message) => socket.write(masked(JSON.stringify(message))),
    next,
    close: () => socket.destroy(),
  };
};
