import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { runPath, type SyncRun } from '../schemas/salesforce.ts';
import { type RouteHandler, requireAdministrator } from '../shared/http.ts';
import { HttpProblem, read } from '../shared/problem.ts';
import {
  activityItem,
  activityPrefix,
  type LockItem,
  lockItem,
  lockKey,
  type RunItem,
  runItem,
  runKey,
} from '../shared/sync-run.ts';
import { getItem, type TableHandle } from '../shared/table.ts';
import { syncRunOf } from './sync-run-reply.ts';

interface SyncStatusDeps {
  readonly runs: TableHandle;
  readonly now: () => number;
}

/** `GET /salesforce/sync/{id}`: the state of a run. */
export const syncStatus =
  ({ runs, now }: SyncStatusDeps): RouteHandler =>
  async (request) => {
    requireAdministrator(request);
    const { id } = read(runPath, request.path, 'path');
    // The lock is read first, so that a run that ends between both reads counts as ended.
    const lock = await getItem(lockItem, runs, lockKey);
    const run = await getItem(runItem, runs, runKey(id));
    if (!run) throw new HttpProblem(404, 'No run has this id. Runs are kept for 90 days.');
    return { status: 200, body: await replyOf({ runs, now }, run, lock) };
  };

/** `GET /salesforce/sync`: the run that has the lock, or had it last. */
export const latestSync =
  ({ runs, now }: SyncStatusDeps): RouteHandler =>
  async (request) => {
    requireAdministrator(request);
    const lock = await getItem(lockItem, runs, lockKey);
    const run = lock && (await getItem(runItem, runs, runKey(lock.holder)));
    if (!run) throw new HttpProblem(404, 'No run was started in the last 90 days.');
    return { status: 200, body: await replyOf({ runs, now }, run, lock) };
  };

const replyOf = async (
  { runs, now }: SyncStatusDeps,
  run: RunItem,
  lock: LockItem | undefined,
): Promise<SyncRun> => {
  const hasEnded = run.state === 'succeeded' || run.state === 'failed';
  const activity = await readActivity(runs, run.run);
  return syncRunOf(hasEnded ? run : { ...run, ...stateFromLock(run, lock, now()) }, activity);
};

/** A dead worker cannot report its end, so the state is completed from the lock. */
const stateFromLock = (
  { run }: RunItem,
  lock: LockItem | undefined,
  now: number,
): Partial<RunItem> => {
  if (lock?.holder !== run)
    return {
      state: 'failed',
      reason: 'The run stopped before it finished, and another run was started since.',
    };
  if (lock.until >= now) return {};
  return {
    reason:
      'The worker no longer reports. ' +
      'Another worker takes the run over by itself; if it does not, start a new run.',
  };
};

const readActivity = async (
  { client, name }: TableHandle,
  id: string,
): Promise<SyncRun['activity']> => {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: name,
      KeyConditionExpression: '#run = :run AND begins_with(#entry, :activity)',
      ExpressionAttributeNames: { '#run': 'run', '#entry': 'entry' },
      ExpressionAttributeValues: marshall({ ':run': id, ':activity': activityPrefix }),
      ScanIndexForward: false,
      Limit: 100,
    }),
  );
  return Items.map((item) => activityItem.parse(unmarshall(item)));
};
