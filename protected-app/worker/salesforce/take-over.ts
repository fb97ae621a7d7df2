import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  TransactionConflictException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { customerKeys } from '../../shared/customer-item.ts';
import type { Table } from '../../shared/table.ts';
import { type Contact, type Details, detailNames } from './contact.ts';

/**
 * `unchanged`: we have it, or something newer. `kept`: a later change of ours waits to be pushed.
 * `overruled`: an earlier one was replaced.
 */
export type Taken = 'stored' | 'deleted' | 'unchanged' | 'kept' | 'overruled';

/**
 * Brings one customer to what Salesforce says, in one conditional write: however often, in whatever
 * order and by however many at once records arrive, the newest stays. Between a change there and
 * one that waits here, the later one wins; what was deleted there is deleted here.
 */
export const takeOver = async (customers: Table, contact: Contact, tries = 5): Promise<Taken> => {
  const { details } = contact;
  try {
    const before =
      details === null
        ? await remove(customers, contact)
        : await store(customers, contact, details);
    if (before?.pending !== undefined) return 'overruled';
    return details === null ? 'deleted' : 'stored';
  } catch (error) {
    // A push settles this customer at the same moment.
    if (error instanceof TransactionConflictException && tries > 1)
      return takeOver(customers, contact, tries - 1);
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return details !== null && error.Item?.pending !== undefined ? 'kept' : 'unchanged';
  }
};

const store = async (
  { client, name: table }: Table,
  { id, modifiedAt, editedAt }: Contact,
  details: Details,
) => {
  const written = { ...details, modifiedAt, ...customerKeys(details.name) };
  const set = Object.keys(written).map((name) => `#${name} = :${name}`);
  const differs = detailNames.map((name) => `#${name} <> :${name}`).join(' OR ');
  // A stamp has whole seconds: the same stamp with other contents is a second change within the
  // second.
  const newer = `#modifiedAt < :modifiedAt OR (#modifiedAt = :modifiedAt AND (${differs}))`;
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: marshall({ id }),
      UpdateExpression: `SET ${set.join(', ')} REMOVE #pending, #changedAt ADD #version :one`,
      ConditionExpression: `attribute_not_exists(#id) OR ((${newer}) AND (attribute_not_exists(#pending) OR #changedAt <= :editedAt))`,
      ExpressionAttributeNames: namesOf([
        ...Object.keys(written),
        'id',
        'pending',
        'changedAt',
        'version',
      ]),
      ExpressionAttributeValues: marshall({
        ...prefixed(written),
        ':editedAt': editedAt,
        ':one': 1,
      }),
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
  return Attributes;
};

const remove = async ({ client, name: table }: Table, { id, modifiedAt }: Contact) => {
  const { Attributes } = await client.send(
    new DeleteItemCommand({
      TableName: table,
      Key: marshall({ id }),
      ConditionExpression: 'attribute_exists(#id) AND #modifiedAt <= :modifiedAt',
      ExpressionAttributeNames: namesOf(['id', 'modifiedAt']),
      ExpressionAttributeValues: marshall({ ':modifiedAt': modifiedAt }),
      ReturnValues: 'ALL_OLD',
    }),
  );
  return Attributes;
};

const namesOf = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`#${name}`, name]));

const prefixed = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value]));
