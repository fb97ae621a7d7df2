import {
  type CloudTrailClient,
  type LookupAttribute,
  LookupEventsCommand,
  type LookupEventsCommandOutput,
} from '@aws-sdk/client-cloudtrail';

/** One page of CloudTrail's event history, newest records first. */
export interface HistoryPage {
  /** As CloudTrail wrote them: JSON texts. */
  readonly records: readonly string[];
  readonly metadata: LookupEventsCommandOutput['$metadata'];
  readonly isLast: boolean;
}

export interface HistoryQuery {
  readonly attribute: LookupAttribute;
  readonly from: Date;
  readonly to?: Date;
}

export interface HistoryReader {
  readonly cloudtrail: CloudTrailClient;
  readonly mostPages: number;
  /** Waits between two pages: AWS allows two requests a second for an account and region. */
  readonly pause: () => Promise<unknown>;
  readonly signal?: AbortSignal;
}

export const recordsPerPage = 50;

/** Reads page after page until the last one, or until `mostPages` were read. */
export const historyPages = async function* (
  { attribute, from, to }: HistoryQuery,
  { cloudtrail, mostPages, pause, signal }: HistoryReader,
): AsyncGenerator<HistoryPage, void, void> {
  let NextToken: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    if (page > 0) await pause();
    const command = new LookupEventsCommand({
      LookupAttributes: [attribute],
      StartTime: from,
      EndTime: to,
      MaxResults: recordsPerPage,
      NextToken,
    });
    const answer: LookupEventsCommandOutput = await cloudtrail.send(
      command,
      signal ? { abortSignal: signal } : {},
    );
    ({ NextToken } = answer);
    yield {
      records: (answer.Events ?? []).map(({ CloudTrailEvent = '{}' }) => CloudTrailEvent),
      metadata: answer.$metadata,
      isLast: !NextToken,
    };
    if (!NextToken) return;
  }
};
