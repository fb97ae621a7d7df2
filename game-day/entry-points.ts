import type { LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type ApiCall, callApi } from '../local/app/call.ts';
import type { Place } from '../operator/place.ts';
import { holdsWithin } from '../operator/wait.ts';
import { invoke } from './attacker.ts';
import { callUrl } from './function-url.ts';
import type { EntryPoint } from './scenario.ts';

/** Invokes the function directly. */
export const invocation = (functionName: string, lambda: LambdaClient): EntryPoint => ({
  name: `invoking ${functionName}`,
  refusedBy: /^TooManyRequestsException/,
  attempt: () => invoke(functionName, 'work', lambda),
});

/** A status that is not 2xx, as an error. */
class StatusError extends Error {
  override readonly name = 'StatusError';
}

/** Calls the public URL of the function. */
export const publicUrl = (url: string, place: Place): EntryPoint => ({
  name: 'the public URL',
  refusedBy: /^StatusError: HTTP 403/,
  attempt: async () => {
    const { status, body } = await callUrl(url, place);
    if (status < 200 || status > 299) throw new StatusError(`HTTP ${status} ${body}`);
  },
});

/**
 * Calls a route of the API that the function serves. `works` is a status that only the function
 * answers with.
 */
export const route = (base: string, call: ApiCall, works: number): EntryPoint => ({
  name: `${call.method} ${call.path}`,
  refusedBy: /^StatusError: HTTP (429|5\d\d)/,
  attempt: async () => {
    const { status, body } = await callApi(base, call);
    if (status !== works) throw new StatusError(`HTTP ${status} ${body}`);
  },
});

/** The message is still in the queue after the given time. */
class StayedError extends Error {
  override readonly name = 'StayedError';
}

/** Sends a message; open if the function takes it out of the queue in time. */
export const queue = (QueueUrl: string, sqs: SQSClient): EntryPoint => ({
  name: 'the queue',
  refusedBy: /^StayedError/,
  attempt: async (patienceMs) => {
    await sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ action: 'work' }) }),
    );
    const empty = async (): Promise<boolean> => {
      const names = [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
      ] as const;
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
      );
      return names.every((name) => Number(Attributes[name] ?? 0) === 0);
    };
    if (!(await holdsWithin(empty, patienceMs)))
      throw new StayedError('the message stayed in the queue');
  },
});
