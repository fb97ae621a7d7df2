/**
 * Does `work` for each of the items, so many at once; the first error ends it when those that have
 * begun are done.
 */
export const allBounded = async <Item>(
  atOnce: number,
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> => {
  const rest = items.values();
  let failing = false;
  const worker = async (): Promise<void> => {
    for (const item of rest) {
      if (failing) return;
      await work(item).catch((error: unknown) => {
        failing = true;
        throw error;
      });
    }
  };
  const ended = await Promise.allSettled(
    Array.from({ length: Math.min(atOnce, items.length) }, worker),
  );
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
};
