import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { isRefused } from '../shared/errors.ts';
import type { Head } from './case.ts';
import { toItem } from './items.ts';
import { headKey, incidentKey } from './keys.ts';
import type { Proposal } from './question.ts';
import type { Table } from './table.ts';
import { countedYeses, type GivenYes } from './yeses.ts';

const unansweredSince =
  '#state = :state AND #round = :round AND finding.revisions = :revisions AND ' +
  '(attribute_not_exists(yeses) OR size(yeses) = :count)';

/**
 * Stores the yes of a first person, unless the question has changed since it was read: `false`.
 * From then on the question says that two persons must approve.
 */
export const recordYes = async (
  { dynamo, name }: Table,
  head: Head,
  yes: GivenYes,
  proposal: Proposal,
): Promise<boolean> => {
  try {
    await dynamo.send(
      new UpdateItemCommand({
        TableName: name,
        Key: { pk: { S: incidentKey(head.id) }, sk: { S: headKey } },
        UpdateExpression: 'SET yeses = :yeses, proposal = :proposal',
        ConditionExpression: unansweredSince,
        ExpressionAttributeNames: { '#state': 'state', '#round': 'round' },
        ExpressionAttributeValues: toItem({
          ':yeses': [...countedYeses(head), yes],
          ':proposal': { ...proposal, twoPersons: true },
          ':state': head.state,
          ':round': head.round,
          ':revisions': head.finding.revisions,
          ':count': head.yeses?.length ?? 0,
        }),
      }),
    );
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
};
