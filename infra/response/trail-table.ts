import { columns } from './cloudtrail-columns.ts';

/**
 * As AWS documents the table, with account and region projected beside the day, so that no query
 * can leave them out cheaply.
 */
export const trailTable = ({
  name,
  location,
  accounts,
  regions,
}: {
  name: string;
  location: string;
  accounts: readonly string[];
  regions: readonly string[];
}) => ({
  name,
  tableType: 'EXTERNAL_TABLE',
  partitionKeys: ['account', 'region', 'day'].map((key) => ({ name: key, type: 'string' })),
  parameters: {
    EXTERNAL: 'TRUE',
    'projection.enabled': 'true',
    'projection.account.type': 'enum',
    'projection.account.values': accounts.join(','),
    'projection.region.type': 'enum',
    'projection.region.values': regions.join(','),
    'projection.day.type': 'date',
    'projection.day.format': 'yyyy/MM/dd',
    'projection.day.range': '2020/01/01,NOW',
    'projection.day.interval': '1',
    'projection.day.interval.unit': 'DAYS',
    'storage.location.template': `${location}/\${account}/CloudTrail/\${region}/\${day}`,
  },
  storageDescriptor: {
    location: `${location}/`,
    inputFormat: 'com.amazon.emr.cloudtrail.CloudTrailInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serdeInfo: { serializationLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe' },
    columns: [...columns],
  },
});
