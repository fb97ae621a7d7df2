import { asBusy, asError, BusyError, DeadlineError } from './errors.ts';

/** What was read, or why not. `missing` where AWS says that it does not exist. */
export type Read<T> = { readonly ok: true; readonly value: T } | Unread;

/** `busy`: asked again a moment later, it may well answer. */
export interface Unread {
  readonly ok: false;
  readonly missing: boolean;
  readonly busy: boolean;
  readonly why: string;
}

const missingNames = new Set([
  'NoSuchEntityException',
  'NoSuchEntity',
  'ResourceNotFoundException',
]);

/** Waits for an answer no longer than the deadline; an answer that comes later is dropped. */
export const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(ms)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Turns a failure into a value: what cannot be read is a fact too. */
export const attempt = async <T>(ms: number, work: Promise<T>): Promise<Read<T>> => {
  try {
    return { ok: true, value: await within(ms, work) };
  } catch (error) {
    const { name, message } = asError(error);
    const busy = error instanceof DeadlineError || asBusy(error) instanceof BusyError;
    return { ok: false, missing: missingNames.has(name), busy, why: `${name}: ${message}` };
  }
};
