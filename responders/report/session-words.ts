import type { Case, Release } from '../incident/case.ts';
import { type SeenCalls, seenIn } from '../incident/stage.ts';
import { type FunctionRecord, type Suspect, suspectNames } from '../incident/suspect.ts';
import type { NamedAttacker } from '../shared/attacker.ts';
import { inZone } from '../shared/time-text.ts';

/** As the case has it, or as `cordon show` shows it. */
interface ReleasedIncident {
  readonly suspect: Suspect | FunctionRecord | null;
  readonly release: Release | null;
  readonly attacker?: NamedAttacker | undefined;
  readonly seen?: SeenCalls | undefined;
}

/** The temporary keys that the finding and the timeline saw in foreign hands, by their ends. */
const stolenKeys = ({ attacker, seen }: ReleasedIncident): string => {
  const ends = new Set([attacker?.keyEnd ?? [], seen?.keyEnds ?? []].flat());
  return ends.size === 0 ? '' : ` Seen in foreign hands: keys ending ${[...ends].join(', ')}.`;
};

/** The function, the session or the role, whichever is the narrowest. */
const nameOf = (suspect: Suspect | FunctionRecord): string | undefined =>
  ('kind' in suspect ? suspectNames(suspect) : [suspect.functionName])[0];

/** Whether a stolen session can be used after the release, and until when it lives. */
export const earlierSessionsText = (released: ReleasedIncident, zone: string): string => {
  const { suspect, release } = released;
  const sessions = release?.sessions;
  if (!sessions || !suspect || !('roleName' in suspect)) return '';
  const end = inZone(sessions.until, zone);
  return (
    `Sessions of ${nameOf(suspect)} from before the release ` +
    (sessions.denied
      ? `stay denied; the last expires at ${end}.`
      : `WORK AGAIN until they expire, stolen ones too; the last at ${end}.`) +
    stolenKeys(released)
  );
};

/** The same for an incident as the case table has it. */
export const earlierSessionsOf = ({ head, stages }: Case, zone: string): string =>
  earlierSessionsText({ ...head, seen: seenIn(stages) }, zone);

/** What is said before a release, of what it will do about earlier sessions. */
export const beforeRelease =
  'The release denies the sessions from before it, because a stolen one would work again; ' +
  'roles that they went on to use are not denied.';

/** New sessions come with new execution environments, and those could not be asked for. */
export const notRenewedText = (why: string): string =>
  'The workload may still hold a session that is denied now, and then its calls fail: deploy a ' +
  `function or change any setting of it, start anything else anew (${why}).`;
