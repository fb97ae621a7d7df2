import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  TransactionConflictException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { customerKeys } from '../../shared/customer-item.ts';
import type { TableHandle } from '../../shared/table.ts';
import { type ContactDetails, detailNames, type SalesforceContact } from './contact.ts';

/**
 * `unchanged`: the copy has this version or a newer one. `kept`: a later change waits here to be
 * pushed. `overruled`: an earlier change that waited here was replaced.
 */
export type TakeOverResult = 'stored' | 'deleted' | 'unchanged' | 'kept' | 'overruled';

/**
 * Copies one contact in one conditional write, so that the newest version stays whatever the order,
 * the number of repetitions and the concurrency. Between a change in Salesforce and a pending one
 * here the later one wins; a deletion in Salesforce deletes the copy.
 */
export const takeOver = async (
  customers: TableHandle,
  contact: SalesforceContact,
  attemptsLeft = 5,
): Promise<TakeOverResult> => {
  const { details } = contact;
  try {
    const before =
      details === null
        ? await remove(customers, contact)
        : await store(customers, contact, details);
    if (before?.pending !== undefined) return 'overruled';
    return details === null ? 'deleted' : 'stored';
  } catch (error) {
    // A push is writing the same customer.
    if (error instanceof TransactionConflictException && attemptsLeft > 1)
      return takeOver(customers, contact, attemptsLeft - 1);
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return details !== null && error.Item?.pending !== undefined ? 'kept' : 'unchanged';
  }
};

const store = async (
  { client, name: table }: TableHandle,
  { id, modifiedAt, editedAt }: SalesforceContact,
  details: ContactDetails,
) => {
  const fields = { ...details, modifiedAt, ...customerKeys(details.name) };
  const assignments = Object.keys(fields)
    .map((name) => `#${name} = :${name}`)
    .join(', ');
  const otherContents = detailNames.map((name) => `#${name} <> :${name}`).join(' OR ');
  // Timestamps have whole seconds: other contents with the same timestamp are a second change.
  const isNewer = `#modifiedAt < :modifiedAt OR (#modifiedAt = :modifiedAt AND (${otherContents}))`;
  const isNotEditedSince = 'attribute_not_exists(#pending) OR #changedAt <= :editedAt';
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: marshall({ id }),
      UpdateExpression: `SET ${assignments} REMOVE #pending, #changedAt ADD #version :one`,
      ConditionExpression: `attribute_not_exists(#id) OR ((${isNewer}) AND (${isNotEditedSince}))`,
      ExpressionAttributeNames: namesOf([
        ...Object.keys(fields),
        'id',
        'pending',
        'changedAt',
        'version',
      ]),
      ExpressionAttributeValues: marshall({
        ...valuesOf(fields),
        ':editedAt': editedAt,
        ':one': 1,
      }),
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
  return Attributes;
};

const remove = async (
  { client, name: table }: TableHandle,
  { id, modifiedAt }: SalesforceContact,
) => {
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

const valuesOf = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`:${name}`, value]));
