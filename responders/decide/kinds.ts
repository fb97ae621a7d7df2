import type { Named } from '../finding/identify.ts';
import type { Suspect } from '../incident/suspect.ts';
import type { Aws } from '../shared/aws.ts';
import { functionKind } from './function-kind.ts';
import { sessionKind } from './session-kind.ts';
import type { Deadlines, Facts, SuspectKind } from './suspect-kind.ts';
import { userKind } from './user-kind.ts';

/** Every kind of suspect that can be contained; the others are only reported. */
export const kinds: readonly SuspectKind[] = [functionKind, sessionKind, userKind];

export const possibleSuspects = (named: Named, aws: Pick<Aws, 'further'>): Suspect[] =>
  kinds.flatMap((kind) => kind.possible(named, aws));

export const readFacts = async (named: Named, aws: Aws, deadlines: Deadlines): Promise<Facts> => {
  for (const kind of kinds) {
    const facts = kind.facts(named, aws, deadlines);
    if (facts) return facts;
  }
  throw new Error(`no reader of facts knows a suspect of the kind ${named.kind}`);
};

/** What calls or feeds a suspect, for a question. */
export const readCallers = async (suspect: Suspect, aws: Aws): Promise<readonly string[]> =>
  (await Promise.all(kinds.map(async ({ callers }) => callers?.read(suspect, aws) ?? []))).flat();
