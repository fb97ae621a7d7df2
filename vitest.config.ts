import { defineConfig } from 'vitest/config';

/**
 * `unit` needs nothing but Node; `browser` needs /usr/bin/chromium; `engine` starts the local engine and talks to it over the network.
 * The time limits end what hangs; they judge no speed, so that a machine which is several times slower passes too.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/engine/**', 'test/browser/**'],
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 180_000 } },
      {
        test: {
          name: 'engine',
          include: ['test/engine/**/*.test.ts'],
          globalSetup: 'test/engine/environment.ts',
          testTimeout: 300_000,
          hookTimeout: 600_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
