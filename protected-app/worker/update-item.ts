import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

type Attributes = Readonly<Record<string, unknown>>;

interface UpdateOptions {
  readonly condition: string;
  readonly values?: Attributes;
  readonly add?: Readonly<Record<string, number>>;
}

/**
 * Builds an update: `{ a: 1 }` becomes `SET #a = :a`, and fields that are undefined are removed.
 */
export const updateItem = (
  TableName: string,
  key: Readonly<Record<string, string>>,
  assigned: Attributes,
  { condition, values: conditionValues = {}, add = {} }: UpdateOptions,
): TransactWriteItem => {
  const fields = Object.entries(assigned);
  const fieldNames = (isSet: boolean) =>
    fields.filter(([, value]) => (value !== undefined) === isSet).map(([name]) => name);
  const clause = (verb: string, terms: readonly string[]) =>
    terms.length > 0 ? [`${verb} ${terms.join(', ')}`] : [];
  const names = [
    ...fields.map(([name]) => name),
    ...Object.keys(add),
    ...[...condition.matchAll(/#(\w+)/g)].map(([, name = '']) => name),
  ];
  return {
    Update: {
      TableName,
      Key: marshall(key),
      UpdateExpression: [
        ...clause(
          'SET',
          fieldNames(true).map((name) => `#${name} = :${name}`),
        ),
        ...clause(
          'REMOVE',
          fieldNames(false).map((name) => `#${name}`),
        ),
        ...clause(
          'ADD',
          Object.keys(add).map((name) => `#${name} :${name}`),
        ),
      ].join(' '),
      ConditionExpression: condition,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: marshall(
        Object.fromEntries(
          Object.entries({ ...assigned, ...add, ...conditionValues }).map(([name, value]) => [
            `:${name}`,
            value,
          ]),
        ),
        { removeUndefinedValues: true },
      ),
    },
  };
};
