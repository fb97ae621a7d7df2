import { onBeforeUnmount, type Ref, ref, shallowRef } from 'vue';
import type { ApiProblem } from './problem.ts';
import { shownProblem } from './problems.ts';

/** Seconds between two looks: longer each time, so that a long wait costs few requests. */
export const nextPause = (pause: number, asked: number | undefined): number =>
  Math.min(15, Math.max(asked ?? 0, pause * 1.5));

interface Followed<State> {
  readonly state: Ref<State | undefined>;
  readonly problem: Ref<ApiProblem | undefined>;
  readonly look: () => Promise<void>;
}

/**
 * Looks at something that changes by itself until it is done. It waits longer and longer, does not
 * look while the tab is hidden, and goes on after an error.
 */
export const useFollowed = <State>(
  read: () => Promise<{ readonly state: State; readonly pause?: number | undefined }>,
  isDone: (state: State) => boolean,
): Followed<State> => {
  const state = shallowRef<State>();
  const problem = ref<ApiProblem>();
  let [isGone, pause] = [false, 1.5];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (seconds: number): void => {
    clearTimeout(timer);
    if (!isGone) timer = setTimeout(() => void look(), seconds * 1_000);
  };
  const look = async (): Promise<void> => {
    clearTimeout(timer);
    if (document.hidden && state.value !== undefined) return later(2);
    let asked: number | undefined;
    try {
      const answer = await read();
      [state.value, problem.value] = [answer.state, undefined];
      asked = answer.pause;
      if (isDone(answer.state)) return;
    } catch (error) {
      problem.value = shownProblem(error);
      asked = problem.value.retryAfter;
      const { status } = problem.value;
      if (status === 400 || status === 403 || status === 404) return;
    }
    pause = nextPause(pause, asked);
    later(pause);
  };
  onBeforeUnmount(() => {
    isGone = true;
    clearTimeout(timer);
  });
  return {
    state,
    problem,
    look: () => {
      pause = 1.5;
      return look();
    },
  };
};
