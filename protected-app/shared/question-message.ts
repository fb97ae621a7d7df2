import * as z from 'zod';
import { queryId } from '../schemas/ai.ts';

/**
 * What waits in the queue: only which question. Everything else is in the table, so whoever may
 * send a message can ask nothing in somebody's name.
 */
export const questionMessage = z.strictObject({ id: queryId });

/**
 * How often a message of any queue is handed over before it becomes a dead letter: AIWorker ends
 * the question on the last time.
 */
export const deliveries = 3;

export type QuestionMessage = z.infer<typeof questionMessage>;
