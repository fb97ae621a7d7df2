export type Lane = 'attacker' | 'cordon' | 'people' | 'bystanders';

/** A row as the API sends it: all but these fields may be missing. */
export interface SentEvent {
  readonly at: string;
  readonly action: string;
  readonly outcome: string;
  readonly lane: Lane;
  readonly [field: string]: unknown;
}

/** One act, or calls of one kind that follow each other closely. */
export interface ShownEvent {
  readonly id: string;
  readonly at: string;
  readonly until: string;
  /** The same in epoch ms: they are compared often. */
  readonly atMs: number;
  readonly untilMs: number;
  readonly count: number;
  readonly lane: Lane;
  /** Who it was, in a word. */
  readonly who: string;
  /** A person’s decision is an item of the case table, and no call that CloudTrail recorded. */
  readonly isDecision: boolean;
  readonly action: string;
  readonly outcome: string;
  readonly mark: string;
  readonly actor: string;
  readonly key: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly resources: readonly string[];
  /** Why a person decided so. */
  readonly says: string;
  /** All that a search looks at, in small letters: it looks at thousands with each letter typed. */
  readonly words: string;
  readonly raw: readonly SentEvent[];
}

const text = (given: unknown): string => (typeof given === 'string' ? given : '');

const sessions: Readonly<Record<string, string>> = {
  attacker: 'Attacker',
  function: 'Function',
  unclear: 'Unclear',
};
const participants: Readonly<Record<string, string>> = {
  followed: 'Followed',
  cordon: 'Cordon',
  platform: 'AWS',
};

const whoIs = ({ whose, origin, actor }: SentEvent): string => {
  if (whose === 'person') return text(actor).split('/').at(-1) || 'Somebody';
  if (whose === 'suspect') return sessions[text(origin)] ?? 'Session';
  return participants[text(whose)] ?? 'Unknown';
};

const endOf = ({ at, until }: SentEvent): Pick<ShownEvent, 'until' | 'untilMs'> => {
  const end = text(until) || at;
  return { until: end, untilMs: Date.parse(end) };
};

const resourcesOf = ({ resources }: SentEvent): readonly string[] =>
  Array.isArray(resources) ? resources.map(String) : [];

const wordsOf = (raw: SentEvent): string =>
  [
    ...[raw.action, text(raw.key), text(raw.sourceIp), text(raw.actor), text(raw.says)],
    ...resourcesOf(raw),
  ]
    .join('\n')
    .toLowerCase();

/** Reads one row of the timeline; an older Cordon wrote fewer fields. */
export const shownEvent = (raw: SentEvent, index: number): ShownEvent => ({
  id: text(raw.id) || String(index),
  ...{ at: raw.at, atMs: Date.parse(raw.at), ...endOf(raw) },
  count: typeof raw.count === 'number' ? raw.count : 1,
  ...{ lane: raw.lane, who: whoIs(raw), isDecision: text(raw.says) !== '' },
  ...{ action: raw.action, outcome: raw.outcome, mark: text(raw.mark) },
  ...{ actor: text(raw.actor), key: text(raw.key), sourceIp: text(raw.sourceIp) },
  ...{ userAgent: text(raw.userAgent), says: text(raw.says), words: wordsOf(raw) },
  resources: resourcesOf(raw),
  raw: [raw],
});

/** Whether a word, in small letters, is in a key, address, resource, caller, call or reason. */
export const hasWord = ({ words }: ShownEvent, word: string): boolean => words.includes(word);
