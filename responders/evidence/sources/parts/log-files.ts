import {
  FilterLogEventsCommand,
  type FilterLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Collecting, CollectorOutput } from '../../collector.ts';

const most = { events: 50_000, pages: 200, fileBytes: 4_000_000 };

/** A span of time, in epoch milliseconds; its name begins the names of its files. */
export interface LogSpan {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The events of a log group in that span, a line each; a gap says where the caps cut them off. */
export const logFiles = async function* (
  logGroupName: string,
  span: LogSpan,
  { logs, signal }: Collecting,
): CollectorOutput {
  let nextToken: string | undefined;
  let events = 0;
  let fileNumber = 1;
  let lines: string[] = [];
  let bytes = 0;
  for (let page = 1; page <= most.pages; page += 1) {
    const command = new FilterLogEventsCommand({
      logGroupName,
      startTime: span.from,
      endTime: span.to,
      nextToken,
    });
    const answer: FilterLogEventsCommandOutput = await logs.send(command, { abortSignal: signal });
    for (const event of answer.events ?? []) {
      const line = `${JSON.stringify(event)}\n`;
      lines.push(line);
      bytes += line.length;
    }
    events += answer.events?.length ?? 0;
    ({ nextToken } = answer);
    const isCutOff = events >= most.events || page === most.pages;
    if (!nextToken || isCutOff || bytes >= most.fileBytes) {
      yield {
        path: `logs/${span.name}-${String(fileNumber).padStart(4, '0')}.jsonl`,
        type: 'application/jsonl',
        source: 'logs:FilterLogEvents',
        requestId: answer.$metadata.requestId ?? null,
        body: lines.join(''),
      };
      [lines, bytes, fileNumber] = [[], 0, fileNumber + 1];
    }
    if (!nextToken) return;
    if (isCutOff) {
      return yield {
        kind: 'incomplete',
        what: `log events, ${span.name}`,
        why: `stopped after ${events} events: later ones are not here`,
      };
    }
  }
};
