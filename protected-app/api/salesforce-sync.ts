import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { runId, type SyncRun, syncRequest } from '../schemas/salesforce.ts';
import { administratorOnly, type Handle } from '../shared/http.ts';
import type { Log } from '../shared/log.ts';
import { HttpProblem, read } from '../shared/problem.ts';
import {
  activityItem,
  activityPrefix,
  activityPut,
  expiryOf,
  type LockItem,
  lockItem,
  lockKey,
  type RunItem,
  runItem,
  runKey,
} from '../shared/sync-run.ts';
import { getItem, type Table, transact } from '../shared/table.ts';

interface Syncing {
  readonly runs: Table;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly now: () => number;
  readonly newId: () => string;
}

const secondsToWait = 5;
/** For so long a run may wait for a worker; then another may be started. */
const waitMs = 15 * 60_000;

const addressOf = (id: string): string => `/salesforce/sync/${id}`;

/** `POST /salesforce/sync`: starts a run, unless there is one. */
export const startSync =
  (syncing: Syncing): Handle =>
  async (request) => {
    const { sub } = administratorOnly(request);
    read(syncRequest, request.body === undefined ? {} : request.body, 'body');
    const now = syncing.now();
    const run: RunItem = {
      ...{ run: syncing.newId(), entry: 'run' },
      ...{ state: 'queued', startedAt: new Date(now).toISOString(), startedBy: sub, endedAt: null },
      ...{
        pushed: 0,
        failed: 0,
        reason: null,
        correlationId: request.requestId,
        expiresAt: expiryOf(now),
      },
    };
    if (!(await begin(syncing, run, now))) throw await alreadyRunning(syncing);
    await enqueue(syncing, run).catch((error: unknown) =>
      notQueued(syncing, run, request.log, error),
    );
    const headers = { Location: addressOf(run.run), 'Retry-After': String(secondsToWait) };
    return { status: 202, body: shown(run, [{ at: run.startedAt, what: 'asked for' }]), headers };
  };

/** Takes the lock and writes the run down, or neither. */
const begin = async ({ runs }: Syncing, run: RunItem, now: number): Promise<boolean> => {
  const lock: LockItem = { ...lockKey, holder: run.run, until: now + waitMs };
  const free = {
    ConditionExpression: 'attribute_not_exists(#run) OR #until < :now',
    ExpressionAttributeNames: { '#run': 'run', '#until': 'until' },
    ExpressionAttributeValues: marshall({ ':now': now }),
  };
  const refused = await transact(runs.client, [
    { as: 'lock', write: { Put: { TableName: runs.name, Item: marshall(lock), ...free } } },
    { as: 'run', write: { Put: { TableName: runs.name, Item: marshall(run) } } },
    {
      as: 'activity',
      write: activityPut(runs.name, { id: run.run, at: now, number: 0, what: 'asked for' }),
    },
  ]);
  return refused.length === 0;
};

const alreadyRunning = async ({ runs }: Syncing): Promise<HttpProblem> => {
  const lock = await getItem(lockItem, runs, lockKey);
  const headers = {
    'Retry-After': String(secondsToWait),
    ...(lock && { Location: addressOf(lock.holder) }),
  };
  return new HttpProblem(
    409,
    `A run is under way: ${lock?.holder ?? 'it ends just now'}. There is one at a time.`,
    { headers },
  );
};

const enqueue = ({ sqs, queueUrl }: Syncing, { run, correlationId }: RunItem) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify({ id: run }),
      MessageAttributes: { correlationId: { DataType: 'String', StringValue: correlationId } },
    }),
  );

/**
 * The run says that it failed and lets the next one pass; where even that cannot be written, the
 * lock runs out. Where a worker has it already, it did get into the queue after all.
 */
const notQueued = async (
  { runs, now }: Syncing,
  { run }: RunItem,
  log: Log,
  error: unknown,
): Promise<void> => {
  log.error('a run could not be queued', { run, error });
  const ended = {
    ':failed': 'failed',
    ':queued': 'queued',
    ':at': new Date(now()).toISOString(),
    ':reason': 'It could not be put into the queue.',
  };
  const refused = await transact(runs.client, [
    {
      as: 'run',
      write: {
        Update: {
          TableName: runs.name,
          Key: marshall(runKey(run)),
          UpdateExpression: 'SET #state = :failed, endedAt = :at, reason = :reason',
          ConditionExpression: '#state = :queued',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: marshall(ended),
        },
      },
    },
    { as: 'lock', write: { Update: release(runs.name, run) } },
  ]);
  if (refused.includes('run')) return;
  throw new HttpProblem(503, 'The run could not be queued. Start it again.', {
    headers: { 'Retry-After': '5' },
  });
};

const release = (TableName: string, run: string) => ({
  TableName,
  Key: marshall(lockKey),
  UpdateExpression: 'SET #until = :zero',
  ConditionExpression: 'holder = :run',
  ExpressionAttributeNames: { '#until': 'until' },
  ExpressionAttributeValues: marshall({ ':zero': 0, ':run': run }),
});

/** `GET /salesforce/sync/{id}`: how far a run is. */
export const syncStatus =
  ({ runs, now }: Pick<Syncing, 'runs' | 'now'>): Handle =>
  async (request) => {
    administratorOnly(request);
    const id = runId.safeParse(request.path.id);
    // The lock first: a run that ends between the two is read as ended.
    const lock = await getItem(lockItem, runs, lockKey);
    const run = id.success ? await getItem(runItem, runs, runKey(id.data)) : undefined;
    if (!run) throw new HttpProblem(404, 'There is no such run.');
    const ended = run.state === 'succeeded' || run.state === 'failed';
    const activity = await activityOf(runs, run.run);
    return {
      status: 200,
      body: shown(ended ? run : { ...run, ...signOfLife(run, lock, now()) }, activity),
    };
  };

/**
 * A run whose worker died says so itself to nobody: what the lock says is added when somebody asks.
 */
const signOfLife = (
  { run }: RunItem,
  lock: LockItem | undefined,
  now: number,
): Partial<RunItem> => {
  if (lock?.holder !== run)
    return { state: 'failed', reason: 'It was stopped half-way, and another run has taken over.' };
  if (lock.until >= now) return {};
  return {
    reason: 'There is no sign of life: the queue will hand it over again, or start another run.',
  };
};

const activityOf = async ({ client, name }: Table, id: string): Promise<SyncRun['activity']> => {
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

const shown = (
  { run, state, startedAt, startedBy, endedAt, pushed, failed, reason }: RunItem,
  activity: SyncRun['activity'],
): SyncRun => ({
  ...{ id: run, state, startedAt, startedBy, endedAt, pushed, failed, activity, reason },
});
