import { Logger } from '@aws-lambda-powertools/logger';

/** One JSON line for each event; what strangers wrote stays inside a JSON string. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** A line carries the id that leads from the API through the queue to the worker. */
export const logOf = (service: string, correlationId: string): Log =>
  new Logger({ serviceName: service, persistentLogAttributes: { correlationId } });
