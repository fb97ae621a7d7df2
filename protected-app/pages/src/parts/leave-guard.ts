import { onBeforeUnmount, type Ref, ref } from 'vue';
import { onBeforeRouteLeave } from 'vue-router';

export interface LeaveGuard {
  /** A person wants to leave and has to say whether they mean it. */
  readonly isAsking: Ref<boolean>;
  readonly answer: (leaves: boolean) => void;
  /** Everything is saved: nobody is asked any more. */
  readonly release: () => void;
}

/** Asks before a page with unsaved work is left, by a link, the back button or a closed tab. */
export const useLeaveGuard = (hasChanges: () => boolean): LeaveGuard => {
  const isAsking = ref(false);
  let isReleased = false;
  let decide: ((leaves: boolean) => void) | undefined;
  const holds = (): boolean => !isReleased && hasChanges();
  const beforeUnload = (event: BeforeUnloadEvent): void => {
    if (holds()) event.preventDefault();
  };
  addEventListener('beforeunload', beforeUnload);
  onBeforeUnmount(() => removeEventListener('beforeunload', beforeUnload));
  onBeforeRouteLeave((to) => {
    // Who signs out has been asked nothing here, and must not be kept.
    if (!holds() || to.path === '/sign-in') return true;
    isAsking.value = true;
    return new Promise<boolean>((resolve) => {
      decide = resolve;
    });
  });
  return {
    isAsking,
    answer: (leaves) => {
      isAsking.value = false;
      decide?.(leaves);
      decide = undefined;
    },
    release: () => {
      isReleased = true;
    },
  };
};
