import type { Suspect } from '../incident/suspect.ts';
import type { Aws } from '../shared/aws.ts';
import type { Grant } from '../shared/grant.ts';

/**
 * One reversible change to the world. A responder is a constant in a file of its own; everything
 * else about it (IAM policy, report text, catalogue page) is read from that constant.
 *
 * The verbs are methods, not arrow properties, so that a `Responder<X>` fits into a list of
 * `Responder`.
 */
export interface Responder<Before = unknown> {
  /** Names the file: `contain.quarantine-role` is contain/actions/quarantine-role.ts. */
  readonly id: `contain.${string}`;
  /** Starts with a verb; shown in report, mail and catalogue. */
  readonly title: string;
  /**
   * The state while the change holds, as a clause: `the function cannot start`. The verdict joins
   * the clauses of all responders that hold into one sentence.
   */
  readonly headline: string;
  /** What the attacker can no longer do. */
  readonly stops: string;
  /** What the attacker can still do. Printed beside `stops`. */
  readonly leavesOpen: string;
  /** What is left open instead while one of these other changes holds as well; may be nothing. */
  readonly leavesOpenWith?: {
    readonly responders: readonly `contain.${string}`[];
    readonly leavesOpen: string;
  };
  /**
   * The only calls that infra grants: `contain` to `ContainmentLambda` and `WatchLambda`, `release`
   * to `ReleaseLambda`.
   */
  readonly calls: { readonly contain: readonly Grant[]; readonly release: readonly Grant[] };

  /** The targets of this suspect; empty when the responder does not apply to it. Pure. */
  targets(suspect: Suspect): readonly string[];
  /** The AWS command with which a person makes a like change, where this one has failed. Pure. */
  byHand(target: string): string;
  /**
   * Reads what `apply` is about to change, as plain JSON. The runner stores it before anything is
   * changed.
   */
  before(target: string, aws: Aws): Promise<Before>;
  /** Makes the change. Safe to repeat. */
  apply(target: string, aws: Aws): Promise<void>;
  /**
   * True when the change can be seen in AWS. This decides success; that `apply` returned does not.
   */
  holds(target: string, aws: Aws): Promise<boolean>;
  /** Restores exactly what `before` read. Safe to repeat. */
  undo(target: string, before: Before, aws: Aws): Promise<void>;
}
