import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { Head } from '../../incident/case.ts';
import { lookBackOf } from '../../incident/look-back.ts';
import type { Collecting, Collector } from '../collector.ts';
import { reasonOf } from './parts/answer.ts';
import { type LogSpan, logFiles } from './parts/log-files.ts';
import { noFunction, readingFunctions } from './parts/suspect.ts';

const minute = 60_000;

/**
 * The minutes around the activity first: where a cap cuts, it cuts the day before. A drill has
 * neither: it begins with its activity.
 */
const spans = (head: Head, now: number): readonly LogSpan[] => {
  const opened = Date.parse(head.openedAt);
  const activity = Math.min(head.clocks.activity ?? opened, opened);
  const lookBack = lookBackOf(head);
  if (lookBack === 0) return [{ name: 'around', from: activity, to: now }];
  const start = activity - 15 * minute;
  return [
    { name: 'around', from: start, to: now },
    { name: 'day-before', from: start - lookBack, to: start - 1 },
  ];
};

const usualGroup = (functionName: string): string => `/aws/lambda/${functionName}`;

/** A function may write elsewhere than to the group that bears its name. */
const groupOf = async (FunctionName: string, { lambda, signal }: Collecting): Promise<string> => {
  const { LoggingConfig } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName }),
    { abortSignal: signal },
  );
  return LoggingConfig?.LogGroup ?? usualGroup(FunctionName);
};

export const logEvents: Collector = {
  id: 'collect.log-events',
  title: 'Log events of the function, from a day before the activity (a drill: from it) until now',
  when: 'at once',
  about: ['function'],
  calls: [
    readingFunctions('GetFunctionConfiguration'),
    { on: 'logs:log-group:*', may: ['FilterLogEvents'] },
  ],
  async *collect({ head }, from) {
    if (head.suspect?.kind !== 'function') return yield noFunction;
    let group = usualGroup(head.suspect.functionName);
    try {
      group = await groupOf(head.suspect.functionName, from);
    } catch (error) {
      const why = `${reasonOf(error)}; ${group}, where functions usually write, was read instead`;
      yield { what: 'where the function writes its log', why };
    }
    for (const span of spans(head, from.now()))
      try {
        yield* logFiles(group, span, from);
      } catch (error) {
        const window = `${new Date(span.from).toISOString()} to ${new Date(span.to).toISOString()}`;
        yield { what: `log events of ${group}, ${window}`, why: reasonOf(error) };
      }
    yield {
      kind: 'incomplete',
      what: 'log events later than the collection',
      why: 'lines can arrive minutes late; the log group itself is not protected',
      always: true,
    };
  },
};
