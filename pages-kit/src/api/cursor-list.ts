import { type EntryKey, useInfiniteQuery } from '@pinia/colada';
import { type ComputedRef, computed, watch } from 'vue';
import type { ApiProblem } from './problem.ts';
import { shownProblem } from './problems.ts';

/** A page of a list; no cursor: it is the last. */
export interface CursorPage<Row> {
  readonly items: readonly Row[];
  readonly cursor: string | null;
}

type ReadPage<Row> = (paging: {
  readonly cursor: string | undefined;
  readonly signal: AbortSignal;
}) => Promise<CursorPage<Row>>;

export interface CursorList<Row> {
  readonly rows: ComputedRef<readonly Row[]>;
  readonly isLoading: ComputedRef<boolean>;
  readonly isLoadingMore: ComputedRef<boolean>;
  readonly hasMore: ComputedRef<boolean>;
  readonly problem: ComputedRef<ApiProblem | undefined>;
  readonly more: () => void;
  readonly reload: () => Promise<unknown>;
}

/** A filter looks at a bounded number of records, so a page may be empty and not be the last. */
const emptyPagesInTurn = 5;

/** A list that is read page by page, as far as somebody scrolls. */
export const useCursorList = <Row>(key: () => EntryKey, read: ReadPage<Row>): CursorList<Row> => {
  const query = useInfiniteQuery(() => ({
    key: key(),
    query: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
      read({ cursor: pageParam ?? undefined, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ cursor }: CursorPage<Row>) => cursor,
    staleTime: 30_000,
  }));
  const pages = computed(() => query.data.value?.pages ?? []);
  const rows = computed(() => pages.value.flatMap(({ items }) => items));
  const isBusy = computed(() => query.asyncStatus.value === 'loading');
  const more = (): void => {
    if (query.hasNextPage.value && !isBusy.value && !query.error.value) void query.loadNextPage();
  };
  watch([pages, isBusy], () => {
    const isSearching = rows.value.length === 0 && pages.value.length < emptyPagesInTurn;
    if (pages.value.length > 0 && isSearching) more();
  });
  return {
    rows,
    // Before its first answer a list is not empty: nobody knows what it has.
    isLoading: computed(
      () => rows.value.length === 0 && (isBusy.value || query.status.value === 'pending'),
    ),
    isLoadingMore: computed(() => isBusy.value && rows.value.length > 0),
    hasMore: computed(() => query.hasNextPage.value),
    problem: computed(() => (query.error.value ? shownProblem(query.error.value) : undefined)),
    more,
    reload: () => query.refetch(),
  };
};
