import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { assertPortsFree } from '../../../../local/app/start.ts';
import { freePort } from '../../../../local/engine/port.ts';

const listening = async (port: number) => {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { stop: () => new Promise((done) => server.close(done)) };
};

it('a taken port of the edge is said at once, with who has it', async () => {
  const first = await freePort();
  await assertPortsFree(first);
  const taken = await listening(first + 2);
  await expect(assertPortsFree(first)).rejects.toThrow(
    `port ${first + 2} is in use by process ${process.pid}`,
  );
  await taken.stop();
});

it('where the engine’s own port is taken nothing is said of the others', async () => {
  const first = await freePort();
  const [engine, edge] = [await listening(first), await listening(first + 2)];
  await assertPortsFree(first);
  await Promise.all([engine.stop(), edge.stop()]);
});
