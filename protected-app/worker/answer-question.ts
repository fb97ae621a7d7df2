import { createHash } from 'node:crypto';
import type { Customer } from '../schemas/customer.ts';
import type { Log } from '../shared/log.ts';
import type { Count } from '../shared/metrics.ts';
import { type QuestionItem, stateOf } from '../shared/question-item.ts';
import { judge } from './answer.ts';
import { type Books, begin, type Claim, finish, giveBack, refuse } from './ledger.ts';
import type { Outcome, ReadyModel } from './model.ts';
import { promptOf } from './prompt.ts';

export interface Worker {
  readonly books: Books;
  readonly find: (id: string) => Promise<QuestionItem | undefined>;
  readonly customers: (
    ids: readonly string[],
    administrator: boolean,
  ) => Promise<readonly Customer[]>;
  readonly model: ReadyModel;
  readonly maxOutputTokens: number;
  readonly count: Count;
  readonly log: Log;
  readonly newId: () => string;
}

/** One handing over of a message. */
export interface Delivery {
  /** How often the message was handed over, this time included. */
  readonly number: number;
  /** True: it will not be handed over again. */
  readonly last: boolean;
  /** When the function is stopped, whatever it does. */
  readonly aliveUntil: number;
}

/** What becomes of the message: it goes, or it comes back. */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly afterSeconds: number };

const done: Verdict = { kind: 'done' };
const again = (seconds: number): Verdict => ({
  kind: 'again',
  afterSeconds: Math.ceil(Math.min(Math.max(seconds, 1), 300)),
});

/** Left for storing the answer when waiting for it ends. */
const storingMs = 5_000;
/** An attempt, the SDK's second one, and the pause between them. */
const askingMs = 45_000;
/** By how much the clocks of two workers may differ. */
const clocksMs = 5_000;

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Answers one question: at most one worker asks the model, at most once is charged, and every end
 * is told to the owner.
 */
export const answerQuestion = async (
  id: string,
  delivery: Delivery,
  worker: Worker,
): Promise<Verdict> => {
  const { books, log, count } = worker;
  const item = await worker.find(id);
  if (item === undefined) {
    log.error('a message about a question that is not there', { query: id });
    return done;
  }
  const state = stateOf(item, books.now());
  if (state === 'running') return underway(item, delivery, worker);
  if (state !== 'queued') {
    log.info('nothing left to do', { query: id, state });
    if (state === 'expired') count('QuestionsFailed', 1);
    return done;
  }
  return fromQueue(item, delivery, worker);
};

/**
 * Somebody is at it; or died between asking and storing. What the model said is lost then, and it
 * may have been paid for: it is not asked again.
 */
const underway = async (
  item: QuestionItem,
  { last }: Delivery,
  { books, log, count }: Worker,
): Promise<Verdict> => {
  const { id, leaseUntil = 0, worker = '', reserved = 0, budgetDay = '' } = item;
  const left = leaseUntil - books.now();
  if (left > 0) return last ? done : again(left / 1_000);
  const claim: Claim = { item, worker, reserved, budgetDay };
  const reason = 'The answer was lost before it could be stored. Ask again.';
  if (await finish(books, claim, { state: 'failed', reason, tokens: reserved }, reserved)) {
    log.error('an answer was lost', { query: id, tokens: reserved });
    count('QuestionsFailed', 1);
  }
  return done;
};

const fromQueue = async (
  item: QuestionItem,
  delivery: Delivery,
  deps: Worker,
): Promise<Verdict> => {
  const { books, count, log } = deps;
  const [ask, records] = await Promise.all([
    deps.model(),
    deps.customers(item.customerIds, item.administrator),
  ]);
  const prompt = promptOf(item, records);
  const reserved = prompt.tokens + deps.maxOutputTokens;
  const claim = await begin(books, {
    item,
    worker: deps.newId(),
    reserved,
    leaseUntil: delivery.aliveUntil + clocksMs,
  });
  if (claim === 'taken') return delivery.last ? done : again(5);
  if (claim === 'over budget') {
    if (
      await refuse(
        books,
        item.id,
        'Your budget of tokens for today is used up. Ask again tomorrow (UTC), or ask about fewer customers.',
      )
    )
      count('TokenBudgetExceeded', 1);
    log.warn('over budget', { query: item.id, reserved });
    return done;
  }
  const wait = Math.min(askingMs, delivery.aliveUntil - books.now() - storingMs);
  const outcome = await ask({
    prompt,
    asker: hashOf(item.owner),
    correlationId: item.correlationId,
    signal: AbortSignal.timeout(Math.max(wait, 1)),
  });
  const line = {
    query: item.id,
    question: hashOf(item.question),
    records: prompt.ids.length,
    outcome: outcome.kind,
    ...outcome.detail,
  };
  if (outcome.kind === 'unavailable') return later(outcome, claim, delivery, deps, line);
  const judged =
    outcome.kind === 'written'
      ? judge(outcome.text, prompt)
      : { kind: 'bad' as const, reason: outcome.reason };
  const ending =
    judged.kind === 'good'
      ? { state: 'succeeded' as const, answer: judged.answer, sources: [...judged.sources] }
      : { state: 'failed' as const, reason: judged.reason };
  const stored = await finish(books, claim, { ...ending, tokens: outcome.tokens }, outcome.tokens);
  log.info('asked the model', {
    ...line,
    ...(judged.kind === 'bad' && { reason: judged.reason }),
    tokens: outcome.tokens,
    stored,
  });
  count(judged.kind === 'good' ? 'QuestionsAnswered' : 'QuestionsFailed', 1);
  count('TokensUsed', outcome.tokens);
  return done;
};

/**
 * The provider did not answer: nothing is charged, and the message comes back, until the last time.
 */
const later = async (
  { afterSeconds }: Extract<Outcome, { kind: 'unavailable' }>,
  claim: Claim,
  { number, last }: Delivery,
  { books, count, log }: Worker,
  line: Readonly<Record<string, unknown>>,
): Promise<Verdict> => {
  log.warn('the model is not available', { ...line, delivery: number });
  count('ModelUnavailable', 1);
  if (last) {
    const reason = 'The language model is not available at the moment. Ask again later.';
    await finish(books, claim, { state: 'failed', reason, tokens: 0 }, 0);
    count('QuestionsFailed', 1);
    return done;
  }
  await giveBack(books, claim);
  return again(Math.max(afterSeconds, 10 * number ** 2));
};
