import type { Action, Step } from '../incident/incident.ts';
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

/** With what the target looked like before. */
export interface Reading extends Aim {
  readonly before: Attempt<unknown>;
}

export interface Doing {
  readonly aws: Aws;
  readonly now: () => number;
}

const result = (
  { responder, target }: Aim,
  outcome: Action['outcome'],
  rest: Partial<Action> = {},
): Action => ({
  responder: responder.id,
  target,
  outcome,
  acceptedMs: null,
  effectiveMs: null,
  ...rest,
});

/** Every responder with every target that it could have, before the suspect is confirmed. */
const candidates = (catalog: readonly Responder[], possible: readonly Suspect[]): Aim[] =>
  catalog.flatMap((responder) => {
    const targets = possible.flatMap((suspect) => responder.targets(suspect));
    return [...new Set(targets)].map((target) => ({ responder, target }));
  });

/** Read: all at once, each with the deadline, so that a slow one never holds back the others. */
export const readBefore = (
  catalog: readonly Responder[],
  possible: readonly Suspect[],
  { aws }: Doing,
  deadlineMs: number,
): Promise<Reading[]> =>
  Promise.all(
    candidates(catalog, possible).map(async ({ responder, target }) => ({
      responder,
      target,
      before: await attempt(deadlineMs, responder.before(target, aws)),
    })),
  );

/** Every responder with every target that this suspect calls for. */
export const targetsOf = (catalog: readonly Responder[], suspect: Suspect): Aim[] =>
  catalog.flatMap((responder) =>
    responder.targets(suspect).map((target) => ({ responder, target })),
  );

/** Those readings that this suspect calls for. */
export const chosen = (readings: readonly Reading[], suspect: Suspect): Reading[] =>
  readings.filter(({ responder, target }) => responder.targets(suspect).includes(target));

/**
 * Apply, then look. Only ever called after the before-record is durable. Every target gets an
 * outcome.
 */
export const applyOne = async (reading: Reading, { aws, now }: Doing): Promise<Action> => {
  const { responder, target, before } = reading;
  if (!before.ok) return result(reading, 'not-contained', { step: 'before', reason: before.why });
  let step: Step = 'apply';
  let acceptedMs = null;
  try {
    await responder.apply(target, aws);
    acceptedMs = now();
    step = 'holds';
    if (await responder.holds(target, aws))
      return result(reading, 'contained', { acceptedMs, effectiveMs: now() });
    return result(reading, 'applied', {
      acceptedMs,
      step,
      reason: 'accepted, but the change cannot be seen yet',
    });
  } catch (error) {
    return result(reading, 'not-contained', { acceptedMs, step, reason: errorText(error) });
  }
};

/** What would be done. Nothing is sent that changes anything. */
export const plan = (readings: readonly Reading[]): Action[] =>
  readings.map((reading) =>
    reading.before.ok
      ? result(reading, 'planned')
      : result(reading, 'not-contained', { step: 'before', reason: reading.before.why }),
  );

export interface Undo extends Aim {
  readonly before: unknown;
}

/** Puts back what the before-record says. Whether it looks as before is for the caller to see. */
export const undoOne = async (undo: Undo, { aws }: Doing): Promise<Action> => {
  try {
    await undo.responder.undo(undo.target, undo.before, aws);
    return result(undo, 'released');
  } catch (error) {
    return result(undo, 'not-released', { step: 'undo', reason: errorText(error) });
  }
};
