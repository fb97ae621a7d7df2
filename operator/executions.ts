import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';

/** How an execution of a state machine ended. */
export interface EndedExecution {
  readonly status: string;
  readonly output: unknown;
  readonly error: string | null;
}

/** The ARN of the execution of a state machine with this name. */
export const executionArnOf = (machine: string, name: string): string =>
  `${machine.replace(':stateMachine:', ':execution:')}:${name}`;

/** Whether an execution with the same name was started before. */
export const isStartedAlready = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ExecutionAlreadyExists';

/** How an execution ended; `undefined` while it runs. */
export const endOf = async (
  sfn: SFNClient,
  executionArn: string,
): Promise<EndedExecution | undefined> => {
  const {
    status = '',
    output: said,
    error,
    cause,
  } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return undefined;
  return {
    status,
    output: said ? JSON.parse(said) : null,
    error: error ? `${error}${cause ? `: ${cause}` : ''}` : null,
  };
};
