import * as z from 'zod';
import { queryId } from '../schemas/ai.ts';

/**
 * A message names the question only. Everything else is in the table, so that a sender of messages
 * can ask nothing in another user's name.
 */
export const questionMessage = z.strictObject({ id: queryId });

/**
 * How often SQS delivers a message of any queue before it becomes a dead letter. AIWorker ends the
 * question at the last delivery.
 */
export const maxDeliveries = 3;

export type QuestionMessage = z.infer<typeof questionMessage>;
