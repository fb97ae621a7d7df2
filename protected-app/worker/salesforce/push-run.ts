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
import { getItem, type Step, type Table, transact } from '../../shared/table.ts';

export interface RunAt {
  readonly runs: Table;
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
export interface HeldRun {
  readonly counted: (more: { readonly pushed?: number; readonly failed?: number }) => Step;
  readonly told: (what: string) => Step;
  readonly end: (state: 'succeeded' | 'failed', reason: string | null) => Promise<void>;
}

const states = { '#state': 'state' };

/** `busy`: another invocation works on it. `over`: it has ended, or another run has taken over. */
export const takeRun = async (at: RunAt, until: number): Promise<HeldRun | 'busy' | 'over'> => {
  const held = heldRun(at);
  const begin = change('SET #state = :running, failed = :zero', {
    ':running': 'running',
    ':zero': 0,
  });
  const refused = await transact(at.runs.client, [
    { as: 'lock', write: { Update: { TableName: at.runs.name, ...takeLock(at, until) } } },
    {
      as: 'run',
      write: { Update: { TableName: at.runs.name, Key: marshall(runKey(at.id)), ...begin } },
    },
    held.told('a worker has begun'),
  ]);
  if (refused.length === 0) return held;
  const [run, lock] = [
    await getItem(runItem, at.runs, runKey(at.id)),
    await getItem(lockItem, at.runs, lockKey),
  ];
  return run !== undefined && open(run) && lock?.holder === at.id ? 'busy' : 'over';
};

const open = ({ state }: RunItem): boolean => state === 'queued' || state === 'running';

/**
 * The lock is this run's, and no other worker that may be alive has it. Even if it ran out
 * meanwhile: nobody else has taken it.
 */
const takeLock = ({ id, worker, now }: RunAt, until: number) => ({
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
const change = (UpdateExpression: string, values: Readonly<Record<string, unknown>>) => ({
  UpdateExpression,
  ConditionExpression: '#state IN (:queued, :running)',
  ExpressionAttributeNames: states,
  ExpressionAttributeValues: marshall({ ':queued': 'queued', ':running': 'running', ...values }),
});

const heldRun = ({ runs, now, id, worker }: RunAt): HeldRun => {
  let number = 0;
  const update = (what: ReturnType<typeof change>): Step => ({
    as: 'run',
    write: { Update: { TableName: runs.name, Key: marshall(runKey(id)), ...what } },
  });
  const told = (what: string): Step => {
    number += 1;
    return { as: 'activity', write: activityPut(runs.name, { id, at: now(), number, what }) };
  };
  const letGo: TransactWriteItem = {
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
    counted: ({ pushed = 0, failed = 0 }) =>
      update(
        change('ADD pushed :pushed, failed :failed', { ':pushed': pushed, ':failed': failed }),
      ),
    told,
    end: async (state, reason) => {
      const ended = { ':ended': state, ':at': new Date(now()).toISOString(), ':reason': reason };
      const refused = await transact(runs.client, [
        update(change('SET #state = :ended, endedAt = :at, reason = :reason', ended)),
        { as: 'lock', write: letGo },
        told(reason ?? state),
      ]);
      if (refused.length > 0)
        throw new Error(`run ${id} could not be ended: ${refused.join(', ')}`);
    },
  };
};
