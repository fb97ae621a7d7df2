import { asError, DeadlineError, errorText, isBusy, isMissing } from './errors.ts';

/** The value that was read, or why it could not be read. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | Unread;

/** `missing`: AWS says that it does not exist. `busy`: a retry a moment later may succeed. */
export interface Unread {
  readonly ok: false;
  readonly missing: boolean;
  readonly busy: boolean;
  readonly why: string;
}

/** Waits for an answer until the deadline; an answer that comes later is dropped. */
export const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(ms)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Turns a failure into a value, because a decision also depends on what could not be read. */
export const attempt = async <T>(ms: number, work: Promise<T>): Promise<Attempt<T>> => {
  try {
    return { ok: true, value: await within(ms, work) };
  } catch (error) {
    const missing = isMissing(error);
    const busy = error instanceof DeadlineError || isBusy(error);
    return { ok: false, missing, busy, why: errorText(asError(error)) };
  }
};
