/**
 * Where tokens are kept: in the storage of this tab. It ends with the tab, is shared with no other
 * one, and survives a reload, which would otherwise ask for a code of the authenticator app again.
 * Where a browser has no storage, a variable does the same until the page is reloaded.
 */
const memory = new Map<string, string>();

const stored = <Result>(work: (storage: Storage) => Result, otherwise: () => Result): Result => {
  try {
    return work(sessionStorage);
  } catch {
    return otherwise(); // storage is switched off, or full
  }
};

export const readKept = (key: string): string | null =>
  memory.get(key) ??
  stored(
    (storage) => storage.getItem(key),
    () => null,
  );

export const keep = (key: string, text: string): void =>
  stored(
    (storage) => storage.setItem(key, text),
    () => void memory.set(key, text),
  );

export const forget = (key: string): void => {
  memory.delete(key);
  stored(
    (storage) => storage.removeItem(key),
    () => undefined,
  );
};

/** Forgets everything of this tab, also what others have kept: its person leaves. */
export const forgetAll = (): void => {
  memory.clear();
  stored(
    (storage) => storage.clear(),
    () => undefined,
  );
};

/** The same, as Amplify takes it. */
export const tabStorage = {
  getItem: async (key: string): Promise<string | null> => readKept(key),
  setItem: async (key: string, text: string): Promise<void> => keep(key, text),
  removeItem: async (key: string): Promise<void> => forget(key),
  clear: async (): Promise<void> => forgetAll(),
};
