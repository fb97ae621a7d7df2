import { attackVersion, techniqueName } from './attack.ts';
import { type Call, inOrder } from './call.ts';
import type { Circle } from './circle.ts';
import { eventsOf, type Scope } from './events.ts';
import { fold } from './fold.ts';
import { leftBehind } from './left-behind.ts';
import { reachedBy } from './reached.ts';
import type {
  Asked,
  BlindSpot,
  Principal,
  Timeline,
  TimelineEvent,
  TimelineSummary,
  Whose,
} from './timeline.ts';
import { whoseIs } from './who.ts';

export interface Material extends Scope {
  readonly incident: string;
  readonly pass: 1 | 2;
  readonly window: Timeline['window'];
  /** Whatever was found: in any order, more than once, strangers among them. */
  readonly calls: readonly Call[];
  readonly circle: Circle;
  readonly asked: readonly Asked[];
  readonly blindSpots: readonly BlindSpot[];
  readonly horizon: string | null;
}

const counted = (values: readonly string[]): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  for (const one of values) found.set(one, (found.get(one) ?? 0) + 1);
  return found;
};

const momentOf = ({ at, id, action, actor, outcome }: TimelineEvent) => ({
  at,
  id,
  action,
  actor,
  outcome,
});

const markedAs = (events: readonly TimelineEvent[], mark: TimelineEvent['mark']) => {
  const found = events.find((event) => event.mark === mark);
  return found ? momentOf(found) : null;
};

const techniques = (events: readonly TimelineEvent[]) =>
  [...counted(events.flatMap((event) => event.techniques))]
    .map(([id, count]) => ({ id, name: techniqueName(id), events: count }))
    .sort((one, other) => other.events - one.events);

const followed = ({ found }: Circle, events: readonly TimelineEvent[]): readonly Principal[] => {
  const [byActor, byKey] = [
    counted(events.map(({ actor }) => actor)),
    counted(events.map(({ key }) => key)),
  ];
  return found.map((one) => ({
    ...one,
    events: (one.kind === 'access key' ? byKey : byActor).get(one.who) ?? 0,
  }));
};

const pendingOf = (asked: readonly Asked[]): string | null => {
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
  const all = eventsOf(calls, circle.wanted, from);
  const theirs = all.filter(({ whose }) => whose !== 'cordon');
  const acted = calls.filter((call) =>
    ['suspect', 'followed'].includes(whoseIs(call, circle.wanted) ?? ''),
  );
  const whose = (one: Whose): number => all.filter((event) => event.whose === one).length;
  const unanswered = asked.filter(({ state }) => state === 'pending' || state === 'failed');
  return {
    incident: from.incident,
    pass: from.pass,
    provisional: from.pass === 1 || unanswered.length > 0,
    events: all.length,
    byWhose: { suspect: whose('suspect'), followed: whose('followed'), cordon: whose('cordon') },
    horizon: from.horizon,
    window: from.window,
    complete: asked.every(({ state }) => state === 'complete'),
    pending: pendingOf(asked),
    blindSpots: from.blindSpots,
    firstSeen: theirs[0]?.at ?? null,
    lastSeen: theirs.at(-1)?.at ?? null,
    lastAllowed: markedAs(all, 'last allowed'),
    firstDenied: markedAs(all, 'first denied'),
    followed: followed(circle, all),
    leftBehind: leftBehind(acted),
    attack: { version: attackVersion, techniques: techniques(all) },
    asked,
    reached: reachedBy(acted),
    rows: fold(all),
    all,
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
