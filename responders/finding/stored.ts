import { textAt } from '../shared/json.ts';
import { isName } from '../shared/names.ts';

/**
 * Readers of a finding as the case table keeps it: the text of the event, which may be no finding
 * at all.
 */
const eventOf = (raw: string | undefined): unknown => {
  try {
    const event: unknown = JSON.parse(raw ?? '');
    return event;
  } catch {
    return undefined;
  }
};

/** When the activity began; `NaN` where the finding does not say. */
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

/** The version of the function that the finding is about. */
export const functionVersionIn = (raw: string | undefined): string | null =>
  textAt(eventOf(raw), 'detail.resource.lambdaDetails.functionVersion');
