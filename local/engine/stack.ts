import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudFormationClient,
  CreateStackCommand,
  DescribeEventsCommand,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CordonError } from '../../operator/errors.ts';
import { errorMessage } from '../../responders/shared/errors.ts';

type Template = { readonly TemplateURL: string } | { readonly TemplateBody: string };

/**
 * Creates or updates one stack and waits for it, asking often; says which resources failed and why.
 */
export const applyStack = async (
  cfn: CloudFormationClient,
  name: string,
  template: Template,
  signal?: AbortSignal,
): Promise<Stack> => {
  const input = {
    StackName: name,
    Capabilities: ['CAPABILITY_NAMED_IAM' as const, 'CAPABILITY_AUTO_EXPAND' as const],
    ...template,
  };
  const since = new Date(Date.now() - 1_000);
  const exists = (await find(cfn, name)) !== undefined;
  try {
    await cfn.send(exists ? new UpdateStackCommand(input) : new CreateStackCommand(input));
  } catch (error) {
    const message = errorMessage(error);
    if (!/No updates/.test(message))
      throw new CordonError(`stack ${name} was refused: ${message}`, { cause: error });
  }
  const stack = await settled(cfn, name, signal);
  if (/^(CREATE|UPDATE)_COMPLETE$/.test(stack.StackStatus ?? '')) return stack;
  const reasons = await failures(cfn, name, since);
  throw new CordonError(
    `stack ${name} could not be deployed (${stack.StackStatus}):\n` +
      (reasons.join('\n') || `  ${stack.StackStatusReason ?? 'no reason given'}`),
  );
};

const find = (cfn: CloudFormationClient, name: string): Promise<Stack | undefined> =>
  cfn.send(new DescribeStacksCommand({ StackName: name })).then(
    ({ Stacks }) => Stacks?.[0],
    (error: unknown) => {
      if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
      throw error;
    },
  );

const settled = async (
  cfn: CloudFormationClient,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Stack> => {
  for (;;) {
    const stack = await find(cfn, name);
    if (stack === undefined) throw new CordonError(`stack ${name} vanished while it was deployed`);
    if (!stack.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
    await sleep(50, undefined, { signal });
  }
};

const failures = async (
  cfn: CloudFormationClient,
  name: string,
  since: Date,
): Promise<readonly string[]> => {
  const reasons: string[] = [];
  for await (const { StackEvents = [] } of paginateDescribeStackEvents(
    { client: cfn },
    { StackName: name },
  )) {
    const failed = StackEvents.filter(
      ({ ResourceStatus, Timestamp }) =>
        ResourceStatus?.endsWith('_FAILED') && (Timestamp ?? since) >= since,
    );
    reasons.push(
      ...failed
        .filter(({ ResourceType }) => ResourceType !== 'AWS::CloudFormation::Stack')
        .map((event) => line(event, event.ResourceStatusReason)),
    );
  }
  // newest first; the first failure is the cause
  return reasons.length > 0 ? reasons.reverse() : validationFailures(cfn, name);
};

/**
 * The reasons for a template that CloudFormation refused before it made a resource: they are events
 * of the operation, and the event of the stack only counts them.
 */
const validationFailures = async (
  cfn: CloudFormationClient,
  name: string,
): Promise<readonly string[]> => {
  const { OperationEvents = [] } = await cfn.send(
    new DescribeEventsCommand({ StackName: name, Filters: { FailedEvents: true } }),
  );
  return OperationEvents.filter(({ EventType }) => EventType === 'VALIDATION_ERROR').map((event) =>
    line(event, event.ValidationStatusReason),
  );
};

const line = (
  resource: { LogicalResourceId?: string | undefined; ResourceType?: string | undefined },
  reason = 'no reason given',
): string => `  ${resource.LogicalResourceId} (${resource.ResourceType}): ${reason}`;
