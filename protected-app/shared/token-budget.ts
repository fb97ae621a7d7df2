import * as z from 'zod';

/** A budget that can be used up: a user's own, or that of all users together. */
export type TokenBudget = 'own' | 'common';

/** The tokens that may be used on one day (UTC). */
export type TokenLimits = Readonly<Record<TokenBudget, number>>;

/** Where the budgets of a day are kept. A user's id is a UUID, so no user is called this. */
export const commonUser = 'everybody';

export const budgetItem = z.object({ used: z.number().default(0) });

export const utcDayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/** Two functions refuse questions, and an alarm adds up the metrics of one name only. */
export const budgetMetrics = {
  service: 'TokenBudgets',
  names: { own: 'TokenBudgetExceeded', common: 'CommonTokenBudgetExceeded' },
} as const satisfies { service: string; names: Record<TokenBudget, string> };
