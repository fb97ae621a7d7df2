import { writeFileSync } from 'node:fs';
import type { Edge } from '../edge/edge.ts';
import type { Connection } from '../engine/connect.ts';
import { portFree, portTaken } from '../engine/port.ts';
import type { Env, Say } from '../engine/run-program.ts';
import { localPlace } from '../place.ts';
import { addressFile } from './address.ts';
import { startFront } from './front.ts';
import { type Seeded, seed } from './seed.ts';
import { type Outside, startOutside } from './stand-ins.ts';
import { type LocalUser, makeUsers } from './users.ts';

/** The application in use: what is around it in a local run, and what was put into it. */
export interface RunningApp {
  readonly url: string;
  readonly users: readonly LocalUser[];
  readonly seeded: Seeded;
  readonly edge: Pick<Edge, 'judged' | 'notJudged'>;
  readonly outside: Pick<Outside, 'openai' | 'salesforce'>;
  stop(): Promise<void>;
}

/**
 * The ports of the edge and the stand-ins, after those of the engine and its console. Where the
 * engine's own is taken, whoever starts it says more.
 */
export const assertPortsFree = async (first: number): Promise<void> => {
  if (!(await portFree(first))) return;
  for (const port of [2, 3, 4].map((offset) => first + offset))
    if (!(await portFree(port))) throw portTaken(port);
};

interface StartOptions {
  readonly env: Env;
  readonly now: number;
  readonly say?: Say | undefined;
  /** The firewall believes `X-Forwarded-For`, so that one machine can be several clients. */
  readonly trustForwarded?: boolean;
}

/**
 * Fills the deployed application, makes its users, and starts what is around it: the edge, and what
 * stands in for others' services.
 */
export const startApp = async (
  connection: Connection,
  { env, now, say, trustForwarded = false }: StartOptions,
): Promise<RunningApp> => {
  const place = localPlace(connection);
  const began = performance.now();
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(stops.map((one) => one()));
  };
  const kept = async <Part extends { readonly stop: () => Promise<void> }>(
    starting: Promise<Part>,
  ): Promise<Part> => {
    const part = await starting;
    stops.push(() => part.stop());
    return part;
  };
  const parts = [
    kept(startFront(connection, { trustForwarded })),
    kept(startOutside(place, { port: connection.port, env, now })),
    seed(place, now),
    makeUsers(place, connection.runDir),
  ] as const;
  const [edge, outside, seeded, users] = await Promise.all(parts).catch(async (error: unknown) => {
    await Promise.allSettled(parts); // what starts meanwhile must be stopped too
    await stop();
    throw error;
  });
  const { url, judged, notJudged } = edge;
  writeFileSync(addressFile(connection.runDir), `${JSON.stringify({ url }, undefined, 2)}\n`);
  say?.(
    `${seeded.products} products and ${seeded.customers} customers, edge and stand-ins ` +
      `(${((performance.now() - began) / 1_000).toFixed(1)} s)`,
  );
  return { url, users, seeded, edge: { judged, notJudged }, outside, stop };
};
