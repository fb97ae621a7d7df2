// The client of PostgreSQL that applications use: fetched once for these tests alone.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensurePackages } from '../../../local/engine/services/packages.ts';

const root = join(import.meta.dirname, '../../..');

export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

interface Client {
  connect(): Promise<unknown>;
  query(sql: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

const pg = async (): Promise<new (login: Login) => Client> => {
  const folder = await ensurePackages(
    {
      what: 'the client of PostgreSQL for tests',
      list: join(import.meta.dirname, 'clients'),
      proof: 'pg/package.json',
    },
    { root, env: process.env },
  );
  return createRequire(join(folder, 'package.json'))('pg').Client;
};

/** Runs `work` with an open connection. */
export const connected = async <T>(
  login: Login,
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  const client = new (await pg())(login);
  client.on('error', () => undefined); // the end of the server; the next query fails
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};
