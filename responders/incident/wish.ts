import { createHash } from 'node:crypto';
import type { Claim } from './incident-id.ts';
import type { ProvenFields } from './proof.ts';

/** What a person wants contained, without a finding of GuardDuty. */
export interface Wish {
  /** The ARN of a function, of a session of a role, or of a user. */
  readonly target: string;
  readonly by: string;
  readonly reason: string;
  /** When the person has said it, in epoch milliseconds. */
  readonly at: number;
  /** Different for each wish, so that a copy of one is no other wish. */
  readonly nonce: string;
}

/** What the proof of a wish covers. */
export const wishFields = ({
  target,
  by,
  reason,
  at,
  nonce,
}: Wish): ProvenFields & { readonly by: string } => ({ target, by, reason, at, nonce });

/** The id of the finding that a wish stands for. */
export const wishId = (wish: Wish): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(wishFields(wish)).sort()))
    .digest('hex')
    .slice(0, 32);

/** One incident for each wish: a copy of it finds the incident, and opens no other. */
export const wishClaim = (
  wish: Wish,
  { account, region }: Pick<Claim, 'account' | 'region'>,
): Claim => ({ drill: false, account, region, findingId: wishId(wish), doubt: 'by-hand' });
