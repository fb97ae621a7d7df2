import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import type { Size } from './test/support/run.ts';
import { timesReporter } from './test/support/times.ts';

/** A red run is repeated with CORDON_SEED; CORDON_SIZE=full is what `npm run bench` runs. */
const { CORDON_SEED: given, CORDON_SIZE } = process.env;
const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
if (!Number.isInteger(seed)) throw new Error(`CORDON_SEED: wanted a whole number, got ${given}`);
const size: Size = CORDON_SIZE === 'full' ? 'full' : 'small';
/** Nothing in full size has a time of its own: the bench says how long it took. */
const atMost = (ms: number): number => (size === 'full' ? 3_600_000 : ms);
const setupFiles = 'test/support/counting.ts';

/**
 * `unit` needs nothing but Node; `browser` needs /usr/bin/chromium; `engine` starts the local
 * engine and talks to it over the network. The time limits end what hangs; they judge no speed, so
 * that a machine which is several times slower passes too.
 */
export default defineConfig({
  test: {
    reporters: ['default', timesReporter(seed)],
    // What was run before is compiled already, in the tests and in what they start.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, '.cordon/node') },
    provide: { seed, seedIsGiven: given !== undefined, size },
    // `npm run test:coverage`: the rooms that decide what is done to an account, each for itself.
    coverage: {
      provider: 'v8',
      include: ['responders/{finding,decide,contain}/**/*.ts'],
      reporter: ['text'],
      reportsDirectory: '.cordon/coverage',
      thresholds: Object.fromEntries(
        ['finding', 'decide', 'contain'].map((room) => [
          `responders/${room}/**/*.ts`,
          { lines: 95, branches: 95 },
        ]),
      ),
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // As the sites find the parts that they share.
          alias: { '@kit': join(import.meta.dirname, 'pages-kit/src') },
          include: ['test/{unit,structure}/**/*.test.ts'],
          // Files of a worker share what they import: loading the SDK and the CDK anew for each file
          // took longer than most tests. A test that changes something global takes it back.
          isolate: false,
          // These tests mostly wait: one takes about a third of a core.
          maxWorkers: 3,
          globalSetup: 'test/support/temporary.ts',
          setupFiles,
          testTimeout: atMost(300_000),
          hookTimeout: atMost(300_000),
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: 'test/support/temporary.ts',
          setupFiles,
          testTimeout: atMost(180_000),
          hookTimeout: atMost(180_000),
          // By itself Vitest gives up after a second, which is too short for a slow machine.
          expect: { poll: { timeout: atMost(60_000) } },
        },
      },
      {
        extends: true,
        test: {
          name: 'engine',
          include: ['test/engine/**/*.test.ts'],
          globalSetup: ['test/support/temporary.ts', 'test/support/lender.ts'],
          setupFiles,
          testTimeout: atMost(300_000),
          hookTimeout: atMost(600_000),
          // These tests mostly wait: one takes about a third of a core.
          maxWorkers: 3,
        },
      },
    ],
  },
});
