import { marshall } from '@aws-sdk/util-dynamodb';
import type { CustomerItem } from '../../shared/customer-item.ts';
import type { CountMetric } from '../../shared/metrics.ts';
import { type TableHandle, type TransactionStep, transact } from '../../shared/table.ts';
import type { SalesforceClient } from './client.ts';
import {
  contactFields,
  contactOf,
  haveSamePushedFields,
  pushedFieldsOf,
  type SalesforceContact,
} from './contact.ts';
import type { ClaimedRun } from './push-run.ts';

export interface PushBatch {
  readonly run: ClaimedRun;
  readonly salesforce: SalesforceClient;
  readonly customers: TableHandle;
  readonly count: CountMetric;
}

/** The most that one update may hold. */
export const maxContactsPerUpdate = 200;
/** A transaction has at most 100 writes. Two of them are the counters and a line of activity. */
const maxSteps = 98;

/** Pushes at most 200 customers, and records the result of each. */
export const pushBatch = async (
  batch: PushBatch,
  waiting: readonly CustomerItem[],
): Promise<void> => {
  const remoteContacts = await readRemoteContacts(batch.salesforce, waiting);
  const verdicts = waiting.map((item) => ({
    item,
    verdict: verdictOn(item, remoteContacts.get(item.id)),
  }));
  const itemsWith = (wantedVerdict: PushVerdict) =>
    verdicts.flatMap(({ item, verdict }) => (verdict === wantedVerdict ? [item] : []));
  const pushed = await sendChanges(batch.salesforce, itemsWith('push'));
  await markPushed(batch, [
    ...itemsWith('same'),
    ...pushed.flatMap(({ item, refusal }) => (refusal === null ? [item] : [])),
  ]);
  await recordFailures(batch, [
    ...itemsWith('gone').map(
      ({ id }) => `${id} is deleted in Salesforce, or the integration user may not see it`,
    ),
    ...pushed.flatMap(({ item, refusal }) =>
      refusal === null ? [] : [`${item.id} was refused by Salesforce: ${refusal}`],
    ),
  ]);
  await recordActivity(
    batch,
    itemsWith('later').map(
      ({ id }) => `${id} was changed later in Salesforce: the next poll copies that change`,
    ),
  );
};

/** `same`: Salesforce has the change already, from a push that stopped before it was recorded. */
type PushVerdict = 'push' | 'same' | 'gone' | 'later';

const verdictOn = (item: CustomerItem, remote: SalesforceContact | undefined): PushVerdict => {
  if (remote === undefined || remote.details === null) return 'gone';
  if (haveSamePushedFields(item, remote.details)) return 'same';
  return remote.editedAt > (item.changedAt ?? '') ? 'later' : 'push';
};

const readRemoteContacts = async (
  salesforce: SalesforceClient,
  items: readonly CustomerItem[],
): Promise<ReadonlyMap<string, SalesforceContact>> => {
  const ids = items.map(({ id }) => `'${id}'`).join(', ');
  const contactsById = new Map<string, SalesforceContact>();
  for await (const records of salesforce.query(
    `SELECT ${contactFields} FROM Contact WHERE Id IN (${ids})`,
  ))
    for (const record of records) {
      const contact = contactOf(record);
      if (contact) contactsById.set(contact.id, contact);
    }
  return contactsById;
};

const sendChanges = async (salesforce: SalesforceClient, customers: readonly CustomerItem[]) => {
  if (customers.length === 0) return [];
  const results = await salesforce.update(
    customers.map((item) => ({ id: item.id, ...pushedFieldsOf(item) })),
  );
  return customers.map((item, index) => {
    const { success = false, reason = 'no answer' } = results[index] ?? {};
    return { item, refusal: success ? null : reason || 'no reason given' };
  });
};

/**
 * Marks customers as pushed, unless they changed since they were read. The counters are written in
 * the same transactions, so they are right whenever the worker stops.
 */
const markPushed = async (batch: PushBatch, pushed: readonly CustomerItem[]): Promise<void> => {
  const changed: string[] = [];
  for (const chunk of chunksOf(pushed)) {
    let remaining = chunk;
    while (remaining.length > 0) {
      const refused = await writeSteps(batch, [
        ...remaining.map((item) => pushedStep(batch.customers.name, item)),
        ...countSteps(batch.run, remaining.length),
      ]);
      if (refused.length === 0) break;
      changed.push(...refused);
      remaining = remaining.filter(({ id }) => !refused.includes(id));
    }
    batch.count('CustomersPushed', remaining.length);
  }
  await recordActivity(
    batch,
    changed.map((id) => `${id} was changed while it was pushed: the next run pushes that change`),
  );
};

const countSteps = (run: ClaimedRun, pushed: number): readonly TransactionStep[] => [
  run.countStep({ pushed }),
  run.activityStep(`${pushed} ${pushed === 1 ? 'customer' : 'customers'} pushed`),
];

const pushedStep = (TableName: string, { id, version }: CustomerItem): TransactionStep => ({
  label: id,
  write: {
    Update: {
      TableName,
      Key: marshall({ id }),
      UpdateExpression: 'SET #version = :next REMOVE #pending, #changedAt',
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: {
        '#version': 'version',
        '#pending': 'pending',
        '#changedAt': 'changedAt',
      },
      ExpressionAttributeValues: marshall({ ':version': version, ':next': version + 1 }),
    },
  },
});

const recordFailures = async (batch: PushBatch, lines: readonly string[]): Promise<void> => {
  for (const chunk of chunksOf(lines))
    await writeSteps(batch, [
      batch.run.countStep({ failed: chunk.length }),
      ...chunk.map(batch.run.activityStep),
    ]);
  batch.count('CustomersRefused', lines.length);
};

const recordActivity = async (batch: PushBatch, lines: readonly string[]): Promise<void> => {
  for (const chunk of chunksOf(lines)) await writeSteps(batch, chunk.map(batch.run.activityStep));
};

/** Answers with the ids of the customers whose condition failed. */
const writeSteps = async (
  { customers, run }: PushBatch,
  steps: readonly TransactionStep[],
): Promise<readonly string[]> => {
  const refused = await transact(customers.client, steps);
  if (refused.includes(run.countStep({}).label))
    throw new Error('the run has ended while it was worked on');
  return refused;
};

const chunksOf = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / maxSteps) }, (_, index) =>
    items.slice(index * maxSteps, (index + 1) * maxSteps),
  );
