import type { WhoSigned } from '../../../responders/incident/person.ts';
import { digestIn, refused } from '../../../responders/incident/proof.ts';
import { textAt } from '../../../responders/shared/json.ts';

/** What this STS takes for the signature of a person under the decision of a proof. */
export const signedBy = (arn: string, proof: string) => ({ arn, digest: digestIn(proof) });

/** As STS makes it: the id of the role and the name of the session, or the id of the user. */
const userIdOf = (arn: string): string => {
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  return role === undefined ? `AIDA-${arn}` : `AROA-${role}:${session}`;
};

/** It believes a signature that covers the decision. */
export const fakeSts: WhoSigned = (identity, digest) => {
  const arn = textAt(identity, 'arn');
  const known = arn !== null && textAt(identity, 'digest') === digest;
  return Promise.resolve(
    known ? { arn, userId: userIdOf(arn) } : refused(arn === null ? 'anonymous' : 'unknown'),
  );
};
