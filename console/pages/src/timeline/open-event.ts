import { type ComputedRef, computed, type WritableComputedRef } from 'vue';
import { type RouteLocationRaw, useRoute, useRouter } from 'vue-router';
import type { ShownEvent } from './shown-event.ts';

interface OpenEvent {
  readonly event: ComputedRef<ShownEvent | undefined>;
  readonly isOpen: WritableComputedRef<boolean>;
  /** The address names an event that is not there, or not any more. */
  readonly isMissing: ComputedRef<boolean>;
  readonly to: (id: string) => RouteLocationRaw;
}

/** The event that the fragment of the address names, so that a link leads to it. */
export const useOpenEvent = ({
  shown,
  isWhole,
}: {
  readonly shown: (id: string) => ShownEvent | undefined;
  readonly isWhole: () => boolean;
}): OpenEvent => {
  const [route, router] = [useRoute(), useRouter()];
  const wanted = computed(() => route.hash.slice(1));
  const event = computed(() => (wanted.value === '' ? undefined : shown(wanted.value)));
  const to = (id: string): RouteLocationRaw => ({
    ...{ path: route.path, query: route.query },
    ...(id !== '' && { hash: `#${id}` }),
  });
  /** Who came from the table goes back to it; who came by a link has nothing behind it. */
  const close = (): void => {
    const table = router.resolve(to('')).fullPath;
    if (window.history.state?.back === table) router.back();
    else void router.replace(table);
  };
  return {
    ...{ event, to },
    isOpen: computed({
      get: () => event.value !== undefined,
      set: (isWanted) => {
        if (!isWanted) close();
      },
    }),
    isMissing: computed(() => wanted.value !== '' && event.value === undefined && isWhole()),
  };
};
