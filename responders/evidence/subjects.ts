import type { Case } from '../incident/case.ts';
import { type Suspect, suspectParts, suspectsOf } from '../incident/suspect.ts';

/** One of those whom an incident is about, as a collector is asked about it. */
export interface CollectionSubject {
  /** The suspect alone, but for the first: without the findings, which name the first. */
  readonly incident: Case;
  readonly suspect: Suspect | null;
  /** What its paths begin with, so that no two suspects share a file. */
  readonly folder: string;
  /** What its gaps begin with. */
  readonly named: string;
}

const further = (incident: Case, suspect: Suspect, number: number): CollectionSubject => {
  const { suspects: _others, ...head } = incident.head;
  return {
    incident: { ...incident, head: { ...head, suspect }, findings: [] },
    suspect,
    folder: `suspects/${number}/`,
    named: `suspect ${number} (${suspectParts(suspect).join(', ')}): `,
  };
};

/** Everybody whom the incident is about, the first suspect first; also where it is nobody. */
export const subjectsOf = (
  incident: Case,
): readonly [CollectionSubject, ...CollectionSubject[]] => [
  { incident, suspect: incident.head.suspect, folder: '', named: '' },
  ...suspectsOf(incident.head)
    .slice(1)
    .map((suspect, index) => further(incident, suspect, index + 2)),
];
