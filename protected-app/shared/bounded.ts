/**
 * Calls `work` for each element, at most `limit` at once. After the first error it starts nothing
 * new, waits for what runs, and throws that error.
 */
export const forEachBounded = async <Element>(
  limit: number,
  elements: readonly Element[],
  work: (element: Element) => Promise<unknown>,
): Promise<void> => {
  const queue = elements.values();
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    for (const element of queue) {
      if (hasFailed) return;
      await work(element).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: Math.min(limit, elements.length) }, worker),
  );
  const rejection = outcomes.find(({ status }) => status === 'rejected');
  if (rejection?.status === 'rejected') throw rejection.reason;
};
