import { digestIn, type ProofRefusal, type ProvenFields, refused } from '../incident/proof.ts';
import { isFederated, type Person, personName, roleOf } from '../incident/same-person.ts';
import type { Suspect } from '../incident/suspect.ts';
import type { ContainDeps } from './judge.ts';

/** What somebody sends to show a right, and who they are. */
export interface Credential {
  readonly proof: unknown;
  readonly identity: unknown;
}

/** A person's answer that is believed, or that of the time limit. */
export interface Answer {
  readonly approved: boolean;
  readonly by: string;
  readonly reason: string;
  /** Who has signed it; missing where nobody has answered in time. */
  readonly signed?: {
    readonly person: Person;
    /** The digest of its proof. */
    readonly mark: string;
  };
}

/**
 * Whether a principal is what the incident is about, or acts in its name. A person is called alike
 * in IAM and elsewhere.
 */
const isOfCircle = (arn: string, name: string | undefined, suspect: Suspect): boolean =>
  'roleName' in suspect
    ? roleOf(arn) === suspect.roleName
    : name === suspect.userName.toLowerCase() || isFederated(arn);

/** The name of such a session says nothing: who takes the role chooses it. */
const isOwnRole = (arn: string): boolean => /^Cordon\w+Role/.test(roleOf(arn) ?? '');

/**
 * The person whose word it is, or why it must not be believed. The MAC proves the right, the
 * signature proves the person.
 */
export const believedPerson = async (
  purpose: 'answer' | 'release' | 'contain',
  fields: ProvenFields & { readonly by: string },
  { proof, identity }: Credential,
  { suspects, deps }: { readonly suspects: readonly Suspect[]; readonly deps: ContainDeps },
): Promise<Person | ProofRefusal> => {
  const wrong = await deps.checkProof(purpose, fields, proof);
  if (wrong) return wrong;
  const person = await deps.whoSigned(identity, digestIn(String(proof)));
  if (!('arn' in person)) return person;
  if (person.arn !== fields.by) return refused('foreign');
  const name = personName(person, deps.settings);
  if (name === undefined && isOwnRole(person.arn)) return refused('nameless');
  return suspects.some((suspect) => isOfCircle(person.arn, name, suspect))
    ? refused('circle')
    : person;
};
