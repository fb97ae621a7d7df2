/** List prices of us-east-1 in USD for one unit, as public pages named them in 2026. Look again before you rely on a total. */
const prices = {
  asOf: '2026-06',
  's3 PUT and LIST': 0.005 / 1_000,
  's3 GET and HEAD': 0.0004 / 1_000,
  's3 storage, GB and month': 0.023,
  'cloudtrail data event': 0.1 / 100_000,
  'kms request': 0.03 / 10_000,
  'kms request with an asymmetric key': 0.15 / 10_000,
  'dynamodb write': 0.625 / 1_000_000,
  'dynamodb read': 0.125 / 1_000_000,
  'athena GB scanned': 0.005,
  'lambda GB-second (arm64)': 0.0000133334,
  'lambda invocation': 0.2 / 1_000_000,
  'step functions transition': 0.025 / 1_000,
} as const;

type Unit = Exclude<keyof typeof prices, 'asOf'>;

/**
 * Calls of one whole incident, from the finding to the seal, as the engine recorded them on 2026-11-21 for a function with three
 * versions, an alias and a layer: 65 PutObject, 1 ListObjectVersions, 68 HeadObject, 21 GetObject, 1 Sign, 1 GetPublicKey, 4 transactions
 * (of about 5 items, each counted twice), 13 UpdateItem, 19 PutItem, 20 Query of the whole incident (about 15 units each), 2 Athena
 * queries (10 MB is the least that is charged), 14 states entered. Encryption: one KMS request for each object access, the most that
 * a bucket key leaves. Lambda: measured durations, rounded up.
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
    .map((unit) => ({ unit, count: counted[unit], sum: counted[unit] * prices[unit] }));
  const total = rows.reduce((sum, row) => sum + row.sum, 0);
  return [
    `Prices as of ${prices.asOf}, us-east-1.`,
    '',
    '| What | Count | USD |',
    '|---|---|---|',
    ...rows.map(({ unit, count, sum }) => `| ${unit} | ${count} | ${usd(sum)} |`),
    `| **one incident** | | **${usd(total)}** |`,
    `| **100 incidents** | | **${(100 * total).toFixed(2)}** |`,
  ].join('\n');
};
