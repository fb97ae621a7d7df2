import type { NamedFunction } from '../finding/identify.ts';
import { functionCallers } from './function-callers.ts';
import { isGone, proofOf } from './function-proof.ts';
import { type FunctionReads, readFunctionFacts } from './function-reads.ts';
import { regionsOf } from './function-regions.ts';
import { sharingOf } from './sharing.ts';
import type { Confirmed, Facts, SuspectKind } from './suspect-kind.ts';

const confirmedOf = (named: NamedFunction, reads: FunctionReads): Confirmed | null => {
  const gone = isGone(reads);
  if (!reads.role.ok || !(reads.function.ok || gone)) return null;
  const role = reads.role.value;
  const existing = reads.function.ok ? [reads.function.value] : [];
  const { functionName, roleName, since } = named;
  const suspect = {
    kind: 'function',
    functionName,
    ...(reads.region !== undefined && { region: reads.region }),
    roleName,
    roleId: role.id,
    sharing: sharingOf(reads, since),
  } as const;
  return {
    suspect: { ...suspect, ...(gone && { gone }) },
    arns: [role.arn, ...existing.map(({ arn }) => arn)],
    tags: [role, ...existing].map(({ tags }) => tags),
    parts: gone ? 'role' : 'function and role',
    ...proofOf(named, reads, role),
  };
};

/** A deleted function hides nothing that a decision needs, unless its role is gone as well. */
const neededReads = (reads: FunctionReads): Facts['reads'] =>
  isGone(reads) && (reads.role.ok || !reads.role.missing)
    ? { role: reads.role }
    : { function: reads.function, role: reads.role };

/** What the reads say about the function that a finding names. Pure. */
export const functionFacts = (named: NamedFunction, reads: FunctionReads): Facts => ({
  reads: neededReads(reads),
  confirmed: confirmedOf(named, reads),
  code: reads.function.ok ? reads.function.value.codeSha256 : undefined,
});

/** A function with its role. The sharing of the role decides which responders have targets. */
export const functionKind: SuspectKind = {
  calls: [
    { on: 'lambda:function:*', may: ['GetFunction'] },
    { on: 'lambda:*', may: ['ListFunctions'] },
    { on: 'iam:role/*', may: ['GetRole'] },
  ],

  callers: functionCallers,

  possible: (named, aws) => {
    if (named.kind !== 'function') return [];
    const { kind, functionName, roleName } = named;
    return regionsOf(named, aws).flatMap((region) =>
      (['sole', 'shared'] as const).map((sharing) => ({
        kind,
        functionName,
        ...(region !== undefined && { region }),
        roleName,
        sharing,
      })),
    );
  },

  facts: (named, aws, deadlines) =>
    named.kind === 'function'
      ? readFunctionFacts({ ...named, regions: regionsOf(named, aws) }, aws, deadlines).then(
          (reads) => functionFacts(named, reads),
        )
      : undefined,
};
