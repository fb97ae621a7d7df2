import { createHash } from 'node:crypto';
import type { Customer } from '../schemas/customer.ts';
import type { AppLog } from '../shared/log.ts';
import type { CountMetric } from '../shared/metrics.ts';
import { type QuestionItem, stateOf } from '../shared/question-item.ts';
import type { TokenBudget } from '../shared/token-budget.ts';
import { judgeAnswer } from './answer.ts';
import {
  claimQuestion,
  endClaim,
  failUnclaimed,
  type QuestionClaim,
  type QuestionLedger,
  returnClaim,
} from './ledger.ts';
import type { ModelOutcome, PrepareModel } from './model.ts';
import { type Prompt, promptOf } from './prompt.ts';

export interface QuestionWorker {
  readonly books: QuestionLedger;
  readonly findQuestion: (id: string) => Promise<QuestionItem | undefined>;
  readonly readCustomers: (
    ids: readonly string[],
    administrator: boolean,
  ) => Promise<readonly Customer[]>;
  readonly model: PrepareModel;
  readonly maxOutputTokens: number;
  readonly count: CountMetric;
  readonly countSpent: (budget: TokenBudget) => void;
  readonly log: AppLog;
  readonly newId: () => string;
}

/** One delivery of a message by SQS. */
export interface Delivery {
  /** How often the message was delivered, this time included. */
  readonly number: number;
  /** True: SQS will not deliver it again. */
  readonly isLast: boolean;
  /** When Lambda stops the function. */
  readonly aliveUntil: number;
}

/** Whether the message is deleted, with or without an answer, or delivered again. */
export type DeliveryVerdict =
  | { readonly kind: 'done'; readonly answered: boolean }
  | { readonly kind: 'again'; readonly afterSeconds: number };

const finished = (answered: boolean): DeliveryVerdict => ({ kind: 'done', answered });
const unanswered = finished(false);
const redeliverAfter = (seconds: number): DeliveryVerdict => ({
  kind: 'again',
  afterSeconds: Math.ceil(Math.min(Math.max(seconds, 1), 300)),
});

/** Time that is left for storing the answer when the call ends. */
const storeReserveMs = 5_000;
/** Two attempts of the SDK, and the pause between them. */
const maxModelCallMs = 45_000;
/** How much the clocks of two workers may differ. */
const clockSkewMs = 5_000;

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Answers one question. At most one worker asks the model, the budget is charged at most once, and
 * the owner sees every outcome.
 */
export const answerQuestion = async (
  id: string,
  delivery: Delivery,
  worker: QuestionWorker,
): Promise<DeliveryVerdict> => {
  const { books, log, count } = worker;
  const question = await worker.findQuestion(id);
  if (question === undefined) {
    log.error('a message about a question that is not there', { query: id });
    return unanswered;
  }
  const state = stateOf(question, books.now());
  if (state === 'running') return handleRunning(question, delivery, worker);
  if (state !== 'queued') {
    log.info('nothing left to do', { query: id, state });
    if (state === 'expired') count('QuestionsFailed', 1);
    return finished(state === 'succeeded');
  }
  return handleQueued(question, delivery, worker);
};

/**
 * Another worker has the question, or died between the call and storing the answer. That answer is
 * lost and may be billed, so the model is not asked again.
 */
const handleRunning = async (
  item: QuestionItem,
  { isLast }: Delivery,
  { books, log, count }: QuestionWorker,
): Promise<DeliveryVerdict> => {
  const { id, leaseUntil = 0, worker = '', reserved = 0, budgetDay = '' } = item;
  const remainingMs = leaseUntil - books.now();
  if (remainingMs > 0) return isLast ? unanswered : redeliverAfter(remainingMs / 1_000);
  const claim: QuestionClaim = { question: item, worker, reserved, budgetDay };
  const reason = 'The answer was lost before it was stored. Ask again.';
  if (await endClaim(books, claim, { state: 'failed', reason, tokens: reserved }, reserved)) {
    log.error('an answer was lost', { query: id, tokens: reserved });
    count('QuestionsFailed', 1);
  }
  return unanswered;
};

const overBudgetReasons: Readonly<Record<TokenBudget, string>> = {
  own:
    'The question needs more tokens than your budget has left for today. ' +
    'Ask about fewer customers, or ask again tomorrow (UTC).',
  common:
    'The question needs more tokens than the budget of all users has left for today. ' +
    'Ask about fewer customers, or ask again tomorrow (UTC).',
};

const handleQueued = async (
  question: QuestionItem,
  delivery: Delivery,
  deps: QuestionWorker,
): Promise<DeliveryVerdict> => {
  const { books, log } = deps;
  const [askModel, records] = await Promise.all([
    deps.model(),
    deps.readCustomers(question.customerIds, question.administrator),
  ]);
  const prompt = promptOf(question, records);
  const reserved = prompt.tokens + deps.maxOutputTokens;
  const claim = await claimQuestion(books, {
    question: question,
    worker: deps.newId(),
    reserved,
    leaseUntil: delivery.aliveUntil + clockSkewMs,
  });
  if (claim === 'taken') return delivery.isLast ? unanswered : redeliverAfter(5);
  if (claim === 'own' || claim === 'common') {
    if (await failUnclaimed(books, question.id, overBudgetReasons[claim])) deps.countSpent(claim);
    log.warn('over budget', { query: question.id, budget: claim, reserved });
    return unanswered;
  }
  const modelCallMs = Math.min(maxModelCallMs, delivery.aliveUntil - books.now() - storeReserveMs);
  const outcome = await askModel({
    prompt,
    asker: hashOf(question.owner),
    correlationId: question.correlationId,
    signal: AbortSignal.timeout(Math.max(modelCallMs, 1)),
  });
  const logFields = {
    query: question.id,
    question: hashOf(question.question),
    records: prompt.ids.length,
    outcome: outcome.kind,
    ...outcome.detail,
  };
  if (outcome.kind === 'unavailable')
    return handleUnavailable(outcome, claim, delivery, deps, logFields);
  return finished(await storeOutcome(outcome, prompt, claim, deps, logFields));
};

/**
 * Stores the answer, or why there is none, and charges the tokens of the call. True: an answer was
 * stored.
 */
const storeOutcome = async (
  outcome: Exclude<ModelOutcome, { kind: 'unavailable' }>,
  prompt: Prompt,
  claim: QuestionClaim,
  { books, count, log }: QuestionWorker,
  logFields: Readonly<Record<string, unknown>>,
): Promise<boolean> => {
  const { tokens } = outcome;
  const verdict =
    outcome.kind === 'written'
      ? judgeAnswer(outcome.text, prompt)
      : { kind: 'bad' as const, reason: outcome.reason };
  const ending =
    verdict.kind === 'good'
      ? { state: 'succeeded' as const, answer: verdict.answer, sources: [...verdict.sources] }
      : { state: 'failed' as const, reason: verdict.reason };
  const stored = await endClaim(books, claim, { ...ending, tokens }, tokens);
  log.info('asked the model', {
    ...logFields,
    ...(verdict.kind === 'bad' && { reason: verdict.reason }),
    tokens,
    stored,
  });
  count(verdict.kind === 'good' ? 'QuestionsAnswered' : 'QuestionsFailed', 1);
  count('TokensUsed', tokens);
  return stored && verdict.kind === 'good';
};

/**
 * The provider is not available: nothing is charged, and the message is delivered again unless this
 * was the last delivery.
 */
const handleUnavailable = async (
  { afterSeconds }: Extract<ModelOutcome, { kind: 'unavailable' }>,
  claim: QuestionClaim,
  { number, isLast }: Delivery,
  { books, count, log }: QuestionWorker,
  logFields: Readonly<Record<string, unknown>>,
): Promise<DeliveryVerdict> => {
  log.warn('the model is not available', { ...logFields, delivery: number });
  count('ModelUnavailable', 1);
  if (isLast) {
    const reason = 'The language model is not available. Ask again later.';
    await endClaim(books, claim, { state: 'failed', reason, tokens: 0 }, 0);
    count('QuestionsFailed', 1);
    return unanswered;
  }
  await returnClaim(books, claim);
  return redeliverAfter(Math.max(afterSeconds, 10 * number ** 2));
};
