/**
 * A table of the application: its keys, its indexes, and the questions that each answers. No
 * request scans a table.
 */
export interface AppTable {
  readonly key: readonly [partition: string, sort?: string];
  /** Name of the index → its keys. All attributes are projected, all keys are texts. */
  readonly indexes: Readonly<Record<string, readonly [partition: string, sort: string]>>;
  /** The attribute with the time at which an item expires (seconds since 1970). */
  readonly ttl?: string;
  readonly answers: readonly string[];
}

/**
 * The partition of an index that lists all items. One partition serves 3,000 units a second, which
 * is enough for some 100,000 products.
 */
export const listPartition = 'all';

export const appTables = {
  products: {
    key: ['id'],
    indexes: {
      byName: ['list', 'nameKey'],
      byPrice: ['list', 'priceKey'],
      byUpdate: ['list', 'updatedAt'],
    },
    answers: [
      'one product (id)',
      'a page of products by name, price or last change (list = all)',
      'who has an SKU (id = sku#…; not in any list)',
    ],
  },
  customers: {
    key: ['id'],
    indexes: { byName: ['list', 'nameKey'], pending: ['pending', 'changedAt'] },
    answers: [
      'one customer (id)',
      'several customers (ids)',
      'a page of customers by name (list = all)',
      'customers changed here that Salesforce does not know yet (pending, sparse)',
    ],
  },
  queries: {
    key: ['id'],
    indexes: { byOwner: ['owner', 'askedAt'] },
    ttl: 'expiresAt',
    answers: ['one question (id)', 'the questions of one user, newest first (owner)'],
  },
  budgets: {
    key: ['user', 'day'],
    indexes: {},
    ttl: 'expiresAt',
    answers: [
      'the tokens that a user has used today (user, day)',
      'the tokens that all users have used today (user = everybody, day)',
    ],
  },
  syncRuns: {
    key: ['run', 'entry'],
    indexes: {},
    ttl: 'expiresAt',
    answers: [
      'a run (run, entry = run)',
      'its activity, newest first (run, entry begins with activity#)',
      'the run that holds the lock',
      'the watermark of the poll',
    ],
  },
  idempotency: {
    key: ['key'],
    indexes: {},
    ttl: 'expiresAt',
    answers: ['what was answered to the same request before (key)'],
  },
} as const satisfies Readonly<Record<string, AppTable>>;

export type AppTableName = keyof typeof appTables;
