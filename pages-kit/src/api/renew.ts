import { type EntryKey, useQueryCache } from '@pinia/colada';

/**
 * Gives a function that reads again what is kept under a key, after something has changed it. It
 * cannot fail: a list that is not read says so itself, and one whose page was left is not needed.
 */
export const useRenewal = (): ((key: EntryKey) => Promise<void>) => {
  const cache = useQueryCache();
  return (key) =>
    cache.invalidateQueries({ key }).then(
      () => undefined,
      () => undefined,
    );
};
