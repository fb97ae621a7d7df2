import type { LookupAttribute } from '@aws-sdk/client-cloudtrail';
import type { Case } from '../../../incident/case.ts';
import { type Suspect, suspectsOf } from '../../../incident/suspect.ts';
import { userOf } from './suspect.ts';

/** One question to the event history, and the name of the file that holds the answer. */
export interface EventLookup {
  readonly name: string;
  readonly attribute: LookupAttribute;
}

const by = (
  name: string,
  AttributeKey: LookupAttribute['AttributeKey'],
  AttributeValue: string,
): EventLookup => ({ name, attribute: { AttributeKey, AttributeValue } });

const lookupsFor = (suspect: Suspect): readonly EventLookup[] => {
  switch (suspect.kind) {
    case 'function':
      return [
        by('by-session', 'Username', suspect.functionName),
        by('about-function', 'ResourceName', suspect.functionName),
        by('about-role', 'ResourceName', suspect.roleName),
      ];
    case 'session':
      return [
        by('by-session', 'Username', suspect.sessionName),
        by('about-role', 'ResourceName', suspect.roleName),
      ];
    case 'role':
      return [by('about-role', 'ResourceName', suspect.roleName)];
    case 'user':
    case 'access-key':
      return [by('by-user', 'Username', suspect.userName)];
  }
};

/** The first of a name keeps it, the others get a number: `by-user`, `by-user-2`. */
const numbered = (wanted: readonly EventLookup[]): readonly EventLookup[] =>
  wanted.map(({ name, attribute }, index) => {
    const nth = wanted.slice(0, index).filter((before) => before.name === name).length + 1;
    return { name: nth === 1 ? name : `${name}-${nth}`, attribute };
  });

/** Each question once: several suspects may be sessions of one role. */
export const lookupsOf = (incident: Case): readonly EventLookup[] => {
  const user = userOf(incident);
  const wanted = [
    ...suspectsOf(incident.head).flatMap(lookupsFor),
    ...(user ? [by('by-user', 'Username', user)] : []),
  ];
  const asked = new Map(wanted.map((lookup) => [JSON.stringify(lookup), lookup]));
  return numbered([...asked.values()]);
};
