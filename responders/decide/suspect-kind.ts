import type { Named } from '../finding/identify.ts';
import type { Suspect } from '../incident/suspect.ts';
import type { Attempt } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';
import type { Grant } from '../shared/grant.ts';

export interface Deadlines {
  readonly factsMs: number;
  /** Shorter: a big account takes long to list, and not knowing has a safe answer. */
  readonly neighboursMs: number;
}

/** A suspect that the account knows, in what the rules of a decision ask about. */
export interface Confirmed {
  readonly suspect: Suspect;
  /** Any of them may be exempt from containment. */
  readonly arns: readonly string[];
  /** Of each part that containment touches. */
  readonly tags: readonly Readonly<Record<string, string>>[];
  /** The tagged parts, as a sentence names them: `function and role`. */
  readonly parts: string;
  /** Where the account contradicts the finding. */
  readonly contradiction: string | null;
  /** What is proven where nothing contradicts. */
  readonly proof: string;
}

/** What the account says about a suspect. */
export interface Facts {
  /** What had to be read, by what a sentence calls it. */
  readonly reads: Readonly<Record<string, Attempt<unknown>>>;
  /** Nothing until each of them is there. */
  readonly confirmed: Confirmed | null;
  /** The SHA-256 of the code that the suspect runs, where it runs code. */
  readonly code: string | undefined;
}

/** How one kind of suspect is confirmed by the account. */
export interface SuspectKind {
  /** What reading the facts calls. */
  readonly calls: readonly Grant[];
  /** What the name may turn out to be, before anything is read; nothing for another kind. */
  possible(named: Named): readonly Suspect[];
  /** One round of reads, all at once; `undefined` for another kind. */
  facts(named: Named, aws: Aws, deadlines: Deadlines): Promise<Facts> | undefined;
}
