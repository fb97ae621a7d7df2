import type { Named } from '../finding/identify.ts';
import type { Suspect } from '../incident/suspect.ts';
import type { Attempt } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';
import type { Grant } from '../shared/grant.ts';

/** How long the reads about a suspect may take. */
export interface Deadlines {
  /** For each read of the suspect itself. */
  readonly factsMs: number;
  /**
   * For the search for others that use the same role, which lists the whole account. After this
   * deadline the sharing of the role is unknown, and only the function is contained.
   */
  readonly neighboursMs: number;
}

/** A suspect that exists in the account, with the facts that the policy needs. */
export interface Confirmed {
  readonly suspect: Suspect;
  /** The others, where the finding names several. */
  readonly suspects?: readonly Suspect[];
  /** ARNs that the never-contain list is compared with. */
  readonly arns: readonly string[];
  /** The tags of each of these resources, in the same order. */
  readonly tags: readonly Readonly<Record<string, string>>[];
  /** The tagged resources in words: `function and role`. */
  readonly parts: string;
  /** How the account contradicts the finding; null if it does not. */
  readonly contradiction: string | null;
  /** What the facts prove when there is no contradiction. */
  readonly proof: string;
  /** Why a person decides, whatever is proven; missing where Cordon may. */
  readonly asks?: string;
}

/** The facts that the account gives about a suspect. */
export interface Facts {
  /** The reads that the decision depends on, by their names in sentences. */
  readonly reads: Readonly<Record<string, Attempt<unknown>>>;
  /** Null unless every read succeeded. */
  readonly confirmed: Confirmed | null;
  /** The SHA-256 of the code that the suspect runs, where it runs code. */
  readonly code: string | undefined;
}

/** How a question names what calls or feeds a suspect. */
export interface SuspectCallers {
  readonly calls: readonly Grant[];
  read(suspect: Suspect, aws: Aws): Promise<readonly string[]>;
}

/** How one kind of suspect is confirmed by the account. */
export interface SuspectKind {
  /** The commands that reading the facts sends. */
  readonly calls: readonly Grant[];
  /** Read only where a person is asked; missing where nothing calls such a suspect. */
  readonly callers?: SuspectCallers;
  /** Every suspect that the names may stand for, before any read; empty for another kind. */
  possible(named: Named, aws: Pick<Aws, 'further'>): readonly Suspect[];
  /** Reads the facts in parallel; `undefined` for another kind. */
  facts(named: Named, aws: Aws, deadlines: Deadlines): Promise<Facts> | undefined;
}
