import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { QuestionItem } from '../shared/question-item.ts';
import { type TransactionStep, transact } from '../shared/table.ts';

export interface QuestionLedger {
  readonly dynamo: DynamoDBClient;
  readonly queries: string;
  readonly budgets: string;
  readonly dailyTokens: number;
  readonly now: () => number;
}

/** A question that only this worker may put to the model, and the tokens reserved for it. */
export interface QuestionClaim {
  readonly question: Pick<QuestionItem, 'id' | 'owner'>;
  readonly worker: string;
  readonly reserved: number;
  readonly budgetDay: string;
}

type Ending = { readonly state: 'succeeded' | 'failed' } & Pick<
  QuestionItem,
  'answer' | 'sources' | 'tokens' | 'reason'
>;

/** The budget of a past day is kept for inquiries only. */
const budgetKeptMs = 7 * 86_400_000;

type Attributes = Readonly<Record<string, unknown>>;

/**
 * Builds an update: `{ a: 1 }` becomes `SET #a = :a`, and fields that are undefined are removed.
 */
const updateItem = (
  TableName: string,
  key: Readonly<Record<string, string>>,
  assigned: Attributes,
  {
    condition,
    values: conditionValues = {},
    add = {},
  }: {
    readonly condition: string;
    readonly values?: Attributes;
    readonly add?: Readonly<Record<string, number>>;
  },
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

const utcDayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/**
 * Claims the question and reserves its tokens, both or neither. From then on the model may have
 * been asked. Another worker that finds the claim expired must not ask again.
 */
export const claimQuestion = async (
  { dynamo, queries, budgets, dailyTokens, now }: QuestionLedger,
  {
    question: item,
    worker,
    reserved,
    leaseUntil,
  }: Pick<QuestionClaim, 'question' | 'worker' | 'reserved'> & { readonly leaseUntil: number },
): Promise<QuestionClaim | 'taken' | 'over budget'> => {
  if (reserved > dailyTokens) return 'over budget';
  const budgetDay = utcDayOf(now());
  const takeQuestion = updateItem(
    queries,
    { id: item.id },
    { state: 'running', worker, leaseUntil, reserved, budgetDay },
    { condition: '#state = :queued', values: { queued: 'queued' } },
  );
  const reserveTokens = updateItem(
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
    { label: 'taken', write: takeQuestion },
    { label: 'over budget', write: reserveTokens },
  ]);
  if (refused.includes('taken')) return 'taken';
  return refused.length > 0 ? 'over budget' : { question: item, worker, reserved, budgetDay };
};

/** Corrects the budget of the day from which the tokens were reserved by what was really used. */
const settleBudget = (
  { budgets }: QuestionLedger,
  { question: item, reserved, budgetDay }: QuestionClaim,
  used: number,
): TransactionStep[] =>
  used === reserved
    ? []
    : [
        {
          label: 'budget',
          write: updateItem(
            budgets,
            { user: item.owner, day: budgetDay },
            {},
            { condition: 'attribute_exists(#used)', add: { used: used - reserved } },
          ),
        },
      ];

const noClaim = {
  worker: undefined,
  leaseUntil: undefined,
  reserved: undefined,
  budgetDay: undefined,
} as const;

/** Ends a claimed question and charges what was used. False: another worker has ended it. */
export const endClaim = async (
  books: QuestionLedger,
  claim: QuestionClaim,
  ending: Ending,
  used: number,
): Promise<boolean> => {
  const end = updateItem(
    books.queries,
    { id: claim.question.id },
    { ...ending, endedAt: new Date(books.now()).toISOString(), ...noClaim },
    {
      condition: '#state = :running AND #worker = :mine',
      values: { running: 'running', mine: claim.worker },
    },
  );
  return (
    (
      await transact(books.dynamo, [
        { label: 'taken', write: end },
        ...settleBudget(books, claim, used),
      ])
    ).length === 0
  );
};

/** Puts a claimed question back into the queue, and charges nothing. */
export const returnClaim = async (
  books: QuestionLedger,
  claim: QuestionClaim,
): Promise<boolean> => {
  const requeue = updateItem(
    books.queries,
    { id: claim.question.id },
    { state: 'queued', ...noClaim },
    {
      condition: '#state = :running AND #worker = :mine',
      values: { running: 'running', mine: claim.worker },
    },
  );
  return (
    (
      await transact(books.dynamo, [
        { label: 'taken', write: requeue },
        ...settleBudget(books, claim, 0),
      ])
    ).length === 0
  );
};

/** Fails a question that no worker has claimed. */
export const failUnclaimed = async (
  { dynamo, queries, now }: QuestionLedger,
  id: string,
  reason: string,
): Promise<boolean> => {
  const end = updateItem(
    queries,
    { id },
    { state: 'failed', reason, endedAt: new Date(now()).toISOString() },
    { condition: '#state = :queued', values: { queued: 'queued' } },
  );
  return (await transact(dynamo, [{ label: 'taken', write: end }])).length === 0;
};
