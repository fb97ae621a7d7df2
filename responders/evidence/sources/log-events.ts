import {
  FilterLogEventsCommand,
  type FilterLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { Head } from '../../incident/case.ts';
import { lookBackOf } from '../../incident/look-back.ts';
import type { Collecting, Collector, CollectorOutput } from '../collector.ts';
import { reasonOf } from './parts/answer.ts';
import { nobody, readingFunctions } from './parts/suspect.ts';

const minute = 60_000;
const most = { events: 50_000, pages: 200, fileBytes: 4_000_000 };

interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The minutes around the activity first: where a cap cuts, it cuts the day before. A drill has
 * neither: it begins with its activity.
 */
const spans = (head: Head, now: number): readonly Span[] => {
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

const read = async function* (
  logGroupName: string,
  span: Span,
  { logs, signal }: Collecting,
): CollectorOutput {
  let [nextToken, events, bytes, file]: [string | undefined, number, number, number] = [
    undefined,
    0,
    0,
    1,
  ];
  let lines: string[] = [];
  const piece = (requestId: string | undefined) => ({
    path: `logs/${span.name}-${String(file).padStart(4, '0')}.jsonl`,
    type: 'application/jsonl',
    source: 'logs:FilterLogEvents',
    requestId: requestId ?? null,
    body: lines.join(''),
  });
  for (let page = 0; page < most.pages; page += 1) {
    const command = new FilterLogEventsCommand({
      logGroupName,
      startTime: span.from,
      endTime: span.to,
      nextToken,
    });
    const answer: FilterLogEventsCommandOutput = await logs.send(command, { abortSignal: signal });
    for (const event of answer.events ?? []) lines.push(`${JSON.stringify(event)}\n`);
    events += answer.events?.length ?? 0;
    bytes += lines
      .slice(-(answer.events?.length ?? 0) || lines.length)
      .reduce((sum, line) => sum + line.length, 0);
    ({ nextToken } = answer);
    const last = !nextToken || events >= most.events || page + 1 === most.pages;
    if (last || bytes >= most.fileBytes) {
      yield piece(answer.$metadata.requestId);
      [lines, bytes, file] = [[], 0, file + 1];
    }
    if (!nextToken) return;
    if (last)
      return yield {
        kind: 'incomplete',
        what: `log events, ${span.name}`,
        why: `stopped after ${events} events: later ones are not here`,
      };
  }
};

export const logEvents: Collector = {
  id: 'collect.log-events',
  title: 'Log events of the function, from a day before the activity (a drill: from it) until now',
  when: 'at once',
  calls: [
    readingFunctions('GetFunctionConfiguration'),
    { on: 'logs:log-group:*', may: ['FilterLogEvents'] },
  ],
  async *collect({ head }, from) {
    if (head.suspect?.kind !== 'function') return yield nobody('log events');
    let group = usualGroup(head.suspect.functionName);
    try {
      group = await groupOf(head.suspect.functionName, from);
    } catch (error) {
      const why = `${reasonOf(error)}; ${group}, where functions usually write, was read instead`;
      yield { what: 'where the function writes its log', why };
    }
    for (const span of spans(head, from.now()))
      try {
        yield* read(group, span, from);
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
