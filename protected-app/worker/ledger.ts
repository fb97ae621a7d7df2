import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { QuestionItem } from '../shared/question-item.ts';
import { type TransactionStep, transact } from '../shared/table.ts';
import {
  commonUser,
  type TokenBudget,
  type TokenLimits,
  utcDayOf,
} from '../shared/token-budget.ts';
import { updateItem } from './update-item.ts';

export interface QuestionLedger {
  readonly dynamo: DynamoDBClient;
  readonly queries: string;
  readonly budgets: string;
  readonly limits: TokenLimits;
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

/** Why a question is not claimed: another worker has it, or a budget has too few tokens left. */
export type ClaimRefusal = 'taken' | TokenBudget;

/**
 * Claims the question and reserves its tokens, both or neither. From then on the model may have
 * been asked. Another worker that finds the claim expired must not ask again.
 */
export const claimQuestion = async (
  { dynamo, queries, budgets, limits, now }: QuestionLedger,
  {
    question: item,
    worker,
    reserved,
    leaseUntil,
  }: Pick<QuestionClaim, 'question' | 'worker' | 'reserved'> & { readonly leaseUntil: number },
): Promise<QuestionClaim | ClaimRefusal> => {
  if (reserved > limits.own) return 'own';
  if (reserved > limits.common) return 'common';
  const budgetDay = utcDayOf(now());
  const takeQuestion = updateItem(
    queries,
    { id: item.id },
    { state: 'running', worker, leaseUntil, reserved, budgetDay },
    { condition: '#state = :queued', values: { queued: 'queued' } },
  );
  const reserve = (user: string, limit: number) =>
    updateItem(
      budgets,
      { user, day: budgetDay },
      { expiresAt: Math.ceil((now() + budgetKeptMs) / 1_000) },
      {
        condition: 'attribute_not_exists(#used) OR #used <= :room',
        values: { room: limit - reserved },
        add: { used: reserved },
      },
    );
  const [refusal] = await transact<ClaimRefusal>(dynamo, [
    { label: 'taken', write: takeQuestion },
    { label: 'own', write: reserve(item.owner, limits.own) },
    { label: 'common', write: reserve(commonUser, limits.common) },
  ]);
  return refusal ?? { question: item, worker, reserved, budgetDay };
};

/** Corrects the budgets from which the tokens were reserved by what was really used. */
const settleBudgets = (
  { budgets }: QuestionLedger,
  { question: item, reserved, budgetDay }: QuestionClaim,
  used: number,
): TransactionStep[] =>
  used === reserved
    ? []
    : [item.owner, commonUser].map((user) => ({
        label: `budget of ${user}`,
        write: updateItem(
          budgets,
          { user, day: budgetDay },
          {},
          { condition: 'attribute_exists(#used)', add: { used: used - reserved } },
        ),
      }));

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
        ...settleBudgets(books, claim, used),
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
        ...settleBudgets(books, claim, 0),
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
