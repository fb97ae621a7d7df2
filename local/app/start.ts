import { writeFileSync } from 'node:fs';
import type { Edge } from '../edge/edge.ts';
import type { Connection } from '../engine/connect.ts';
import { portFree, portTaken } from '../engine/port.ts';
import type { Env, Say } from '../engine/run-program.ts';
import { localPlace } from '../place.ts';
import { type LocalSite, siteAddress, startSite } from '../site.ts';
import { addressFile } from './address.ts';
import { startFront } from './front.ts';
import { type Seeded, seed } from './seed.ts';
import { type ExternalServices, startExternalServices } from './stand-ins.ts';
import { type LocalUser, makeUsers } from './users.ts';

const shop: LocalSite = {
  ...{ name: 'shop', stack: 'CordonProtectedApp' },
  outputs: {
    domain: 'PagesDomainName',
    userPoolId: 'UserPoolId',
    userPoolClientId: 'UserPoolClientId',
  },
};

/** The deployed application with its edge, its stand-ins, its users and its sample data. */
export interface RunningApp {
  readonly url: string;
  /** Where a browser finds the front end. */
  readonly pages: string;
  readonly users: readonly LocalUser[];
  readonly seeded: Seeded;
  readonly edge: Pick<Edge, 'judged' | 'notJudged'>;
  readonly outside: Pick<ExternalServices, 'openai' | 'salesforce'>;
  stop(): Promise<void>;
}

/**
 * Fails when a port of a console, the edge or a stand-in is in use; they follow the port of the
 * engine. If the port of the engine itself is in use, this passes: the start of the engine
 * fails later, with a better message.
 */
export const assertPortsFree = async (enginePort: number): Promise<void> => {
  if (!(await portFree(enginePort))) return;
  for (const port of [2, 3, 4, 5, 6].map((offset) => enginePort + offset))
    if (!(await portFree(port))) throw portTaken(port);
};

interface AppOptions {
  readonly env: Env;
  readonly now: number;
  readonly say?: Say | undefined;
  /** The firewall trusts `X-Forwarded-For`, so that one machine can play several clients. */
  readonly trustForwarded?: boolean;
}

/**
 * Fills the deployed application with sample data, makes its users, and starts the edge and the
 * stand-ins.
 */
export const startApp = async (
  connection: Connection,
  { env, now, say, trustForwarded = false }: AppOptions,
): Promise<RunningApp> => {
  const place = localPlace(connection);
  const began = performance.now();
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(stops.map((stopPart) => stopPart()));
  };
  const stoppable = async <Part extends { readonly stop: () => Promise<void> }>(
    starting: Promise<Part>,
  ): Promise<Part> => {
    const part = await starting;
    stops.push(() => part.stop());
    return part;
  };
  const parts = [
    stoppable(startFront(connection, { trustForwarded })),
    stoppable(startExternalServices(place, { port: connection.port, env, now })),
    seed(place, now),
    makeUsers(place, connection.runDir),
    stoppable(
      startSite(place, shop, {
        port: connection.port + 5,
        api: `http://127.0.0.1:${connection.port + 2}/v1`,
      }),
    ),
  ] as const;
  const [edge, outside, seeded, users] = await Promise.all(parts).catch(async (error: unknown) => {
    await Promise.allSettled(parts); // wait, so that parts that still start are stopped as well
    await stop();
    throw error;
  });
  const { url, judged, notJudged } = edge;
  writeFileSync(addressFile(connection.runDir), `${JSON.stringify({ url }, undefined, 2)}\n`);
  say?.(
    `${seeded.products} products and ${seeded.customers} customers, edge and stand-ins ` +
      `(${((performance.now() - began) / 1_000).toFixed(1)} s)`,
  );
  const pages = siteAddress(shop.name, connection.port + 5);
  return { url, pages, users, seeded, edge: { judged, notJudged }, outside, stop };
};
