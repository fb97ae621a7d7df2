import { attackVersion, techniqueName } from '../shared/attack-techniques.ts';
import { type Call, inOrder } from './call.ts';
import type { Circle } from './circle.ts';
import { eventsOf, type IncidentScope } from './events.ts';
import { fold } from './fold.ts';
import { leftBehind } from './left-behind.ts';
import { reachedBy } from './reached.ts';
import type {
  AskedQuestion,
  BlindSpot,
  Principal,
  Timeline,
  TimelineEvent,
  TimelineSummary,
  Whose,
} from './timeline.ts';
import { whoseIs } from './who.ts';

export interface Material extends IncidentScope {
  readonly incident: string;
  readonly pass: 1 | 2;
  readonly window: Timeline['window'];
  /** Whatever was found: in any order, more than once, strangers among them. */
  readonly calls: readonly Call[];
  readonly circle: Circle;
  readonly asked: readonly AskedQuestion[];
  readonly blindSpots: readonly BlindSpot[];
  readonly horizon: string | null;
}

/** How many calls these lines stand for. */
const callsIn = (events: readonly TimelineEvent[]): number =>
  events.reduce((sum, { count = 1 }) => sum + count, 0);

/** How many calls have each of the texts. */
const counted = (
  events: readonly TimelineEvent[],
  textsOf: (event: TimelineEvent) => readonly string[],
): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const event of events)
    for (const text of textsOf(event)) counts.set(text, (counts.get(text) ?? 0) + callsIn([event]));
  return counts;
};

const momentOf = ({ at, id, action, actor, outcome }: TimelineEvent) => ({
  at,
  id,
  action,
  actor,
  outcome,
});

const markedAs = (events: readonly TimelineEvent[], mark: TimelineEvent['mark']) => {
  const markedEvent = events.find((event) => event.mark === mark);
  return markedEvent ? momentOf(markedEvent) : null;
};

const techniques = (events: readonly TimelineEvent[]) =>
  [...counted(events, (event) => event.techniques)]
    .map(([id, count]) => ({ id, name: techniqueName(id), events: count }))
    .sort((left, right) => right.events - left.events);

const principalsOf = (
  { followed }: Circle,
  events: readonly TimelineEvent[],
): readonly Principal[] => {
  const [byActor, byKey] = [
    counted(events, ({ actor }) => [actor]),
    counted(events, ({ key }) => [key]),
  ];
  return followed.map((principal) => ({
    ...principal,
    events: (principal.kind === 'access key' ? byKey : byActor).get(principal.who) ?? 0,
  }));
};

const pendingOf = (asked: readonly AskedQuestion[]): string | null => {
  const open = asked.filter(({ state }) => state === 'pending');
  return open.length > 0 ? open.map(({ id, why = '' }) => `${id}: ${why}`).join('; ') : null;
};

/**
 * Latest time of anybody's events: what the sources had delivered, which need not be anything of
 * the suspect's.
 */
export const horizonOf = (calls: readonly Call[], latest: readonly string[] = []): string | null =>
  [...calls.map(({ at }) => at), ...latest].reduce<string | null>(
    (newest, at) => (newest === null || at > newest ? at : newest),
    null,
  );

/** Whatever was found, as what a person reads. */
export const buildTimeline = (from: Material): Timeline => {
  const { circle, asked } = from;
  const calls = inOrder(from.calls);
  const events = eventsOf(calls, circle.wanted, from);
  const theirs = events.filter(({ whose }) => whose === 'suspect' || whose === 'followed');
  const acted = calls.filter((call) =>
    ['suspect', 'followed'].includes(whoseIs(call, circle.wanted) ?? ''),
  );
  const countOf = (whose: Whose): number =>
    callsIn(events.filter((event) => event.whose === whose));
  const unanswered = asked.filter(({ state }) => state === 'pending' || state === 'failed');
  return {
    incident: from.incident,
    pass: from.pass,
    provisional: from.pass === 1 || unanswered.length > 0,
    events: callsIn(events),
    byWhose: {
      suspect: countOf('suspect'),
      followed: countOf('followed'),
      cordon: countOf('cordon'),
      platform: countOf('platform'),
    },
    horizon: from.horizon,
    window: from.window,
    complete: asked.every(({ state }) => state === 'complete'),
    pending: pendingOf(asked),
    blindSpots: from.blindSpots,
    firstSeen: theirs[0]?.at ?? null,
    lastSeen: theirs.reduce<string | null>(
      (latest, { at, until = at }) => (latest === null || until > latest ? until : latest),
      null,
    ),
    lastAllowed: markedAs(events, 'last allowed'),
    firstDenied: markedAs(events, 'first denied'),
    followed: principalsOf(circle, events),
    leftBehind: leftBehind(acted),
    attack: { version: attackVersion, techniques: techniques(events) },
    asked,
    reached: reachedBy(acted),
    rows: fold(events),
    all: events,
  };
};

const most = 25;

/** What fits into an item of the case table. */
export const summaryOf = ({
  rows: _rows,
  reached: _reached,
  all: _all,
  incident: _incident,
  ...rest
}: Timeline): TimelineSummary => ({
  ...rest,
  blindSpots: rest.blindSpots.slice(0, most),
  followed: rest.followed.slice(0, most),
  leftBehind: rest.leftBehind.slice(0, most),
  asked: rest.asked.slice(0, most),
  attack: { ...rest.attack, techniques: rest.attack.techniques.slice(0, most) },
});
