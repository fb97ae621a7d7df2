import { possibleSuspects } from '../decide/kinds.ts';
import { type Finding, parseFinding } from '../finding/finding.ts';
import { identify, type Named } from '../finding/identify.ts';
import { everybodyIn, nameKey, nameKeysIn } from '../finding/named.ts';
import type { Case } from '../incident/case.ts';
import { type Suspect, suspectNames, suspectsOf } from '../incident/suspect.ts';
import type { Aws } from '../shared/aws.ts';
import { EdgeError } from '../shared/errors.ts';
import { jsonIn } from '../shared/json.ts';

/** Whom a stored finding names; nobody where the event could not be read. */
const namedInStored = (raw: string, drill: boolean): readonly Named[] => {
  try {
    return everybodyIn(identify(parseFinding(jsonIn(raw), drill)));
  } catch (error) {
    if (error instanceof EdgeError) return [];
    throw error;
  }
};

/** Whom an incident is about; an older Cordon has kept no more than the findings. */
export const namesOfCase = ({ head, findings }: Case): readonly string[] =>
  head.names ?? namedInStored(findings[0]?.raw ?? '', head.drill).map(nameKey);

/** Whether this very revision of a finding was kept: a copy of its event brings nothing new. */
export const isKept = ({ head, findings }: Case, finding: Finding): boolean => {
  const names = nameKeysIn(identify(finding)).toSorted().join();
  return findings.some(
    ({ updatedAt, raw }) =>
      updatedAt === finding.updatedAt &&
      namedInStored(raw, head.drill).map(nameKey).toSorted().join() === names,
  );
};

const isSame = (left: Suspect, right: Suspect): boolean =>
  left.kind === right.kind && suspectNames(left).join() === suspectNames(right).join();

/**
 * Whether a person was shown somebody when the question was asked. Before anybody is confirmed, the
 * question is about everybody whom the finding has named by then; afterwards, about the suspects.
 */
export const wasShown = (
  incident: Case,
  aws: Pick<Aws, 'further'>,
): ((named: Named) => boolean) => {
  const names = new Set(namesOfCase(incident));
  const suspects = suspectsOf(incident.head);
  return (named) =>
    names.has(nameKey(named)) &&
    (suspects.length === 0 ||
      possibleSuspects(named, aws).some((possible) =>
        suspects.some((suspect) => isSame(possible, suspect)),
      ));
};

/**
 * The newest finding that names anybody whom a person was shown; the newest where none does. A yes
 * is judged on it: a newer one may name others alone.
 */
export const shownFinding = (incident: Case, aws: Pick<Aws, 'further'>): string => {
  const { head, findings } = incident;
  const isShown = wasShown(incident, aws);
  const naming = findings.findLast(({ raw }) => namedInStored(raw, head.drill).some(isShown));
  return (naming ?? findings.at(-1))?.raw ?? '';
};
