import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningApp, startApp } from '../../local/app/start.ts';
import { makeUser, signIn } from '../../local/app/users.ts';
import { bringUp } from '../../local/engine/bring-up.ts';
import type { Connection } from '../../local/engine/connect.ts';
import { freePort } from '../../local/engine/port.ts';
import type { Env } from '../../local/engine/run-program.ts';
import { ensureVenv } from '../../local/engine/venv.ts';
import { localPlace } from '../../local/place.ts';
import { type Route, routes } from '../../protected-app/routes.ts';
import type { Counts } from '../test/counts.ts';
import { schemathesis } from './schemathesis.ts';

export interface ConformOptions {
  readonly root: string;
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly seed: number;
  /** Random cases for each operation and phase, besides those that the document implies. */
  readonly examples: number;
}

export interface Conformity {
  /** Cases as both users, and operations that had to succeed at least once. */
  readonly counts: Counts;
  /** What differs, in sentences; none where the API does what the document says. */
  readonly problems: readonly string[];
}

/**
 * Brings the application up alone, as `cordon app up` does, and lets Schemathesis judge it as a
 * standard user and as an administrator. Everything that was started is stopped, also after an
 * error or an abort.
 */
export const conform = async (options: ConformOptions): Promise<Conformity> => {
  const { root, env, signal, say } = options;
  say(`seed ${options.seed}; repeat with: npm run test:openapi -- --seed ${options.seed}`);
  const python = await pythonOf(options);
  const { engine, connection } = await bringUp({
    ...{ root, env, signal, say },
    ...{ port: await freePort(), by: 'test:openapi', only: 'CordonProtectedApp' },
  });
  try {
    const app = await startApp(connection, { env, now: Date.now(), say, trustForwarded: true });
    try {
      const ended = engine.ended.then((error) => Promise.reject(error));
      return await Promise.race([judge(options, { app, connection, python }), ended]);
    } finally {
      await app.stop();
    }
  } finally {
    await engine.stop();
  }
};

const pythonOf = async ({ root, env, signal, say }: ConformOptions): Promise<string> => {
  const requirements = join(root, 'tools/openapi/requirements.txt');
  const venv = { folder: 'openapi-venv', name: 'Schemathesis', requirements };
  return (await ensureVenv({ root, env, signal, say, ...venv })).python;
};

interface RunningTarget {
  readonly app: RunningApp;
  readonly connection: Connection;
  readonly python: string;
}

const random = ['examples', 'fuzzing', 'stateful'];

/** The coverage phase draws nothing by chance, so one user is enough for it. */
const phases = { standard: random, administrator: [...random, 'coverage'] } as const;

const judge = async (
  options: ConformOptions,
  { app, connection, python }: RunningTarget,
): Promise<Conformity> => {
  const users = await writeUsers(connection, app);
  const problems: string[] = [];
  let [passedCount, failedCount] = [0, 0];
  for (const user of ['standard', 'administrator'] as const) {
    options.say(`\nAs the user "${user}"`);
    const { hasFindings, served, passed, failed } = await schemathesis({
      ...{ ...options, python, user, users, phases: phases[user] },
      ...{ url: app.url, runDir: connection.runDir },
    });
    passedCount += passed;
    // A finding that belongs to no case, such as a schema that cannot be read, is one failure.
    failedCount += hasFindings ? Math.max(failed, 1) : failed;
    if (hasFindings) problems.push(`findings as ${user}, printed above`);
    if (user !== 'administrator') continue;
    const unserved = routes.map(labelOf).filter((label) => !served.includes(label));
    passedCount += routes.length - unserved.length;
    failedCount += unserved.length;
    if (unserved.length > 0)
      problems.push(`no success as ${user}, so nothing is proven: ${unserved.join(', ')}`);
  }
  return { counts: { passed: passedCount, failed: failedCount, skipped: 0 }, problems };
};

const labelOf = ({ method, path }: Route): string => `${method} ${path}`;

/** The users with a token each, as Schemathesis reads them (Web Fuzzing Commons). */
const writeUsers = async (connection: Connection, app: RunningApp): Promise<string> => {
  const place = localPlace(connection);
  const { user: neighbour } = await makeUser(place, 'neighbour@example.com', 'standard');
  const auth = await Promise.all(
    [...app.users, { ...neighbour, name: 'neighbour' }].map(async (user) => {
      const value = `Bearer ${await signIn(place, user)}`;
      return { name: user.name, fixedHeaders: [{ name: 'Authorization', value }] };
    }),
  );
  const file = join(connection.runDir, 'openapi-users.json');
  writeFileSync(file, JSON.stringify({ auth }), { mode: 0o600 });
  return file;
};
