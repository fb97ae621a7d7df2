import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import {
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { clientConfig } from '../../local/engine/clients.ts';
import { processes } from '../../local/engine/processes.ts';
import {
  type DeploymentOutputs,
  type DrillTarget,
  type EngineAddress,
  inParallel,
} from './targets.ts';

export type ScannedItem = Readonly<Record<string, unknown>>;

/** How many executions of the incident response are in each state. */
export const executions = async (
  at: EngineAddress,
  { IncidentMachineArn = '' }: DeploymentOutputs,
): Promise<Readonly<Record<string, number>>> => {
  const counts: Record<string, number> = {};
  const states = new SFNClient(clientConfig(at));
  for await (const page of paginateListExecutions(
    { client: states },
    { stateMachineArn: IncidentMachineArn, maxResults: 1000 },
  ))
    for (const { status = '' } of page.executions ?? []) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

/**
 * How often a task was refused or failed and was tried again or given up, by the name of the error;
 * and why executions failed.
 */
export const setbacks = async (
  at: EngineAddress,
  { IncidentMachineArn = '' }: DeploymentOutputs,
): Promise<Readonly<Record<string, number>>> => {
  const counts: Record<string, number> = {};
  const states = new SFNClient(clientConfig(at));
  const arns: string[] = [];
  for await (const page of paginateListExecutions(
    { client: states },
    { stateMachineArn: IncidentMachineArn, maxResults: 1000 },
  ))
    for (const { executionArn = '' } of page.executions ?? []) arns.push(executionArn);
  await inParallel(arns, 4, async (executionArn) => {
    for await (const page of paginateGetExecutionHistory(
      { client: states },
      { executionArn, maxResults: 1000 },
    ))
      for (const {
        taskFailedEventDetails: task,
        executionFailedEventDetails: whole,
      } of page.events ?? []) {
        const what = whole
          ? `execution failed: ${whole.error}: ${whole.cause}`.slice(0, 300)
          : task?.error;
        if (what !== undefined) counts[what] = (counts[what] ?? 0) + 1;
      }
  });
  return counts;
};

/** Incidents that wait for a person: their executions run on for half an hour. */
const asking = async (at: EngineAddress, outputs: DeploymentOutputs): Promise<number> =>
  having(await caseItems(at, outputs), 'sk', 'HEAD').filter(
    ({ state }) => state === 'awaiting-approval',
  ).length;

/**
 * Waits until this many executions have come to an end or wait for a person; gives up with the
 * counts of that moment.
 */
export const settled = async (
  at: EngineAddress,
  outputs: DeploymentOutputs,
  wanted: number,
  withinMs: number,
): Promise<Readonly<Record<string, number>>> => {
  let [seen, moved] = ['', Date.now()];
  for (const until = Date.now() + withinMs; ; await sleep(1_000)) {
    const { RUNNING = 0, ...ended } = await executions(at, outputs);
    const counts = { ...ended, ...(RUNNING > 0 && { RUNNING }) };
    if (JSON.stringify(counts) !== seen) [seen, moved] = [JSON.stringify(counts), Date.now()];
    const still = Date.now() - moved > 5_000;
    const started = Object.values(ended).reduce((sum, count) => sum + count, RUNNING);
    if (
      Date.now() > until ||
      (started >= wanted && (RUNNING === 0 || (still && RUNNING === (await asking(at, outputs)))))
    )
      return counts;
  }
};

/** Every item of the case table. */
export const caseItems = async (
  at: EngineAddress,
  { CaseTableName = '' }: DeploymentOutputs,
): Promise<readonly ScannedItem[]> => {
  const items: ScannedItem[] = [];
  const dynamodb = new DynamoDBClient(clientConfig(at));
  for await (const page of paginateScan(
    { client: dynamodb },
    { TableName: CaseTableName, ConsistentRead: true },
  ))
    items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
  return items;
};

export const having = (
  items: readonly ScannedItem[],
  key: 'pk' | 'sk',
  prefix: string,
): readonly ScannedItem[] => items.filter((item) => String(item[key]).startsWith(prefix));

/** Messages in the queue of findings that could not be handed over. */
export const deadLetters = async (
  at: EngineAddress,
  { RuleDeadLetterUrl = '' }: DeploymentOutputs,
): Promise<number> => {
  const QueueUrl = `${at.endpoint}${new URL(RuleDeadLetterUrl).pathname}`;
  const sqs = new SQSClient(clientConfig(at));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
};

/** Policies attached to each target's role. */
export const attachments = (
  at: EngineAddress,
  targets: readonly DrillTarget[],
): Promise<readonly string[][]> => {
  const iam = new IAMClient(clientConfig(at));
  return inParallel(targets, 8, async ({ roleName }) => {
    const { AttachedPolicies = [] } = await iam.send(
      new ListAttachedRolePoliciesCommand({ RoleName: roleName }),
    );
    return AttachedPolicies.map(({ PolicyArn = '' }) => PolicyArn);
  });
};

/** Resident megabytes of the engine itself, and of it with all its functions. */
export const residentMb = (engine: number): { readonly engine: number; readonly all: number } => {
  const of = (pid: number): number => {
    try {
      return (
        Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) /
        1_024
      );
    } catch {
      return 0; // ended meanwhile
    }
  };
  const group = processes().filter((process) => process.group === engine);
  return {
    engine: Math.round(of(engine)),
    all: Math.round(group.reduce((sum, { pid }) => sum + of(pid), 0)),
  };
};
