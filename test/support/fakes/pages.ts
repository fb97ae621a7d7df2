/**
 * Two a page, so that nobody gets away without paging. A page goes on behind the last item of the
 * one before: what is taken away meanwhile hides nothing else.
 */
export const page = <T>(
  items: readonly T[],
  marker: string | undefined,
): { items: readonly T[]; next: string | undefined } => {
  const start = marker === undefined ? 0 : items.findIndex((item) => String(item) === marker) + 1;
  return {
    items: items.slice(start, start + 2),
    next: start + 2 < items.length ? String(items[start + 1]) : undefined,
  };
};

/** What the SDK wants of each error. */
export const metadata = { $metadata: {} };
