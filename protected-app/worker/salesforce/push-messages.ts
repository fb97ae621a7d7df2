import type { AppLog } from '../../shared/log.ts';
import { pushMessage } from '../../shared/sync-run.ts';
import { type PushDeps, push } from './push.ts';

/** The fields of SQS's event that are read here. */
export interface PushEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly messageAttributes?: Readonly<
      Record<string, { readonly stringValue?: string | undefined }>
    >;
  }[];
}

export interface LambdaInvocation {
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

interface PushMessagesDeps extends Omit<PushDeps, 'log'> {
  readonly log: (correlationId: string) => AppLog;
}

/** The handler of the queue: one run after the other; those that are not done come back. */
export const pushMessages =
  (deps: PushMessagesDeps) =>
  async (event: PushEvent, { awsRequestId, getRemainingTimeInMillis }: LambdaInvocation) => {
    const deadline = deps.now() + getRemainingTimeInMillis();
    const batchItemFailures: { itemIdentifier: string }[] = [];
    const failed: string[] = [];
    for (const { messageId, body, messageAttributes } of event.Records) {
      const log = deps.log(messageAttributes?.correlationId?.stringValue ?? messageId);
      const message = pushMessage.safeParse(jsonOf(body));
      if (!message.success) log.error('a message that names no run', { message: messageId });
      const outcome = message.success
        ? await push({ ...deps, log }, { ...message.data, worker: awsRequestId, deadline }).catch(
            (error: unknown) => {
              log.error('a push was interrupted', { run: message.data.id, error });
              return 'comes back' as const;
            },
          )
        : 'comes back';
      if (outcome === 'comes back') batchItemFailures.push({ itemIdentifier: messageId });
      if (outcome === 'failed') failed.push(messageId);
    }
    return { batchItemFailures, ...(failed.length > 0 && { failed }) };
  };

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
