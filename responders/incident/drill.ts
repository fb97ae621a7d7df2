import { createHash } from 'node:crypto';
import { isRecord } from '../shared/json.ts';
import type { ProvenFields } from './proof.ts';

/** The member of a drill’s detail that carries its proof; a finding of GuardDuty has none. */
export const proofMember = 'cordonProof';

/** EventBridge may order the members of an event in another way. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return members.map(([key, member]) => [key, inOrder(member)]);
};

/** What the sender of a drill proves: every member of the finding but the proof itself. */
export const drillFields = (detail: Readonly<Record<string, unknown>>): ProvenFields => {
  const { [proofMember]: _proof, ...proven } = detail;
  const text = JSON.stringify(inOrder(proven));
  return {
    finding: String(detail.id),
    detail: createHash('sha256').update(text).digest('hex'),
  };
};
