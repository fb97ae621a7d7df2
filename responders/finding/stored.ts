import { jsonIn, textAt } from '../shared/json.ts';
import { isName } from '../shared/names.ts';

/** The event as the case table keeps it; unreadable events are kept as well. */
const eventOf = (raw: string | undefined): unknown => jsonIn(raw ?? '');

/** The start of the activity; `NaN` where the finding has none. */
export const firstSeenIn = (raw: string): number => {
  const event = eventOf(raw);
  const path = 'detail.service.eventFirstSeen';
  return Date.parse(textAt(event, path) ?? textAt(event, `event.${path}`) ?? '');
};

/** The IAM user that the finding is about; users and roles are named from the same letters. */
export const userIn = (raw: string | undefined): string | undefined => {
  const event = eventOf(raw);
  const name = textAt(event, 'detail.resource.accessKeyDetails.userName');
  const kind = textAt(event, 'detail.resource.accessKeyDetails.userType');
  return kind === 'IAMUser' && name !== null && isName('role', name) ? name : undefined;
};

/** Whether the finding names a function and its region; a session is one of any region. */
export const isAboutFunction = (raw: string | undefined): boolean =>
  textAt(eventOf(raw), 'detail.resource.lambdaDetails.functionName') !== null;

/** The version of the function that the finding is about. */
export const functionVersionIn = (raw: string | undefined): string | null =>
  textAt(eventOf(raw), 'detail.resource.lambdaDetails.functionVersion');
