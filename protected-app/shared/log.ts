import { Logger } from '@aws-lambda-powertools/logger';

/** Writes one JSON line for each event, so that input stays inside a JSON string. */
export type AppLog = Pick<Logger, 'info' | 'warn' | 'error'>;

/** Each line has the id that is the same in the API, the queue and the worker. */
export const createLog = (service: string, correlationId: string): AppLog =>
  new Logger({ serviceName: service, persistentLogAttributes: { correlationId } });
