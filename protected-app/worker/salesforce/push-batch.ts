import { marshall } from '@aws-sdk/util-dynamodb';
import type { CustomerItem } from '../../shared/customer-item.ts';
import type { Count } from '../../shared/metrics.ts';
import { type Step, type Table, transact } from '../../shared/table.ts';
import type { Salesforce } from './client.ts';
import { type Contact, changesOf, contactFields, contactOf, sameChanges } from './contact.ts';
import type { HeldRun } from './push-run.ts';

export interface Batch {
  readonly run: HeldRun;
  readonly salesforce: Salesforce;
  readonly customers: Table;
  readonly count: Count;
}

/** As many as Salesforce takes at once. */
export const mostAtOnce = 200;
/** A transaction has at most 100 writes, and two of ours are the sum and its line. */
const mostSteps = 98;

/** Pushes at most 200 customers, and writes down what became of each. */
export const pushBatch = async (batch: Batch, waiting: readonly CustomerItem[]): Promise<void> => {
  const there = await contactsThere(batch.salesforce, waiting);
  const judged = waiting.map((item) => ({ item, verdict: verdictOn(item, there.get(item.id)) }));
  const of = (wanted: Verdict) =>
    judged.flatMap(({ item, verdict }) => (verdict === wanted ? [item] : []));
  const sent = await send(batch.salesforce, of('push'));
  await settle(batch, [
    ...of('same'),
    ...sent.flatMap(({ item, refusal }) => (refusal === null ? [item] : [])),
  ]);
  await tellFailed(batch, [
    ...of('gone').map(({ id }) => `${id} is deleted in Salesforce, or not visible there`),
    ...sent.flatMap(({ item, refusal }) =>
      refusal === null ? [] : [`${item.id} is refused: ${refusal}`],
    ),
  ]);
  await tell(
    batch,
    of('later').map(
      ({ id }) => `${id} was changed later in Salesforce: the next poll takes that over`,
    ),
  );
};

/** `same`: Salesforce has it already, from a push that was stopped before it could say so. */
type Verdict = 'push' | 'same' | 'gone' | 'later';

const verdictOn = (item: CustomerItem, there: Contact | undefined): Verdict => {
  if (there === undefined || there.details === null) return 'gone';
  if (sameChanges(item, there.details)) return 'same';
  return there.editedAt > (item.changedAt ?? '') ? 'later' : 'push';
};

const contactsThere = async (
  salesforce: Salesforce,
  items: readonly CustomerItem[],
): Promise<ReadonlyMap<string, Contact>> => {
  const ids = items.map(({ id }) => `'${id}'`).join(', ');
  const found = new Map<string, Contact>();
  for await (const records of salesforce.query(
    `SELECT ${contactFields} FROM Contact WHERE Id IN (${ids})`,
  ))
    for (const record of records) {
      const contact = contactOf(record);
      if (contact) found.set(contact.id, contact);
    }
  return found;
};

const send = async (salesforce: Salesforce, items: readonly CustomerItem[]) => {
  if (items.length === 0) return [];
  const saved = await salesforce.update(items.map((item) => ({ id: item.id, ...changesOf(item) })));
  return items.map((item, index) => {
    const { success = false, reason = 'no answer' } = saved[index] ?? {};
    return { item, refusal: success ? null : reason || 'no reason given' };
  });
};

/**
 * Nobody waits any more for what was pushed, unless it has changed since it was read. The sum is
 * right whenever we are stopped.
 */
const settle = async (batch: Batch, pushed: readonly CustomerItem[]): Promise<void> => {
  const changed: string[] = [];
  for (const part of parts(pushed)) {
    let rest = part;
    while (rest.length > 0) {
      const refused = await write(batch, [
        ...rest.map((item) => settled(batch.customers.name, item)),
        ...summed(batch.run, rest.length),
      ]);
      if (refused.length === 0) break;
      changed.push(...refused);
      rest = rest.filter(({ id }) => !refused.includes(id));
    }
    batch.count('CustomersPushed', rest.length);
  }
  await tell(
    batch,
    changed.map(
      (id) => `${id} was changed while it was pushed: what waits of it is for the next run`,
    ),
  );
};

const summed = (run: HeldRun, pushed: number): readonly Step[] => [
  run.counted({ pushed }),
  run.told(`${pushed} ${pushed === 1 ? 'customer' : 'customers'} pushed`),
];

const settled = (TableName: string, { id, version }: CustomerItem): Step => ({
  as: id,
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

const tellFailed = async (batch: Batch, lines: readonly string[]): Promise<void> => {
  for (const part of parts(lines))
    await write(batch, [batch.run.counted({ failed: part.length }), ...part.map(batch.run.told)]);
  batch.count('CustomersRefused', lines.length);
};

const tell = async (batch: Batch, lines: readonly string[]): Promise<void> => {
  for (const part of parts(lines)) await write(batch, part.map(batch.run.told));
};

/** Answers with the customers whose condition refused. */
const write = async (
  { customers, run }: Batch,
  steps: readonly Step[],
): Promise<readonly string[]> => {
  const refused = await transact(customers.client, steps);
  if (refused.includes(run.counted({}).as))
    throw new Error('the run has ended while it was worked on');
  return refused;
};

const parts = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / mostSteps) }, (_, part) =>
    items.slice(part * mostSteps, (part + 1) * mostSteps),
  );
