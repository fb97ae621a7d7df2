import type { ApiProblem } from '@kit/api/problem.ts';
import { shownProblem } from '@kit/api/problems.ts';
import { onBeforeUnmount, type Ref, ref, shallowRef } from 'vue';
import { readTimeline, type Timeline } from '../api/calls.ts';
import { type ShownEvent, shownEvent } from './shown-event.ts';

/** A page holds as many events as a person can still search: 20 reads of 500. */
const mostReads = 20;

export interface AllEvents {
  readonly head: Readonly<Ref<Timeline | undefined>>;
  readonly events: Readonly<Ref<readonly ShownEvent[]>>;
  readonly problem: Readonly<Ref<ApiProblem | undefined>>;
  readonly isReading: Readonly<Ref<boolean>>;
  readonly load: () => Promise<void>;
}

/** Reads the timeline page by page; the first one is shown while the others come. */
export const useAllEvents = (id: string): AllEvents => {
  const head = shallowRef<Timeline>();
  const events = shallowRef<readonly ShownEvent[]>([]);
  const problem = shallowRef<ApiProblem>();
  const isReading = ref(false);
  let isGone = false;
  const load = async (): Promise<void> => {
    if (isReading.value) return;
    [isReading.value, problem.value, events.value] = [true, undefined, []];
    try {
      let cursor: string | undefined;
      for (let reads = 0; reads < mostReads && !isGone; reads += 1) {
        const page = await readTimeline(id, cursor);
        head.value = page;
        const before = events.value.length;
        events.value = [
          ...events.value,
          ...page.items.map((call, index) => shownEvent(call, before + index)),
        ];
        if (page.cursor === null) break;
        cursor = page.cursor;
      }
    } catch (error) {
      problem.value = shownProblem(error);
    } finally {
      isReading.value = false;
    }
  };
  onBeforeUnmount(() => {
    isGone = true;
  });
  void load();
  return { head, events, problem, isReading, load };
};
