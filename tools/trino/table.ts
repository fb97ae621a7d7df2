import { columns } from '../../infra/response/cloudtrail-columns.ts';
import { query } from './query.ts';

/** `a:string,b:struct<c:string>` at the commas of this level. */
const split = (inner: string): readonly string[] => {
  let depth = 0;
  const parts = [''];
  for (const character of inner) {
    depth += Number(character === '<') - Number(character === '>');
    if (character === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop()}${character}`);
  }
  return parts;
};

/** Hive's type, as Trino spells it. */
const typeOf = (hive: string): string => {
  const [, kind = hive, inner = ''] = /^(\w+)<(.*)>$/.exec(hive) ?? [];
  if (kind === 'array') return `array(${typeOf(inner)})`;
  if (kind === 'map') return `map(${split(inner).map(typeOf).join(', ')})`;
  if (kind !== 'struct') return 'varchar';
  const fields = split(inner).map(
    (field) => [field.slice(0, field.indexOf(':')), field.slice(field.indexOf(':') + 1)] as const,
  );
  return `row(${fields.map(([name, type]) => `"${name}" ${typeOf(type)}`).join(', ')})`;
};

const list = (values: readonly string[]): string =>
  `ARRAY[${values.map((text) => `'${text}'`).join(', ')}]`;

/** Settings of a projected partition, as Trino spells them. */
const settings = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `partition_projection_${name} = ${value}`)
    .join(', ');

const projectedDays = {
  type: "'date'",
  format: "'yyyy/MM/dd'",
  range: "ARRAY['2020/01/01', 'NOW']",
  interval: '1',
  interval_unit: "'DAYS'",
};

/**
 * The columns and partitions of the product's table, over the same files. Trino does not have the
 * reader that AWS documents for CloudTrail's files, so that `Records` is unwrapped by a view of the
 * table's name.
 */
export const declare = async (
  endpoint: string,
  {
    bucket,
    accounts,
    regions,
  }: { bucket: string; accounts: readonly string[]; regions: readonly string[] },
): Promise<void> => {
  const location = `s3://${bucket}/AWSLogs`;
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const fields = columns.map(({ name, type }) => `"${name}" ${typeOf(type)}`).join(', ');
  await query(endpoint, `CREATE SCHEMA cordon`);
  await query(
    endpoint,
    `CREATE TABLE files (
  records array(row(${fields})),
  account varchar WITH (${settings({ type: "'enum'", values: list(accounts) })}),
  region varchar WITH (${settings({ type: "'enum'", values: list(regions) })}),
  day varchar WITH (${settings(projectedDays)})
) WITH (
  external_location = '${location}',
  format = 'OPENX_JSON',
  partitioned_by = ARRAY['account', 'region', 'day'],
  partition_projection_enabled = true,
  partition_projection_location_template =
    '${location}/\${account}/CloudTrail/\${region}/\${day}'
)`,
  );
  await query(
    endpoint,
    'CREATE VIEW cloudtrail AS SELECT r.*, account, region, day ' +
      `FROM files CROSS JOIN UNNEST(records) AS r(${names})`,
  );
};
