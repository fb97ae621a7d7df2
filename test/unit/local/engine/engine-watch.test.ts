import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { engineHangs } from '../../../../local/engine/engine-watch.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A server that accepts connections and answers with this text, or never. */
const engineThatSays = async (answer?: string, asked: () => void = () => undefined) => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    asked();
    if (answer) socket.end(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return { endpoint: `http://127.0.0.1:${port}`, port, pid: 7 };
};
const watch = { everyMs: 10, answerWithinMs: 50, patienceMs: 100, isSuspended: () => false };

describe('the watch of an engine', () => {
  it('says that an engine does not answer, and what to do', async () => {
    const engine = await engineThatSays();

    expect((await engineHangs(engine, watch)).message).toBe(
      `the engine on port ${engine.port} (process 7) does not answer: stop it with "cordon down ` +
        `--port ${engine.port}", then start it again`,
    );
  });

  it('says so at once when the process of the engine is suspended', async () => {
    const engine = await engineThatSays();
    const suspended = { ...watch, patienceMs: 3_600_000, isSuspended: () => true };

    expect((await engineHangs(engine, suspended)).message).toContain('does not answer');
  });

  it.each([
    ['answers', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'],
    ['refuses to answer', 'HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'],
    ['hangs up', ' '],
  ])('goes on as long as it %s', async (_name, answer) => {
    const stop = new AbortController();
    let questions = 0;
    const engine = await engineThatSays(answer, () => {
      questions += 1;
      if (questions === 5) stop.abort();
    });
    // Five looks take longer than its patience: if none counted as answered, the watch would end.
    const slow = { ...watch, everyMs: 300, answerWithinMs: 60_000, patienceMs: 1_000 };

    await expect(engineHangs(engine, { ...slow, signal: stop.signal })).rejects.toThrow(/abort/i);
    expect(questions).toBe(5);
  });
});
