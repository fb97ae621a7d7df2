import type { SeenCalls } from '../incident/stage.ts';
import type { Mask } from '../shared/redact.ts';
import type { Timeline, TimelineRow } from '../timeline/timeline.ts';
import type { AttackerFacts } from './attacker-words.ts';
import type { ReportInput } from './input.ts';

const most = 5;

const isAttackers = ({ whose, origin }: TimelineRow): boolean =>
  whose === 'followed' || origin === 'attacker';

/** The texts that most calls have, the most frequent first. */
const frequent = (
  rows: readonly TimelineRow[],
  textOf: (row: TimelineRow) => string,
): readonly string[] => {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const text = textOf(row);
    if (text !== '') counts.set(text, (counts.get(text) ?? 0) + row.count);
  }
  return [...counts]
    .sort(([, left], [, right]) => right - left)
    .slice(0, most)
    .map(([text]) => text);
};

const callsIn = (rows: readonly TimelineRow[]): number =>
  rows.reduce((sum, row) => sum + row.count, 0);

const kindOf = (origin: SeenCalls['by'][number]['who']) => (row: TimelineRow) =>
  origin === 'followed'
    ? row.whose === 'followed'
    : row.whose === 'suspect' && (row.origin ?? 'unclear') === origin;

const callsOf = (
  who: SeenCalls['by'][number]['who'],
  rows: readonly TimelineRow[],
): SeenCalls['by'][number] => {
  const failed = callsIn(rows.filter(({ outcome }) => outcome !== 'allowed'));
  return { who, calls: callsIn(rows), ...(failed > 0 && { failed }) };
};

const whos = ['attacker', 'function', 'unclear', 'followed'] as const;

/** What a mail says of a timeline: how many calls, whose, from where, and what they reached. */
export const seenCalls = ({
  rows,
  reached,
  pass,
}: Pick<Timeline, 'rows' | 'reached' | 'pass'>): SeenCalls => {
  const attackers = rows.filter(isAttackers);
  return {
    by: whos.map((who) => callsOf(who, rows.filter(kindOf(who)))).filter(({ calls }) => calls > 0),
    addresses: frequent(attackers, ({ sourceIp }) => sourceIp),
    userAgents: frequent(attackers, ({ userAgent }) => userAgent),
    keyEnds: frequent(attackers, ({ key }) => key.slice(-4)),
    reached: reached
      .slice(0, most)
      .map(({ kind, what, reads, changes, denied }) => ({ kind, what, reads, changes, denied })),
    resources: reached.length,
    dataEvents: pass === 2,
  };
};

/** The finding's facts, and those of the timeline that this report shows. */
export const attackerFacts = ({ incident: { head }, timeline }: ReportInput): AttackerFacts => ({
  attacker: head.attacker,
  seen: timeline.ok ? seenCalls(timeline.timeline) : undefined,
});

/** The attacker wrote the user agents, and chose names of what was reached. */
export const maskedCalls = (seen: SeenCalls, mask: Mask): SeenCalls => ({
  ...seen,
  userAgents: seen.userAgents.map(mask),
  reached: seen.reached.map((resource) => ({ ...resource, what: mask(resource.what) })),
});
