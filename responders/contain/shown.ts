import { possibleSuspects } from '../decide/kinds.ts';
import { parseFinding } from '../finding/finding.ts';
import { identify, type Named } from '../finding/identify.ts';
import { nameKey, nameKeysIn } from '../finding/named.ts';
import type { Case } from '../incident/case.ts';
import { type Suspect, suspectNames, suspectsOf } from '../incident/suspect.ts';
import type { Aws } from '../shared/aws.ts';
import { EdgeError } from '../shared/errors.ts';
import { jsonIn } from '../shared/json.ts';

/** Whom a stored finding names; nobody where the event could not be read. */
const namesInStored = (raw: string, drill: boolean): readonly string[] => {
  try {
    return nameKeysIn(identify(parseFinding(jsonIn(raw), drill)));
  } catch (error) {
    if (error instanceof EdgeError) return [];
    throw error;
  }
};

/** Whom an incident is about; an older Cordon has kept no more than the findings. */
export const namesOfCase = ({ head, findings }: Case): readonly string[] =>
  head.names ?? namesInStored(findings[0]?.raw ?? '', head.drill);

/** The newest finding that names anybody whom the incident is about; the newest where none does. */
export const shownFinding = (incident: Case): string => {
  const { head, findings } = incident;
  const names = new Set(namesOfCase(incident));
  const naming = findings.findLast(({ raw }) =>
    namesInStored(raw, head.drill).some((name) => names.has(name)),
  );
  return (naming ?? findings.at(-1))?.raw ?? '';
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
