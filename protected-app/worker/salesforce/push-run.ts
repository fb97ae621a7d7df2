import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import {
  activityPut,
  lockItem,
  lockKey,
  type RunItem,
  runItem,
  runKey,
} from '../../shared/sync-run.ts';
import { getItem, type TableHandle, type TransactionStep, transact } from '../../shared/table.ts';

export interface RunContext {
  readonly runs: TableHandle;
  readonly now: () => number;
  /** The run. */
  readonly id: string;
  /** This invocation. */
  readonly worker: string;
}

/**
 * What a worker may do with the run that it has taken. Steps are written together with what they
 * are about, or not at all.
 */
export interface ClaimedRun {
  readonly countStep: (more: {
    readonly pushed?: number;
    readonly failed?: number;
  }) => TransactionStep;
  readonly activityStep: (line: string) => TransactionStep;
  readonly end: (state: 'succeeded' | 'failed', reason: string | null) => Promise<void>;
}

const attributeNames = { '#state': 'state' };

/** `busy`: another invocation works on it. `over`: it has ended, or another run has taken over. */
export const takeRun = async (
  context: RunContext,
  until: number,
): Promise<ClaimedRun | 'busy' | 'over'> => {
  const claimedRun = claimedRunOf(context);
  const begin = openRunUpdate('SET #state = :running, failed = :zero', {
    ':running': 'running',
    ':zero': 0,
  });
  const refused = await transact(context.runs.client, [
    {
      label: 'lock',
      write: { Update: { TableName: context.runs.name, ...takeLock(context, until) } },
    },
    {
      label: 'run',
      write: {
        Update: { TableName: context.runs.name, Key: marshall(runKey(context.id)), ...begin },
      },
    },
    claimedRun.activityStep('started by a worker'),
  ]);
  if (refused.length === 0) return claimedRun;
  const [run, lock] = [
    await getItem(runItem, context.runs, runKey(context.id)),
    await getItem(lockItem, context.runs, lockKey),
  ];
  return run !== undefined && isOpen(run) && lock?.holder === context.id ? 'busy' : 'over';
};

const isOpen = ({ state }: RunItem): boolean => state === 'queued' || state === 'running';

/**
 * The lock is this run's, and no other worker that may be alive has it. Even if it ran out
 * meanwhile: nobody else has taken it.
 */
const takeLock = ({ id, worker, now }: RunContext, until: number) => ({
  Key: marshall(lockKey),
  UpdateExpression: 'SET worker = :worker, #until = :until',
  ConditionExpression:
    'holder = :id AND #until > :zero AND (attribute_not_exists(worker) OR #until < :now)',
  ExpressionAttributeNames: { '#until': 'until' },
  ExpressionAttributeValues: marshall({
    ':worker': worker,
    ':until': until,
    ':id': id,
    ':now': now(),
    ':zero': 0,
  }),
});

/** A change of a run that has not ended. */
const openRunUpdate = (
  UpdateExpression: string,
  attributes: Readonly<Record<string, unknown>>,
) => ({
  UpdateExpression,
  ConditionExpression: '#state IN (:queued, :running)',
  ExpressionAttributeNames: attributeNames,
  ExpressionAttributeValues: marshall({
    ':queued': 'queued',
    ':running': 'running',
    ...attributes,
  }),
});

const claimedRunOf = ({ runs, now, id, worker }: RunContext): ClaimedRun => {
  let number = 0;
  const update = (change: ReturnType<typeof openRunUpdate>): TransactionStep => ({
    label: 'run',
    write: { Update: { TableName: runs.name, Key: marshall(runKey(id)), ...change } },
  });
  const activityStep = (line: string): TransactionStep => {
    number += 1;
    return {
      label: 'activity',
      write: activityPut(runs.name, { id, at: now(), number, what: line }),
    };
  };
  const releaseLock: TransactWriteItem = {
    Update: {
      TableName: runs.name,
      Key: marshall(lockKey),
      UpdateExpression: 'SET #until = :zero',
      ConditionExpression: 'worker = :worker',
      ExpressionAttributeNames: { '#until': 'until' },
      ExpressionAttributeValues: marshall({ ':worker': worker, ':zero': 0 }),
    },
  };
  return {
    countStep: ({ pushed = 0, failed = 0 }) =>
      update(
        openRunUpdate('ADD pushed :pushed, failed :failed', {
          ':pushed': pushed,
          ':failed': failed,
        }),
      ),
    activityStep: activityStep,
    end: async (state, reason) => {
      const ending = { ':ended': state, ':at': new Date(now()).toISOString(), ':reason': reason };
      const refused = await transact(runs.client, [
        update(openRunUpdate('SET #state = :ended, endedAt = :at, reason = :reason', ending)),
        { label: 'lock', write: releaseLock },
        activityStep(reason ?? state),
      ]);
      if (refused.length > 0)
        throw new Error(`run ${id} could not be ended: ${refused.join(', ')}`);
    },
  };
};
