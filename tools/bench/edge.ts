import { readFileSync } from 'node:fs';
import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import { join } from 'node:path';
import { startEdge } from '../../local/edge/edge.ts';
import { readRuleset } from '../../local/edge/ruleset.ts';
import { type Line, spreadOf } from './statistics.ts';

const product = JSON.stringify({
  sku: 'LAMP-12',
  name: 'Lamp "Côte d\'Azur"',
  description: (
    "Oak, 120 x 80 cm, for 4 or 6 people; don't put it near water. " +
    'Select "warm" or \'cold\' light, price < 100 & weight = 2 kg. '
  ).repeat(6),
  category: 'Light',
  price: { amount: 1999, currency: 'EUR' },
  stock: 7,
  components: [],
});

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });

interface Ask {
  readonly port: number;
  readonly agent: Agent;
  readonly method: 'GET' | 'POST';
}

/**
 * One request, and how long its whole answer took. Each comes from an address of its own: the rate
 * rule is not what is measured.
 */
const ask = ({ port, agent, method }: Ask, count: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const query = method === 'GET' ? '?limit=20&q=o%27brien+lamp&sort=-price' : '';
    const path = `/live/products${query}`;
    const headers = {
      'x-forwarded-for': `10.${(count >> 14) & 127}.${(count >> 7) & 127}.${count & 127}`,
      'content-type': 'application/json',
    };
    const out = httpRequest({ host: '127.0.0.1', port, agent, method, path, headers }, (answer) => {
      if (answer.statusCode !== 200)
        reject(new Error(`an honest request was answered with ${answer.statusCode}`));
      answer.resume().once('end', () => resolve(performance.now() - began));
    });
    out.once('error', reject);
    out.end(method === 'POST' ? product : undefined);
  });

const perSecond = async (to: Ask, seconds: number): Promise<number> => {
  const until = performance.now() + seconds * 1000;
  let done = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      done += 1;
      await ask(to, done);
    }
  };
  await Promise.all(Array.from({ length: 32 }, client));
  return done / seconds;
};

/**
 * What the edge adds to a request: asked one at a time, with and without the edge in turn, before a
 * server that answers at once. Client, edge and server share one process, so the throughput is a
 * lower bound.
 */
export const edgeBench = async (assembly: string, rounds = 2000): Promise<Line[]> => {
  const template: unknown = JSON.parse(
    readFileSync(join(assembly, 'CordonProtectedApp.template.json'), 'utf8'),
  );
  const server = createServer((request, response) =>
    request.resume().once('end', () => response.end('{"items":[]}')),
  );
  const endpoint = `http://127.0.0.1:${await listening(server)}`;
  const edge = await startEdge({
    port: 0,
    endpoint,
    ruleset: readRuleset(template),
    apiId: 'a',
    stage: 'live',
    trustForwarded: true,
  });
  const agent = new Agent({ keepAlive: true });
  const lines: Line[] = [];
  for (const method of ['GET', 'POST'] as const) {
    const [directTimes, edgeTimes]: [number[], number[]] = [[], []];
    const [direct, through] = [
      { port: Number(new URL(endpoint).port), agent, method },
      { port: edge.port, agent, method },
    ];
    for (let round = -200; round < rounds; round += 1) {
      const directMs = await ask(direct, round & 0xffff);
      const edgeMs = await ask(through, round & 0xffff);
      if (round < 0) continue;
      directTimes.push(directMs);
      edgeTimes.push(edgeMs);
    }
    const [bare, edged] = [spreadOf(directTimes), spreadOf(edgeTimes)];
    const detail =
      `p50 ${bare.p50} → ${edged.p50} ms, p99 ${bare.p99} → ${edged.p99} ms ` +
      `(${rounds} each, in turn)`;
    lines.push({
      what: `the edge adds to a ${method}, at p50`,
      unit: 'ms',
      measured: edged.p50 - bare.p50,
      most: 5,
      detail,
    });
    const rate = await perSecond(through, 3);
    lines.push({
      what: `${method}s through the edge, 32 at a time`,
      unit: 'per second',
      measured: Math.round(rate),
    });
  }
  agent.destroy();
  await edge.stop();
  server.close().closeAllConnections();
  return lines;
};
