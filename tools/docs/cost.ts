/** What a price is for, what it was found in, and how sure that is. */
interface Price {
  readonly usd: number;
  /** The price as it is usually written. */
  readonly list: string;
  readonly source: string;
  /** Of the source; a stored copy of a page often has none. */
  readonly dated: string;
  /**
   * AWS's own page said it, or two others independently; otherwise it is a number to look up before
   * you rely on it.
   */
  readonly confirmed: boolean;
}

/**
 * All were looked up on this day, in stored copies of public pages; AWS's price pages themselves
 * were not at hand for most of them.
 */
const lookedUp = '2026-11-21';

const devnotes = 'devnotes.tech, S3 pricing with examples';

/** List prices of us-east-1 in USD for one unit. Free tiers are not taken off. */
const prices = {
  's3 PUT and LIST': {
    usd: 0.005 / 1_000,
    list: '0.005 per 1,000',
    source: `${devnotes}; athena.guide`,
    dated: '–',
    confirmed: true,
  },
  's3 GET and HEAD': {
    usd: 0.0004 / 1_000,
    list: '0.0004 per 1,000',
    source: `${devnotes}; athena.guide`,
    dated: '–',
    confirmed: true,
  },
  's3 storage, GB and month': {
    usd: 0.023,
    list: '0.023',
    source: devnotes,
    dated: '–',
    confirmed: false,
  },
  'cloudtrail data event': {
    usd: 0.1 / 100_000,
    list: '0.10 per 100,000',
    source: 'aws.amazon.com/cloudtrail/pricing; c3x.dev',
    dated: '–',
    confirmed: true,
  },
  'kms request': {
    usd: 0.03 / 10_000,
    list: '0.03 per 10,000',
    source: 'factualminds.com; wring.co',
    dated: '2026-06-13; 2026-03-15',
    confirmed: true,
  },
  'kms request with an asymmetric key': {
    usd: 0.15 / 10_000,
    list: '0.15 per 10,000',
    source: 'factualminds.com; wring.co says 0.03',
    dated: '2026-06-13; 2026-03-15',
    confirmed: false,
  },
  'dynamodb write': {
    usd: 0.625 / 1_000_000,
    list: '0.625 per million',
    source: 'airbyte.com',
    dated: '2025-07-21',
    confirmed: false,
  },
  'dynamodb read': {
    usd: 0.125 / 1_000_000,
    list: '0.125 per million',
    source: 'airbyte.com',
    dated: '2025-07-21',
    confirmed: false,
  },
  'athena GB scanned': {
    usd: 0.005,
    list: '5 per TB, 10 MB at least',
    source: 'athena.guide; kindatechnical.com',
    dated: '–',
    confirmed: true,
  },
  'lambda GB-second (arm64)': {
    usd: 0.0000133334,
    list: '0.0000133334',
    source: 'cloudchipr.com; lambda-13-cost.md at git.mcrn.ar',
    dated: '2024; 2026-05-11',
    confirmed: true,
  },
  'lambda invocation': {
    usd: 0.2 / 1_000_000,
    list: '0.20 per million',
    source: 'lambda-13-cost.md at git.mcrn.ar',
    dated: '2026-05-11',
    confirmed: false,
  },
  'step functions transition': {
    usd: 0.025 / 1_000,
    list: '0.025 per 1,000',
    source: 'aws.amazon.com/step-functions/pricing',
    dated: '–',
    confirmed: true,
  },
} as const satisfies Readonly<Record<string, Price>>;

type Unit = keyof typeof prices;

/**
 * Calls of one whole incident, from the finding to the seal, as the engine recorded them on
 * 2026-11-21 for a function with three versions, an alias and a layer: 65 PutObject, 1
 * ListObjectVersions, 68 HeadObject, 21 GetObject, 1 Sign, 1 GetPublicKey, 4 transactions (of about
 * 5 items, each counted twice), 13 UpdateItem, 19 PutItem, 20 Query of the whole incident (about 15
 * units each), 2 Athena queries (10 MB is the least that is charged), 14 states entered.
 * Encryption: one KMS request for each object access, the most that a bucket key leaves. Lambda:
 * measured durations, rounded up.
 */
const counted: Readonly<Record<Unit, number>> = {
  's3 PUT and LIST': 66,
  's3 GET and HEAD': 89,
  's3 storage, GB and month': 0.0003,
  'cloudtrail data event': 155,
  'kms request': 154,
  'kms request with an asymmetric key': 2,
  'dynamodb write': 72,
  'dynamodb read': 303,
  'athena GB scanned': 0.02,
  'lambda GB-second (arm64)': 20,
  'lambda invocation': 12,
  'step functions transition': 14,
};

const isUnit = (name: string): name is Unit => name in counted;
const usd = (value: number): string => value.toFixed(6);

/** What one incident costs: counted calls times list prices. */
export const cost = (): string => {
  const rows = Object.keys(counted)
    .filter(isUnit)
    .map((unit) => ({
      unit,
      count: counted[unit],
      price: prices[unit],
      sum: counted[unit] * prices[unit].usd,
    }));
  const total = rows.reduce((sum, row) => sum + row.sum, 0);
  const open = rows.filter(({ price }) => !price.confirmed).reduce((sum, row) => sum + row.sum, 0);
  return [
    `List prices of us-east-1 in USD, looked up on ${lookedUp} in stored copies of the pages ` +
      'named; **?** marks what only one page said, or',
    `another page says otherwise. Those are ${Math.round((100 * open) / total)} % of the sum.`,
    '',
    '| What | Count | Price | Found in | Its date | USD |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      ({ unit, count, price: { list, source, dated, confirmed }, sum }) =>
        `| ${unit} | ${count} | ${list}${confirmed ? '' : ' **?**'} ` +
        `| ${source} | ${dated} | ${usd(sum)} |`,
    ),
    `| **one incident** | | | | | **${usd(total)}** |`,
    `| **100 incidents** | | | | | **${(100 * total).toFixed(2)}** |`,
  ].join('\n');
};
