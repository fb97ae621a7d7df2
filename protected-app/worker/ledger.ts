import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { QuestionItem } from '../shared/question-item.ts';
import { type Step, transact } from '../shared/table.ts';

export interface Books {
  readonly dynamo: DynamoDBClient;
  readonly queries: string;
  readonly budgets: string;
  readonly dailyTokens: number;
  readonly now: () => number;
}

/** A question that this worker alone may ask the model, and what is set aside for it. */
export interface Claim {
  readonly item: Pick<QuestionItem, 'id' | 'owner'>;
  readonly worker: string;
  readonly reserved: number;
  readonly budgetDay: string;
}

type Ending = { readonly state: 'succeeded' | 'failed' } & Pick<
  QuestionItem,
  'answer' | 'sources' | 'tokens' | 'reason'
>;

/** Budgets of days that are over are of no use, except to who asks why. */
const budgetKeptMs = 7 * 86_400_000;

type Values = Readonly<Record<string, unknown>>;

/**
 * `{ a: 1 }` → `SET #a = :a`, with whatever the condition names beside it. Fields that are
 * undefined are removed.
 */
const change = (
  TableName: string,
  key: Readonly<Record<string, string>>,
  set: Values,
  {
    condition,
    values = {},
    add = {},
  }: {
    readonly condition: string;
    readonly values?: Values;
    readonly add?: Readonly<Record<string, number>>;
  },
): TransactWriteItem => {
  const fields = Object.entries(set);
  const named = (known: boolean) =>
    fields.filter(([, value]) => (value !== undefined) === known).map(([name]) => name);
  const part = (verb: string, parts: readonly string[]) =>
    parts.length > 0 ? [`${verb} ${parts.join(', ')}`] : [];
  const used = [
    ...fields.map(([name]) => name),
    ...Object.keys(add),
    ...[...condition.matchAll(/#(\w+)/g)].map(([, name = '']) => name),
  ];
  return {
    Update: {
      TableName,
      Key: marshall(key),
      UpdateExpression: [
        ...part(
          'SET',
          named(true).map((name) => `#${name} = :${name}`),
        ),
        ...part(
          'REMOVE',
          named(false).map((name) => `#${name}`),
        ),
        ...part(
          'ADD',
          Object.keys(add).map((name) => `#${name} :${name}`),
        ),
      ].join(' '),
      ConditionExpression: condition,
      ExpressionAttributeNames: Object.fromEntries(used.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: marshall(
        Object.fromEntries(
          Object.entries({ ...set, ...add, ...values }).map(([name, value]) => [`:${name}`, value]),
        ),
        { removeUndefinedValues: true },
      ),
    },
  };
};

const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/**
 * Takes the question and sets its tokens aside, both or neither: from here on the model may have
 * been asked, and it is asked once. Whoever finds such a question later and its worker gone knows
 * that, and does not ask again.
 */
export const begin = async (
  { dynamo, queries, budgets, dailyTokens, now }: Books,
  {
    item,
    worker,
    reserved,
    leaseUntil,
  }: Pick<Claim, 'item' | 'worker' | 'reserved'> & { readonly leaseUntil: number },
): Promise<Claim | 'taken' | 'over budget'> => {
  if (reserved > dailyTokens) return 'over budget';
  const budgetDay = dayOf(now());
  const take = change(
    queries,
    { id: item.id },
    { state: 'running', worker, leaseUntil, reserved, budgetDay },
    { condition: '#state = :queued', values: { queued: 'queued' } },
  );
  const reserve = change(
    budgets,
    { user: item.owner, day: budgetDay },
    { expiresAt: Math.ceil((now() + budgetKeptMs) / 1_000) },
    {
      condition: 'attribute_not_exists(#used) OR #used <= :room',
      values: { room: dailyTokens - reserved },
      add: { used: reserved },
    },
  );
  const refused = await transact(dynamo, [
    { as: 'taken', write: take },
    { as: 'over budget', write: reserve },
  ]);
  if (refused.includes('taken')) return 'taken';
  return refused.length > 0 ? 'over budget' : { item, worker, reserved, budgetDay };
};

/**
 * What was set aside and not used goes back to the day that it came from; what was used beyond it
 * is taken.
 */
const settle = ({ budgets }: Books, { item, reserved, budgetDay }: Claim, used: number): Step[] =>
  used === reserved
    ? []
    : [
        {
          as: 'budget',
          write: change(
            budgets,
            { user: item.owner, day: budgetDay },
            {},
            { condition: 'attribute_exists(#used)', add: { used: used - reserved } },
          ),
        },
      ];

const released = {
  worker: undefined,
  leaseUntil: undefined,
  reserved: undefined,
  budgetDay: undefined,
} as const;

/**
 * The end of a question whose model was asked, and its bill. False: somebody else has ended it
 * meanwhile.
 */
export const finish = async (
  books: Books,
  claim: Claim,
  ending: Ending,
  used: number,
): Promise<boolean> => {
  const end = change(
    books.queries,
    { id: claim.item.id },
    { ...ending, endedAt: new Date(books.now()).toISOString(), ...released },
    {
      condition: '#state = :running AND #worker = :mine',
      values: { running: 'running', mine: claim.worker },
    },
  );
  return (
    (await transact(books.dynamo, [{ as: 'taken', write: end }, ...settle(books, claim, used)]))
      .length === 0
  );
};

/** The model could not be asked: the question waits again, and nothing was spent. */
export const giveBack = async (books: Books, claim: Claim): Promise<boolean> => {
  const back = change(
    books.queries,
    { id: claim.item.id },
    { state: 'queued', ...released },
    {
      condition: '#state = :running AND #worker = :mine',
      values: { running: 'running', mine: claim.worker },
    },
  );
  return (
    (await transact(books.dynamo, [{ as: 'taken', write: back }, ...settle(books, claim, 0)]))
      .length === 0
  );
};

/** The end of a question whose model was never asked. */
export const refuse = async (
  { dynamo, queries, now }: Books,
  id: string,
  reason: string,
): Promise<boolean> => {
  const end = change(
    queries,
    { id },
    { state: 'failed', reason, endedAt: new Date(now()).toISOString() },
    { condition: '#state = :queued', values: { queued: 'queued' } },
  );
  return (await transact(dynamo, [{ as: 'taken', write: end }])).length === 0;
};
