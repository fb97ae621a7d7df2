/** Files whose mutants are judged together, by the tests that are about them. */
export interface MutationShard {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  /** Tests that take longer than all others together, and go the same ways as those. */
  readonly slow?: readonly string[];
}

const contain = 'test/unit/responders/contain';

/** The rooms that decide what is done to an account. */
export const shards = {
  finding: {
    mutate: ['responders/finding/**/*.ts'],
    tests: ['test/unit/responders/finding/**/*.test.ts'],
  },
  decide: {
    mutate: ['responders/decide/**/*.ts'],
    tests: ['test/unit/responders/decide/**/*.test.ts'],
  },
  contain: {
    mutate: ['responders/contain/**/*.ts'],
    tests: [`${contain}/**/*.test.ts`],
    slow: [
      'containment.observe',
      'finding-types',
      'release.identity',
      'steering.model',
      'sweep.many',
      'turn.interleavings',
      'watch',
    ].map((name) => `${contain}/${name}.test.ts`),
  },
} as const satisfies Readonly<Record<string, MutationShard>>;

export type ShardName = keyof typeof shards;

export const isShard = (name: string): name is ShardName => Object.hasOwn(shards, name);
