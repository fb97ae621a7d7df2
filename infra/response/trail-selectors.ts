import { Aws } from 'aws-cdk-lib';
import type { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { functions } from '../../responders/functions.ts';
import { functionRole } from '../shared/names.ts';

const kinds = {
  s3: 'AWS::S3::Object',
  dynamodb: 'AWS::DynamoDB::Table',
  lambda: 'AWS::Lambda::Function',
} as const;

/**
 * Management events, and the data events of what is named. The trail's own bucket must never be
 * among them: every delivery would be an event.
 */
export const selectorsOf = (
  recorded: readonly string[],
): CfnTrail.AdvancedEventSelectorProperty[] => [
  {
    name: 'Management events',
    fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }],
  },
  ...Object.entries(kinds).flatMap(([service, type]) => {
    const startsWith = recorded.filter((arn) => arn.split(':')[2] === service);
    const fieldSelectors = [
      { field: 'eventCategory', equalTo: ['Data'] },
      { field: 'resources.type', equalTo: [type] },
      { field: 'resources.ARN', startsWith },
    ];
    return startsWith.length > 0 ? [{ name: `Data events: ${service}`, fieldSelectors }] : [];
  }),
];

/**
 * Who but the functions used the case table, or tried to. The functions themselves would fill the
 * trail with their own work; nobody else can have a role of their name.
 */
export const byOthers = (
  { tableArn }: Table,
  suffix: string,
): CfnTrail.AdvancedEventSelectorProperty => ({
  name: 'Data events: the case table, by others than its functions',
  fieldSelectors: [
    { field: 'eventCategory', equalTo: ['Data'] },
    { field: 'resources.type', equalTo: [kinds.dynamodb] },
    { field: 'resources.ARN', equalTo: [tableArn] },
    {
      field: 'userIdentity.arn',
      notStartsWith: functions.map(
        ({ name }) =>
          `arn:${Aws.PARTITION}:sts::${Aws.ACCOUNT_ID}:assumed-role/` +
          `${functionRole(name, suffix)}/`,
      ),
    },
  ],
});
