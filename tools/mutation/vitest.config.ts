import { defineConfig } from 'vitest/config';

/** Which tests judge a mutant, and which of them do not; `npm run test:mutation` says it. */
const listed = (name: string): string[] => (process.env[name] ?? '').split(',').filter(Boolean);

/** The unit tests as Stryker runs them: with one seed, so that a mutant is always judged alike. */
export default defineConfig({
  test: {
    provide: { seed: 1, seedIsGiven: true, size: 'small' },
    include: listed('CORDON_MUTATION_TESTS'),
    exclude: listed('CORDON_MUTATION_SLOW'),
    isolate: false,
    globalSetup: 'test/support/temporary.ts',
    setupFiles: ['test/support/counting.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
