import type { Timeline } from '../api/calls.ts';
import { counted } from '../parts/words.ts';

/** How far a timeline has been read. */
export interface ReadPart {
  /** How many events are here. */
  readonly read: number;
  readonly isReading: boolean;
  /** Whether they are all of its events. */
  readonly isWhole: boolean;
  readonly head: Pick<Timeline, 'events' | 'provisional'> | undefined;
}

/** `500 events of 10,000` */
export const partText = ({ read, head }: ReadPart): string =>
  `${counted(read, 'event')} of ${(head?.events ?? 0).toLocaleString('en')}`;

/** Why no event is shown. */
export const noneText = ({
  read,
  isReading,
  isWhole,
  head,
}: ReadPart): readonly [title: string, text: string] => {
  if (isReading)
    return ['Nothing in what was read so far', 'The rest of the timeline is being read.'];
  if (!isWhole)
    return ['Nothing in what was read', 'What was not read may have events of this selection.'];
  if (read > 0) return ['No match', 'No event fits this selection.'];
  return head?.provisional
    ? ['No call is in the records yet', 'CloudTrail may deliver more.']
    : ['No call is in the records', 'CloudTrail has delivered none.'];
};
