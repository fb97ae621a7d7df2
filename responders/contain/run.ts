import type { Action, Step } from '../incident/incident.ts';
import type { About } from '../incident/keys.ts';
import type { Suspect } from '../incident/suspect.ts';
import { type Attempt, attempt } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';
import { errorText } from '../shared/errors.ts';
import type { Responder } from './responder.ts';

/** A responder and one target of it. */
export interface Aim {
  readonly responder: Responder;
  readonly target: string;
}

/** An aim, with the state of the target before the change. */
export interface Reading extends Aim {
  readonly before: Attempt<unknown>;
}

/** What the runner needs from outside. */
export interface RunDeps {
  readonly aws: Aws;
  readonly now: () => number;
}

/** What identifies the before-record and the outcome of an aim in the case table. */
export const recordKeyOf = ({ responder, target }: Aim): About => ({
  responder: responder.id,
  target,
});

const actionWith = (
  aim: Aim,
  outcome: Action['outcome'],
  details: Partial<Action> = {},
): Action => ({
  ...recordKeyOf(aim),
  outcome,
  acceptedMs: null,
  effectiveMs: null,
  ...details,
});

/** Every responder with every target that it has for these suspects, each once. */
export const targetsOf = (catalog: readonly Responder[], suspects: readonly Suspect[]): Aim[] =>
  catalog.flatMap((responder) => {
    const targets = suspects.flatMap((suspect) => responder.targets(suspect));
    return [...new Set(targets)].map((target) => ({ responder, target }));
  });

/** Reads all targets in parallel, each until the deadline: a slow read never delays the others. */
export const readBefore = (
  catalog: readonly Responder[],
  possible: readonly Suspect[],
  { aws }: RunDeps,
  deadlineMs: number,
): Promise<Reading[]> =>
  Promise.all(
    targetsOf(catalog, possible).map(async ({ responder, target }) => ({
      responder,
      target,
      before: await attempt(deadlineMs, responder.before(target, aws)),
    })),
  );

/** The readings of the targets that the responders have for these suspects. */
export const readingsFor = (
  readings: readonly Reading[],
  suspects: readonly Suspect[],
): Reading[] =>
  readings.filter(({ responder, target }) =>
    suspects.some((suspect) => responder.targets(suspect).includes(target)),
  );

/**
 * Applies one change, then checks whether it holds. To be called only after the before-record was
 * stored. A failure becomes an outcome, so that every target has one.
 */
export const applyAndCheck = async (reading: Reading, { aws, now }: RunDeps): Promise<Action> => {
  const { responder, target, before } = reading;
  if (!before.ok)
    return actionWith(reading, 'not-contained', { step: 'before', reason: before.why });
  let step: Step = 'apply';
  let acceptedMs = null;
  try {
    await responder.apply(target, aws);
    acceptedMs = now();
    step = 'holds';
    if (await responder.holds(target, aws))
      return actionWith(reading, 'contained', { acceptedMs, effectiveMs: now() });
    return actionWith(reading, 'applied', {
      acceptedMs,
      step,
      reason: 'accepted, but not verified yet',
    });
  } catch (error) {
    return actionWith(reading, 'not-contained', { acceptedMs, step, reason: errorText(error) });
  }
};

/** The outcomes in observe mode: what would be changed. Sends nothing that changes anything. */
export const plannedActions = (readings: readonly Reading[]): Action[] =>
  readings.map((reading) =>
    reading.before.ok
      ? actionWith(reading, 'planned')
      : actionWith(reading, 'not-contained', { step: 'before', reason: reading.before.why }),
  );

/** An aim, with the state that a release restores. */
export interface Undo extends Aim {
  readonly before: unknown;
}

/** Restores the state of the before-record. The caller checks what the target looks like then. */
export const undoAim = async (undo: Undo, { aws }: RunDeps): Promise<Action> => {
  try {
    await undo.responder.undo(undo.target, undo.before, aws);
    return actionWith(undo, 'released');
  } catch (error) {
    return actionWith(undo, 'not-released', { step: 'undo', reason: errorText(error) });
  }
};
