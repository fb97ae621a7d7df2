/** What the API answers in a state; what is not named there is answered by `usualAnswers`. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly body?: unknown;
  /** In base64, instead of JSON. */
  readonly bytes?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer does not come while the state is looked at. */
  readonly isLate?: boolean;
  /** The connection breaks. */
  readonly isLost?: boolean;
  /** What it answers from the second time on. */
  readonly next?: ScriptedAnswer;
}

/**
 * By method and path, as the contract of the API names it: `GET /products/{id}`. What Cognito
 * answers is called `SIGN-IN` and its operation.
 */
export type Answers = Readonly<Record<string, ScriptedAnswer>>;

export type Step =
  | { readonly press: string }
  /** A tab of a list. */
  | { readonly chooses: string }
  | { readonly key: string }
  | { readonly check: string }
  /** Waits until another state is there: a key does nothing before. */
  | { readonly see: string }
  | { readonly type: readonly [label: string, text: string] };

export interface PageState<As extends string = string> {
  /** The mark of the state, as it is in the sources. */
  readonly shown: string;
  readonly path: string;
  /** Who looks; nobody is signed in without it. */
  readonly as?: As;
  readonly answers?: Answers;
  /** What it answers after the first request that changes something. */
  readonly afterChange?: Answers;
  /** What a person does before the state is there. */
  readonly steps?: readonly Step[];
}

/** How a site is shown without anything behind it. */
export interface SiteScript {
  /** As in `tools/pages/sites.ts`. */
  readonly site: string;
  readonly states: readonly PageState[];
  /** What the API answers where a state names nothing else. */
  readonly usualAnswers: Answers;
  /** Where the site keeps its session, and what a tab has kept after a sign-in. */
  readonly storageKey: string;
  readonly personNamed: (as: string) => object;
}
