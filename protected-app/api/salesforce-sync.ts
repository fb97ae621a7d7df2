import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { syncRequest } from '../schemas/salesforce.ts';
import { type RouteHandler, requireAdministrator } from '../shared/http.ts';
import type { AppLog } from '../shared/log.ts';
import { HttpProblem, read } from '../shared/problem.ts';
import {
  activityPut,
  expiryOf,
  type LockItem,
  lockItem,
  lockKey,
  type RunItem,
  runKey,
} from '../shared/sync-run.ts';
import { getItem, type TableHandle, transact } from '../shared/table.ts';
import { syncRunOf } from './sync-run-reply.ts';

interface SyncDeps {
  readonly runs: TableHandle;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly now: () => number;
  readonly newId: () => string;
}

const secondsToWait = 5;
/** A run may wait this long for a worker; then another one may be started. */
const queueWaitMs = 15 * 60_000;

const pathOf = (id: string): string => `/salesforce/sync/${id}`;

/** `POST /salesforce/sync`: starts a run, unless one is in progress. */
export const startSync =
  (deps: SyncDeps): RouteHandler =>
  async (request) => {
    const { sub } = requireAdministrator(request);
    read(syncRequest, request.body === undefined ? {} : request.body, 'body');
    const now = deps.now();
    const run: RunItem = {
      ...{ run: deps.newId(), entry: 'run' },
      ...{ state: 'queued', startedAt: new Date(now).toISOString(), startedBy: sub, endedAt: null },
      ...{
        pushed: 0,
        failed: 0,
        reason: null,
        correlationId: request.requestId,
        expiresAt: expiryOf(now),
      },
    };
    if (!(await takeLock(deps, run, now))) throw await alreadyRunning(deps);
    await enqueue(deps, run).catch((error: unknown) => failUnqueued(deps, run, request.log, error));
    const headers = { Location: pathOf(run.run), 'Retry-After': String(secondsToWait) };
    return {
      status: 202,
      body: syncRunOf(run, [{ at: run.startedAt, what: 'requested' }]),
      headers,
    };
  };

/** Takes the lock and stores the run, both or neither. */
const takeLock = async ({ runs }: SyncDeps, run: RunItem, now: number): Promise<boolean> => {
  const lock: LockItem = { ...lockKey, holder: run.run, until: now + queueWaitMs };
  const isFree = {
    ConditionExpression: 'attribute_not_exists(#run) OR #until < :now',
    ExpressionAttributeNames: { '#run': 'run', '#until': 'until' },
    ExpressionAttributeValues: marshall({ ':now': now }),
  };
  const refused = await transact(runs.client, [
    { label: 'lock', write: { Put: { TableName: runs.name, Item: marshall(lock), ...isFree } } },
    { label: 'run', write: { Put: { TableName: runs.name, Item: marshall(run) } } },
    {
      label: 'activity',
      write: activityPut(runs.name, { id: run.run, at: now, number: 0, what: 'requested' }),
    },
  ]);
  return refused.length === 0;
};

const alreadyRunning = async ({ runs }: SyncDeps): Promise<HttpProblem> => {
  const lock = await getItem(lockItem, runs, lockKey);
  const headers = {
    'Retry-After': String(secondsToWait),
    ...(lock && { Location: pathOf(lock.holder) }),
  };
  const detail = lock
    ? `Run ${lock.holder} is in progress; only one may run. Location says where its state is.`
    : 'Another run is just ending. Start this one again after the seconds in Retry-After.';
  return new HttpProblem(409, detail, { headers });
};

const enqueue = ({ sqs, queueUrl }: SyncDeps, { run, correlationId }: RunItem) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify({ id: run }),
      MessageAttributes: { correlationId: { DataType: 'String', StringValue: correlationId } },
    }),
  );

const unqueuedDetail =
  'The run could not be queued and has ended. Start a new one after the seconds in Retry-After.';

/**
 * Marks the run as failed and releases the lock; if that fails too, the lock expires. If a worker
 * has the run already, the message was sent after all.
 */
const failUnqueued = async (
  { runs, now }: SyncDeps,
  { run }: RunItem,
  log: AppLog,
  error: unknown,
): Promise<void> => {
  log.error('a run could not be queued', { run, error });
  const ending = {
    ':failed': 'failed',
    ':queued': 'queued',
    ':at': new Date(now()).toISOString(),
    ':reason': 'The run could not be queued. Start a new one.',
  };
  const refused = await transact(runs.client, [
    {
      label: 'run',
      write: {
        Update: {
          TableName: runs.name,
          Key: marshall(runKey(run)),
          UpdateExpression: 'SET #state = :failed, endedAt = :at, reason = :reason',
          ConditionExpression: '#state = :queued',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: marshall(ending),
        },
      },
    },
    { label: 'lock', write: { Update: lockRelease(runs.name, run) } },
  ]);
  if (refused.includes('run')) return;
  throw new HttpProblem(503, unqueuedDetail, { headers: { 'Retry-After': '5' } });
};

const lockRelease = (TableName: string, run: string) => ({
  TableName,
  Key: marshall(lockKey),
  UpdateExpression: 'SET #until = :zero',
  ConditionExpression: 'holder = :run',
  ExpressionAttributeNames: { '#until': 'until' },
  ExpressionAttributeValues: marshall({ ':zero': 0, ':run': run }),
});
