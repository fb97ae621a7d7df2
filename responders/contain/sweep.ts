import { lagSecondsOf } from '../decide/settings.ts';
import type { Case } from '../incident/case.ts';
import { update } from '../incident/case-table.ts';
import { isHoldToTell, removalsMs } from '../incident/hold-news.ts';
import { heldStates } from '../incident/incident.ts';
import { isIncidentId } from '../incident/incident-id.ts';
import { isOverdue } from '../incident/last-report.ts';
import { type OpenHold, openHolds } from '../incident/open-holds.ts';
import { readCase } from '../incident/read-case.ts';
import { errorText, isBusy } from '../shared/errors.ts';
import type { ChangeCall } from './change-call.ts';
import { endedDenials } from './denials.ts';
import type { WatchDeps } from './sharing.ts';
import { type Culprit, watch } from './watch.ts';

/** The output of `WatchLambda` for a look at many holds. */
export interface Swept {
  /** The incidents about which a person must be told. */
  readonly tell: readonly string[];
  /** Where this part has stopped, for the next one; null after the last part. */
  readonly after: string | null;
  /**
   * How many holds and denials could not be checked: the state machine then fails, and an alarm
   * says so.
   */
  readonly failed: number;
}

/** How many holds are checked at once. IAM answers few calls a second for a whole account. */
const atOnce = 4;
/** A part ends before the function does; the state machine asks for the next one. */
const partMs = 45_000;
/** No look begins when less than this is left of the part: one look takes about as long. */
const lookMs = 20_000;

/** What a sweep needs, with the time at which this part of it ends. */
type TimedDeps = WatchDeps & { readonly until: number };

/** What a look is about, and what came of it. */
interface Look {
  readonly id: string;
  readonly tell: boolean;
  readonly failed?: boolean;
}

/** Makes one look at a hold. */
type Looking = (id: string) => Promise<Look>;

/**
 * Notes, once for a round, that its last report is overdue: an execution that somebody stopped
 * tells nothing itself. What was noted is news, which the mail about the hold tells.
 */
const overdueNoted = async (incident: Case, deps: WatchDeps): Promise<Case> => {
  const { head } = incident;
  const now = deps.now();
  const lagSeconds = lagSecondsOf(head, deps.settings);
  if (!isOverdue(incident, { now, lagSeconds })) return incident;
  const noted = { overdue: head.round, news: now };
  await update(deps.table, head.id, noted);
  deps.log('last report overdue', { incidentId: head.id, execution: head.execution });
  return { ...incident, head: { ...head, ...noted } };
};

/** Checks one hold, and repairs or contains what it has to. Throws while another run changes it. */
export const checkHold = async (id: string, deps: WatchDeps, culprit?: Culprit): Promise<Look> => {
  const { state } = await watch(id, deps, { culprit, isOwnMail: true });
  if (!heldStates.includes(state)) return { id, tell: false };
  const incident = await overdueNoted(await readCase(deps.table, id), deps);
  return { id, tell: isHoldToTell(incident, deps.now()) };
};

/**
 * Looks at one hold. A hold that another run is changing has been looked at by that run; a hold
 * that cannot be read must not keep the others from being looked at.
 */
export const lookAtHold = async (id: string, deps: WatchDeps, culprit?: Culprit): Promise<Look> => {
  const { log } = deps;
  try {
    return await checkHold(id, deps, culprit);
  } catch (error) {
    const failed = !isBusy(error);
    log(failed ? 'hold not checked' : 'hold is busy', {
      incidentId: id,
      reason: errorText(error),
    });
    return { id, tell: false, failed };
  }
};

/** Denials come after the holds: a part that has stopped among them says so. */
const denialsMark = 'denials ';

/** Looks at the holds behind an incident, as many as fit into the time and at least some. */
const lookBehind = async (
  holds: readonly OpenHold[],
  after: string | null,
  deps: TimedDeps,
  looking: Looking,
): Promise<Swept> => {
  const rest = holds.filter(({ id }) => after === null || id > after);
  const looks: Look[] = [];
  while (looks.length < rest.length) {
    if (looks.length > 0 && deps.now() >= deps.until - lookMs) break;
    const group = rest.slice(looks.length, looks.length + atOnce);
    looks.push(...(await Promise.all(group.map(({ id }) => looking(id)))));
  }
  return {
    tell: looks.filter((look) => look.tell).map(({ id }) => id),
    after: looks.length < rest.length ? (looks.at(-1)?.id ?? null) : null,
    failed: looks.filter(({ failed }) => failed).length,
  };
};

/** Looks at the denials that have ended, from where an earlier part has stopped. */
const lookAtDenials = async (after: string, deps: TimedDeps): Promise<Swept> => {
  const { removed, failed, after: last } = await endedDenials({ after, until: deps.until }, deps);
  return { tell: removed, failed, after: last === null ? null : `${denialsMark}${last}` };
};

/** Looks at one part of the holds and, behind the last of them, of the denials. */
const lookAtPart = async (
  holds: readonly OpenHold[],
  after: string | null,
  deps: TimedDeps,
  looking: Looking,
): Promise<Swept> => {
  if (after?.startsWith(denialsMark)) return lookAtDenials(after.slice(denialsMark.length), deps);
  const looked = await lookBehind(holds, after, deps, looking);
  if (looked.after !== null) return looked;
  if (deps.now() >= deps.until) return { ...looked, after: denialsMark };
  const denials = await lookAtDenials('', deps);
  return {
    tell: [...denials.tell, ...looked.tell],
    after: denials.after,
    failed: denials.failed + looked.failed,
  };
};

/** The deadline of the function, counted from here where its handler has not set one. */
const timed = (deps: WatchDeps): TimedDeps => ({
  ...deps,
  until: deps.until ?? deps.now() + partMs,
});

/** Whether a text says where a part has stopped, as an earlier part has written it. */
export const isStop = (text: string): boolean =>
  text === denialsMark ||
  isIncidentId(text.startsWith(denialsMark) ? text.slice(denialsMark.length) : text);

/** Checks every open hold behind `after`, as many as fit into the time. */
export const sweep = async (after: string | null, deps: WatchDeps): Promise<Swept> => {
  const bounded = timed(deps);
  return lookAtPart(await openHolds(deps.table), after, bounded, (id) => lookAtHold(id, bounded));
};

/** Somebody who takes changes back all the time cannot keep Cordon busy: the sweep goes on. */
const mostRepairs = 30;

const isContestedTooOften = async (
  id: string,
  { table, now }: Pick<WatchDeps, 'table' | 'now'>,
): Promise<boolean> => {
  const { drifts } = await readCase(table, id);
  return drifts.filter(({ at }) => at > now() - removalsMs).length >= mostRepairs;
};

/** Checks the holds on what a call names. The call only says where to look. */
export const checkAfter = async (
  call: ChangeCall,
  after: string | null,
  deps: WatchDeps,
  culprit: Culprit,
): Promise<Swept> => {
  const bounded = timed(deps);
  const holds = await openHolds(deps.table);
  const named = holds.filter((hold) =>
    (['functions', 'roles', 'users'] as const).some((kind) =>
      hold[kind].some((name) => call[kind].includes(name)),
    ),
  );
  return lookAtPart(named, after, bounded, async (id) =>
    (await isContestedTooOften(id, deps)) ? { id, tell: false } : lookAtHold(id, bounded, culprit),
  );
};
