import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AiBudget } from '../schemas/ai.ts';
import type { RouteHandler } from '../shared/http.ts';
import { HttpProblem } from '../shared/problem.ts';
import { getItem } from '../shared/table.ts';
import {
  budgetItem,
  commonUser,
  type TokenBudget,
  type TokenLimits,
  utcDayOf,
} from '../shared/token-budget.ts';

export interface BudgetDeps {
  readonly dynamo: DynamoDBClient;
  readonly budgets: string;
  readonly limits: TokenLimits;
  /** Every question reserves these, and more for its own text. */
  readonly maxOutputTokens: number;
  readonly countSpent: (budget: TokenBudget) => void;
  readonly now: () => number;
}

const dayMs = 86_400_000;

const details: Readonly<Record<TokenBudget, string>> = {
  own: 'Your tokens for today are used up. Ask again tomorrow (UTC).',
  common: 'The tokens of all users for today are used up. Ask again tomorrow (UTC).',
};

type BudgetReader = Pick<BudgetDeps, 'dynamo' | 'budgets'>;

const usedBy = async (
  { dynamo, budgets }: BudgetReader,
  user: string,
  at: number,
): Promise<number> => {
  const key = { user, day: utcDayOf(at) };
  const { used = 0 } = (await getItem(budgetItem, { client: dynamo, name: budgets }, key)) ?? {};
  return used;
};

/** `GET /ai/budget`: the caller's own budget; of that of all users only whether it is used up. */
export const ownBudget =
  (deps: Omit<BudgetDeps, 'countSpent'>): RouteHandler =>
  async ({ caller }) => {
    const { limits, maxOutputTokens, now } = deps;
    const at = now();
    const [used, usedByAll] = await Promise.all([
      usedBy(deps, caller.sub, at),
      usedBy(deps, commonUser, at),
    ]);
    const body: AiBudget = {
      used: Math.max(0, used),
      limit: limits.own,
      isCommonSpent: usedByAll + maxOutputTokens > limits.common,
      renewsAt: new Date(at - (at % dayMs) + dayMs).toISOString(),
    };
    return { status: 200, body };
  };

/**
 * Refuses a question that no worker could answer today, before it is stored. The worker has the
 * last word: it reserves the tokens in a transaction, so questions that pass here at the same time
 * cannot overspend.
 */
export const refuseIfSpent = async (deps: BudgetDeps, owner: string): Promise<void> => {
  const { limits, maxOutputTokens, countSpent, now } = deps;
  const at = now();
  const isSpent = async (user: string, limit: number): Promise<boolean> =>
    (await usedBy(deps, user, at)) + maxOutputTokens > limit;
  const [own, common] = await Promise.all([
    isSpent(owner, limits.own),
    isSpent(commonUser, limits.common),
  ]);
  if (!own && !common) return;
  const spent = own ? 'own' : 'common';
  countSpent(spent);
  const untilTomorrow = Math.ceil((dayMs - (at % dayMs)) / 1_000);
  throw new HttpProblem(429, details[spent], {
    headers: { 'Retry-After': String(untilTomorrow) },
  });
};
